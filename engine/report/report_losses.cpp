#include "engine/report/report_losses.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

#include "engine/risk/risk.h"
#include "scenarios/base/parallel.h"
#include "scenarios/stats/tail.h"

namespace ballast {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kBins = 80;
/// The histogram leaves out this share at either end, but never the tail beyond VaR that CVaR averages over.
constexpr double kBeyond = 0.0005;

Json histogram(const std::vector<double>& losses, const std::vector<double>& probability) {
  std::vector<double> some = losses;
  const auto beyond = std::ptrdiff_t(kBeyond * double(some.size()));
  auto ranked = [&](std::ptrdiff_t rank) {
    std::nth_element(some.begin(), some.begin() + rank, some.end());
    return some[std::size_t(rank)];
  };
  double low = ranked(beyond), high = ranked(std::ptrdiff_t(some.size()) - 1 - beyond);
  if (!(high > low)) {  // one value: a bin around it
    double half = std::max(std::abs(low), 1.0) * 0.01;
    low -= half;
    high += half;
  }
  std::size_t bins = std::min(kBins, std::max<std::size_t>(1, std::size_t(2 * std::cbrt(double(losses.size())))));
  double width = (high - low) / double(bins), total = 0.0;
  std::vector<double> shares(bins, 0.0);
  for (std::size_t s = 0; s < losses.size(); ++s) {
    double p = probability.empty() ? 1.0 : probability[s];
    double place = std::clamp((losses[s] - low) / width, 0.0, double(bins - 1));
    shares[std::size_t(place)] += p;
    total += p;
  }
  for (double& share : shares) share /= total;
  return {{"low", low}, {"width", width}, {"share", shares}};
}

Json convergence(const std::vector<double>& losses, const std::vector<double>& probability, double confidence) {
  Json scenarios = Json::array(), cvar = Json::array(), error = Json::array();
  // Eight points a factor of ten, from a number that has a few scenarios in the tail.
  double fewest = std::min(double(losses.size()), std::max(100.0, 10.0 / (1 - confidence)));
  for (double n = double(losses.size()); n >= fewest; n /= std::pow(10.0, 0.125)) {
    auto count = std::size_t(std::llround(n));
    std::span<const double> some(losses.data(), count);
    std::span<const double> p(probability.data(), probability.empty() ? 0 : count);
    TailMeasures tail = tail_measures(some, confidence, p);
    scenarios.insert(scenarios.begin(), count);
    cvar.insert(cvar.begin(), tail.cvar);
    error.insert(error.begin(), tail.cvar_standard_error);
  }
  return {{"scenarios", scenarios}, {"cvar", cvar}, {"standard_error", error}};
}

/// The scenario whose loss is VaR, and the worst: to be looked at by `ballast replay`.
Json scenarios_to_replay(const std::vector<double>& losses, const std::vector<double>& probability, double confidence) {
  const double value_at_risk = tail_measures(losses, confidence, probability).var;
  auto at = std::find(losses.begin(), losses.end(), value_at_risk);
  auto worst = std::max_element(losses.begin(), losses.end());
  return {{"at_var", at == losses.end() ? Json(nullptr) : Json(at - losses.begin())},
          {"worst", worst - losses.begin()},
          {"worst_loss", *worst}};
}

}  // namespace

Json loss_distributions(const StoredHorizon& horizon, const std::vector<ResultTable>& tables, double confidence) {
  std::vector<Json> all;
  const ResultTable* weights = find_table(tables, "weights");
  if (!weights || horizon.scenarios == 0) return all;
  for (std::size_t first = 0; first + horizon.assets <= weights->rows(); first += horizon.assets) {
    std::span<const double> held(weights->numbers("weight").data() + first, horizon.assets);
    auto distribution_of = [&](const char* of, const std::vector<double>& losses) {
      Json one = {{"of", of}, {"portfolio", weights->texts("portfolio")[first]}, {"scenarios", horizon.scenarios}};
      one["histogram"] = histogram(losses, horizon.probability);
      one["convergence"] = convergence(losses, horizon.probability, confidence);
      one["replay"] = scenarios_to_replay(losses, horizon.probability, confidence);
      return one;
    };
    const bool with_surplus = !horizon.liability.empty();
    const std::size_t before = all.size();
    all.resize(before + with_surplus + 1);
    parallel_for(with_surplus + 1, [&](std::size_t k) {
      if (with_surplus && k == 0) {
        all[before] = distribution_of("surplus", surplus_losses(horizon.asset_return.data(), horizon.liability, held));
        return;
      }
      std::vector<double> losses = portfolio_returns(horizon.asset_return.data(), horizon.scenarios, held);
      for (double& loss : losses) loss = -loss;
      all.back() = distribution_of("return", losses);
    });
  }
  return all;
}

}  // namespace ballast

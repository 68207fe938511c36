#include "engine/output/report_losses.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <nlohmann/json.hpp>

#include "engine/risk/risk.h"
#include "scenarios/stats/tail.h"

namespace ballast {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kBins = 80;
/// The histogram leaves out this share at either end, but never the tail beyond VaR that CVaR averages over.
constexpr double kBeyond = 0.0005;

Json histogram(const std::vector<double>& losses, const std::vector<double>& probability) {
  std::vector<double> sorted = losses;
  std::sort(sorted.begin(), sorted.end());
  std::size_t beyond = std::size_t(kBeyond * double(sorted.size()));
  double low = sorted[beyond], high = sorted[sorted.size() - 1 - beyond];
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

/// Euler's contributions to CVaR (Tasche 1999, section 6): of asset i, minus w_i times its mean return over the tail;
/// of the liabilities, the mean of l - 1 over it. They add up to the CVaR. The scenario at VaR counts with the part of
/// it that the tail needs.
Json contributions(const StoredHorizon& horizon, std::span<const double> held, const std::vector<double>& losses,
                   bool surplus, double confidence) {
  std::vector<std::size_t> order(losses.size());
  std::iota(order.begin(), order.end(), std::size_t(0));
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return losses[a] > losses[b]; });
  const std::vector<double>& p = horizon.probability;
  double total = p.empty() ? double(losses.size()) : std::accumulate(p.begin(), p.end(), 0.0);
  double left = (1 - confidence) * total, depth = left, liabilities = 0.0;
  std::vector<double> assets(held.size(), 0.0);
  for (std::size_t s : order) {
    double mass = std::min(left, p.empty() ? 1.0 : p[s]);
    if (mass <= 0.0) break;
    left -= mass;
    const double* r = horizon.asset_return.data() + s * horizon.assets;
    for (std::size_t i = 0; i < held.size(); ++i) assets[i] -= mass / depth * held[i] * r[i];
    if (surplus) liabilities += mass / depth * (horizon.liability[s] - 1);
  }
  return {{"assets", assets}, {"liabilities", surplus ? Json(liabilities) : Json(nullptr)}};
}

}  // namespace

Json loss_distributions(const StoredHorizon& horizon, const std::vector<ResultTable>& tables, double confidence) {
  Json all = Json::array();
  const ResultTable* weights = find_table(tables, "weights");
  if (!weights || horizon.scenarios == 0) return all;
  for (std::size_t first = 0; first + horizon.assets <= weights->rows(); first += horizon.assets) {
    std::span<const double> held(weights->numbers("weight").data() + first, horizon.assets);
    auto add = [&](const char* of, const std::vector<double>& losses) {
      Json one = {{"of", of}, {"portfolio", weights->texts("portfolio")[first]}, {"scenarios", horizon.scenarios}};
      one["histogram"] = histogram(losses, horizon.probability);
      one["convergence"] = convergence(losses, horizon.probability, confidence);
      one["contributions"] = contributions(horizon, held, losses, of == std::string("surplus"), confidence);
      all.push_back(one);
    };
    if (!horizon.liability.empty()) {
      add("surplus", surplus_losses(horizon.asset_return.data(), horizon.liability, held));
    }
    std::vector<double> losses = portfolio_returns(horizon.asset_return.data(), horizon.scenarios, held);
    for (double& loss : losses) loss = -loss;
    add("return", losses);
  }
  return all;
}

}  // namespace ballast

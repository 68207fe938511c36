#include "engine/report/report_sample.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <nlohmann/json.hpp>

#include "engine/report/base64.h"
#include "engine/risk/risk.h"
#include "scenarios/base/error.h"
#include "scenarios/stats/tail.h"

namespace ballast {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostRows = 10000, kFewestRows = 2000, kSampleBytes = 600000;
/// Bytes of a number. Of three, one setting of the sliders in a thousand has a scenario whose deficit rounds to a
/// surplus; four are less than a billionth of the range; two are for more than a hundred assets.
constexpr std::size_t kFewestBytes = 2, kUsualBytes = 3, kMostBytes = 4;

/// Weights and settings of the sliders.
struct Setting {
  std::vector<double> weights;
  double confidence = 0.95, funding_ratio = 1.0;
  std::size_t stress = 0;
};

/// As the projection counts shortfall: a billionth of the initial assets is rounding.
constexpr double kShortfallTolerance = 1e-9;

struct Stress {
  std::string name;
  std::vector<double> asset_change;
  double liability_factor = 1.0;  ///< present value under it over present value now
};

/// Evenly spread scenarios: a user's own may be sorted.
StoredHorizon sampled(const StoredHorizon& all) {
  std::size_t columns = all.assets + 1;
  std::size_t rows = std::clamp(kSampleBytes / (kUsualBytes * columns), kFewestRows, kMostRows);
  rows = std::min(rows, all.scenarios);
  StoredHorizon sample;
  sample.scenarios = rows;
  sample.assets = all.assets;
  sample.of = all.of;
  for (std::size_t k = 0; k < rows; ++k) {
    std::size_t s = k * all.scenarios / rows;
    const double* row = all.asset_return.data() + s * all.assets;
    sample.asset_return.insert(sample.asset_return.end(), row, row + all.assets);
    if (!all.liability.empty()) sample.liability.push_back(all.liability[s]);
    if (!all.probability.empty()) sample.probability.push_back(all.probability[s]);
  }
  return sample;
}

double step_of(const std::vector<double>& values, std::size_t bytes) {
  auto [least, most] = std::minmax_element(values.begin(), values.end());
  return (*most - *least) / (std::ldexp(1.0, int(8 * bytes)) - 1);
}

/// low + step x (a whole number of `bytes` bytes, least significant first), a row after the other.
Json quantised(const std::vector<double>& values, std::size_t bytes) {
  const double least = *std::min_element(values.begin(), values.end()), levels = std::ldexp(1.0, int(8 * bytes)) - 1;
  const double step = step_of(values, bytes) > 0 ? step_of(values, bytes) : 1.0;
  std::string data;
  data.reserve(values.size() * bytes);
  for (double value : values) {
    auto level = std::uint64_t(std::min(levels, std::round((value - least) / step)));
    for (std::size_t b = 0; b < bytes; ++b) data += char(level >> (8 * b) & 0xff);
  }
  return {{"low", least}, {"step", step}, {"bytes", bytes}, {"data", base64(data)}};
}

std::vector<Stress> stresses_of(const std::vector<ResultTable>& tables, std::size_t assets) {
  std::vector<Stress> all{{"no stress", std::vector<double>(assets, 0.0), 1.0}};
  const ResultTable* balance = find_table(tables, "stress");
  const ResultTable* changes = find_table(tables, "stress_assets");
  const ResultTable* reverse = find_table(tables, "reverse_stress");
  if (!balance || !changes) return all;
  std::map<std::string, double> liability;
  for (std::size_t k = balance->rows(); k-- > 0;) {
    liability[balance->texts("stress")[k]] = balance->numbers("liability_pv")[k];
  }
  const double base = liability.count("base") ? liability["base"] : std::nan("");
  const std::vector<std::string>& names = changes->texts("stress");
  for (std::size_t k = 0; k + assets <= names.size(); k += assets) {
    const double* change = changes->numbers("change").data() + k;
    bool known = std::all_of(change, change + assets, [](double x) { return std::isfinite(x); });
    double factor = liability[names[k]] / base;
    if (names[k] == "base" || !known || (base != 0.0 && !std::isfinite(factor))) continue;
    std::string shown = names[k];
    // Another portfolio's reverse stress is another move of the market.
    if (reverse && std::find(reverse->texts("stress").begin(), reverse->texts("stress").end(), shown) !=
                       reverse->texts("stress").end()) {
      shown += " (of the " + balance->texts("portfolio")[0] + " weights)";
    }
    all.push_back({shown, {change, change + assets}, std::isfinite(factor) ? factor : 1.0});
  }
  return all;
}

/// The engine's numbers for one setting, on the sample as it was before it was rounded.
Json measured(const StoredHorizon& sample, const Setting& setting, const Stress& stress, double study_funding_ratio,
              double tolerance) {
  std::vector<double> held(sample.assets);
  double assets_now = 0.0;
  for (std::size_t i = 0; i < sample.assets; ++i) {
    held[i] = setting.weights[i] * (1 + stress.asset_change[i]);
    assets_now += held[i];
  }
  std::vector<double> gain = portfolio_returns(sample.asset_return.data(), sample.scenarios, held);
  std::vector<double> return_loss(sample.scenarios), surplus_loss;
  double mean = 0.0, total = 0.0, shortfall = 0.0;
  const double scale = stress.liability_factor * study_funding_ratio / setting.funding_ratio;
  for (std::size_t s = 0; s < sample.scenarios; ++s) {
    double assets = assets_now + gain[s], p = sample.probability.empty() ? 1.0 : sample.probability[s];
    return_loss[s] = 1 - assets;
    total += p;
    mean += p * (assets - 1);
    if (sample.liability.empty()) continue;
    double liability = sample.liability[s] * scale;
    surplus_loss.push_back(liability - assets);
    if (surplus_loss.back() > tolerance) shortfall += p;
  }
  TailMeasures of_return = tail_measures(return_loss, setting.confidence, sample.probability);
  Json result = {{"expected_return", mean / total}, {"return_var", of_return.var}, {"return_cvar", of_return.cvar}};
  if (!sample.liability.empty()) {
    TailMeasures of_surplus = tail_measures(surplus_loss, setting.confidence, sample.probability);
    result["surplus_var"] = of_surplus.var;
    result["surplus_cvar"] = of_surplus.cvar;
    result["funding_ratio"] = setting.funding_ratio * assets_now / stress.liability_factor;
    result["shortfall_probability"] = shortfall / total;
  }
  return result;
}

std::map<std::string, std::vector<double>> weights_by_portfolio(const std::vector<ResultTable>& tables) {
  std::map<std::string, std::vector<double>> weights;
  if (const ResultTable* table = find_table(tables, "weights")) {
    for (std::size_t k = 0; k < table->rows(); ++k) {
      weights[table->texts("portfolio")[k]].push_back(table->numbers("weight")[k]);
    }
  }
  return weights;
}

/// Settings that try every slider: each portfolio and equal weights, with each stress once.
std::vector<Setting> settings_to_check(const std::map<std::string, std::vector<double>>& weights, std::size_t assets,
                                       std::size_t stresses, double confidence, double funding_ratio) {
  std::vector<Setting> all;
  for (const auto& [portfolio, held] : weights) all.push_back({held, confidence, funding_ratio, 0});
  std::vector<double> equal(assets, 1.0 / double(assets));
  all.push_back({equal, confidence, funding_ratio, 0});
  all.push_back({equal, 0.99, 1.1 * funding_ratio, 0});
  for (std::size_t stress = 1; stress < stresses; ++stress) {
    all.push_back({stress % 2 ? equal : all[0].weights, stress % 3 ? 0.9 : confidence,
                   (1.0 + 0.05 * double(stress % 5)) * funding_ratio, stress});
  }
  return all;
}

/// The rest of the file's numbers may be anything; these would be refused further down as a mistake of the program.
void check_probability(const hdf5::File& file, const std::vector<double>& probability) {
  const bool sound = std::all_of(probability.begin(), probability.end(), [](double p) { return p >= 0.0 && p <= 1.0; });
  if (sound) return;
  Problem problem;
  problem.file = file.path();
  problem.message = "holds a probability outside 0 to 1 (the file was changed or damaged)";
  throw InputError(std::move(problem));
}

}  // namespace

StoredHorizon read_horizon(const hdf5::File& file, std::uint64_t most, bool own_scenarios) {
  StoredHorizon horizon;
  if (!file.contains("asset_return")) return horizon;
  hdf5::Dataset returns = file.open_dataset("asset_return");
  std::vector<std::uint64_t> shape = returns.shape();
  if (shape.size() != 2 || shape[0] == 0) return horizon;
  horizon.of = shape[0];
  std::uint64_t rows = own_scenarios ? shape[0] : std::min(shape[0], most);
  horizon.scenarios = std::size_t(rows);
  horizon.assets = std::size_t(shape[1]);
  horizon.asset_return = returns.read_rows(0, rows);
  if (file.contains("horizon_liability")) {
    horizon.liability = file.open_dataset("horizon_liability").read_rows(0, rows);
  }
  if (file.contains("probability")) {
    horizon.probability = file.open_dataset("probability").read_rows(0, rows);
  } else if (own_scenarios && file.contains("optimise") && file.open_group("optimise").contains("probability")) {
    horizon.probability = file.open_group("optimise").open_dataset("probability").read_doubles();
  }
  check_probability(file, horizon.probability);
  return horizon;
}

Json what_if_data(const StoredHorizon& horizon, const std::vector<std::string>& asset_names,
                  const std::vector<ResultTable>& tables, double confidence) {
  StoredHorizon sample = sampled(horizon);
  const std::size_t assets = sample.assets;
  const std::size_t bytes = std::clamp(kSampleBytes / (sample.scenarios * (assets + 1)), kFewestBytes, kMostBytes);
  double funding_ratio = 1.0;
  if (const ResultTable* balance = find_table(tables, "balance")) {
    funding_ratio = balance->numbers("funding_ratio").at(0);
    if (!std::isfinite(funding_ratio) || funding_ratio <= 0) funding_ratio = 1.0;
  }
  Json data;
  data["scenarios"] = sample.scenarios;
  data["of"] = sample.of;
  data["assets"] = asset_names;
  data["confidence"] = confidence;
  data["funding_ratio"] = funding_ratio;
  data["asset_return"] = Json::array();
  double rounding = 0.0;  // the most that weights of one in sum are off
  std::vector<double> column(sample.scenarios);
  for (std::size_t i = 0; i < assets; ++i) {
    for (std::size_t s = 0; s < sample.scenarios; ++s) column[s] = sample.asset_return[s * assets + i];
    data["asset_return"].push_back(quantised(column, bytes));
    rounding = std::max(rounding, 0.5 * step_of(column, bytes));
  }
  // A deficit has all of the liability's rounding, and one column more costs nothing.
  data["liability"] = sample.liability.empty() ? Json(nullptr) : quantised(sample.liability, kMostBytes);
  if (!sample.liability.empty()) rounding += 0.5 * step_of(sample.liability, kMostBytes);
  const double tolerance = std::max(kShortfallTolerance, 2 * rounding);
  data["tolerance"] = tolerance;
  data["probability"] = sample.probability.empty() ? Json(nullptr) : quantised(sample.probability, 3);
  std::map<std::string, std::vector<double>> weights = weights_by_portfolio(tables);
  data["weights"] = weights;
  std::vector<Stress> stresses = stresses_of(tables, assets);
  for (const Stress& stress : stresses) {
    data["stresses"].push_back(
        {{"name", stress.name}, {"asset_change", stress.asset_change}, {"liability_factor", stress.liability_factor}});
  }
  data["checks"] = Json::array();
  for (const Setting& setting : settings_to_check(weights, assets, stresses.size(), confidence, funding_ratio)) {
    data["checks"].push_back(
        {{"weights", setting.weights},
         {"confidence", setting.confidence},
         {"funding_ratio", setting.funding_ratio},
         {"stress", setting.stress},
         {"result", measured(sample, setting, stresses[setting.stress], funding_ratio, tolerance)}});
  }
  return data;
}

}  // namespace ballast

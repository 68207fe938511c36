#include "scenarios/validate/validate.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "scenarios/base/parallel.h"
#include "scenarios/stats/sum.h"
#include "scenarios/validate/history_error.h"
#include "scenarios/validate/martingale.h"
#include "scenarios/validate/path_statistics.h"

namespace ballast {
namespace {

constexpr double kLongTenor = 10.0;
constexpr std::size_t kMostScenarios = 1024, kFewestScenarios = 128;
constexpr std::size_t kValues = 1'500'000;        ///< simulated for the table, about
constexpr std::size_t kValuesInFlight = 1 << 19;  ///< of one task

/// Terms of the short and the long rate that are compared.
std::vector<double> compared_rates(const World& world) { return {world.step_years(), kLongTenor}; }

void add_spread(ObservedPath& path, std::size_t k, double before, double now) {
  path.log_spread[k].push_back(std::log(now));
  path.log_spread_change[k].push_back(std::log(now / before));
}

void add_rates(ObservedPath& path, double short_before, double long_before, double short_now, double long_now) {
  path.short_rate.push_back(short_now);
  path.long_rate.push_back(long_now);
  path.short_change.push_back(short_now - short_before);
  path.long_change.push_back(long_now - long_before);
}

ObservedPath history_path(const World& world, const MarketHistory& history, bool rates) {
  ObservedPath path;
  if (world.has_inflation()) {
    for (Eigen::Index t = 0; t < history.inflation.size(); ++t)
      path.inflation.push_back(std::log1p(history.inflation[t]));
  }
  const Eigen::MatrixXd& rows = world.innovation_history().rows;
  for (std::size_t i = 0; i < world.series(); ++i) {
    const double* column = rows.col(Eigen::Index(i)).data();
    path.returns.emplace_back(column, column + rows.rows());
  }
  path.log_spread.resize(world.spreads());
  path.log_spread_change.resize(world.spreads());
  for (std::size_t k = 0; k < world.spreads(); ++k) {
    for (Eigen::Index t = 1; t < history.spreads.rows(); ++t) {
      add_spread(path, k, history.spreads(t - 1, Eigen::Index(k)), history.spreads(t, Eigen::Index(k)));
    }
  }
  if (!rates) return path;
  const Eigen::MatrixXd compared = world.history_rates_at(history, compared_rates(world));
  for (Eigen::Index t = 1; t < compared.rows(); ++t) {
    add_rates(path, compared(t - 1, 0), compared(t - 1, 1), compared(t, 0), compared(t, 1));
  }
  return path;
}

/// The scenarios from `first` on, one path a lane.
std::vector<ObservedPath> simulated_paths(const World& world, const PcgSequence& sequence, std::uint64_t first,
                                          std::size_t lanes, int steps, bool rates) {
  std::vector<ObservedPath> paths(lanes);
  for (ObservedPath& path : paths) {
    path.returns.resize(world.series());
    for (auto& column : path.returns) column.reserve(std::size_t(steps));
    path.log_spread.resize(world.spreads());
    path.log_spread_change.resize(world.spreads());
  }
  WorldPath world_path(world, sequence, first, lanes, steps);
  std::optional<CurveMap> compared;
  LaneArray rates_before(2, lanes), rates_now(2, lanes);
  if (rates) {
    compared = world.rates_at(compared_rates(world));
    compared->evaluate(world_path.curve(), rates_now);
  }
  std::vector<double> x(padded_lanes(lanes)), price_index(lanes, 1.0);
  for (int step = 0; step < steps; ++step) {
    world_path.step();
    for (std::size_t i = 0; i < world.series(); ++i) {
      world_path.log_return(i, x.data());
      for (std::size_t lane = 0; lane < lanes; ++lane) paths[lane].returns[i].push_back(x[lane]);
    }
    for (std::size_t lane = 0; world.has_inflation() && lane < lanes; ++lane) {
      const double now = world_path.price_index()[lane];
      paths[lane].inflation.push_back(std::log(now / price_index[lane]));
      price_index[lane] = now;
    }
    for (std::size_t k = 0; k < world.spreads(); ++k) {
      const double *before = world_path.spreads_before().row(k), *now = world_path.spreads().row(k);
      for (std::size_t lane = 0; lane < lanes; ++lane) add_spread(paths[lane], k, before[lane], now[lane]);
    }
    if (!rates) continue;
    std::swap(rates_before, rates_now);
    compared->evaluate(world_path.curve(), rates_now);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      add_rates(paths[lane], rates_before(0, lane), rates_before(1, lane), rates_now(0, lane), rates_now(1, lane));
    }
  }
  return paths;
}

/// Mean and standard error over scenarios; a scenario that does not define the value is left out.
class RunningEstimate {
 public:
  void add(double x) {
    if (std::isnan(x)) return;
    ++count_;
    double before = x - mean_;
    mean_ += before / double(count_);
    squares_ += before * (x - mean_);
  }
  Estimate estimate() const {
    if (count_ < 2) return {NAN, NAN};
    return {mean_, std::sqrt(squares_ / double(count_ - 1) / double(count_))};
  }

 private:
  std::uint64_t count_ = 0;
  double mean_ = 0.0, squares_ = 0.0;
};

double mean_growth(const std::vector<double>& log_returns) {
  double sum = 0.0;
  for (double x : log_returns) sum += std::exp(x);
  return sum / double(log_returns.size());
}

/// Means, quantiles and falls move with a series' drift, levels of rates with theirs.
bool depends_on_drift(const PathStatistic& statistic) {
  if (statistic.kind != StatisticKind::of_periods) return true;
  const std::string& name = statistic.name;
  return name == "mean" || name == "maximum drawdown" || name.find("quantile") != std::string::npos;
}

/// Estimates over scenarios: of each statistic, and of each series' mean growth factor.
struct SimulatedStatistics {
  std::vector<RunningEstimate> statistics, growth;
};

SimulatedStatistics simulated_statistics(const World& world, const PathStatistics& statistics, bool rates, int steps,
                                         std::uint64_t seed, std::size_t scenarios, std::size_t lanes) {
  SimulatedStatistics all;
  all.statistics.resize(statistics.list().size());
  all.growth.resize(world.series());
  const PcgSequence sequence(seed, Sequence::calibrate);
  using Measured = std::vector<std::vector<double>>;  // of each path: its statistics, then its mean growth factors
  ordered_blocks(
      scenarios / lanes,
      [&](std::size_t block) {
        Measured measured;
        for (const ObservedPath& path : simulated_paths(world, sequence, block * lanes, lanes, steps, rates)) {
          measured.push_back(statistics.measure(path));
          for (const auto& column : path.returns) measured.back().push_back(mean_growth(column));
        }
        return measured;
      },
      [&](std::size_t, Measured& measured) {
        for (const auto& values : measured) {
          for (std::size_t i = 0; i < all.statistics.size(); ++i) all.statistics[i].add(values[i]);
          for (std::size_t i = 0; i < all.growth.size(); ++i) all.growth[i].add(values[all.statistics.size() + i]);
        }
      });
  return all;
}

}  // namespace

Validation validate(const World& world, const MarketHistory& history, double years, std::uint64_t seed) {
  Validation table;
  const std::vector<std::string>& columns = world.innovation_history().columns;
  const std::vector<std::string> series(columns.begin(), columns.begin() + std::ptrdiff_t(world.series()));
  const bool rates = world.curve_moves() && !history.tenors.empty();
  const bool risk_neutral = world.measure() == Measure::risk_neutral;
  const std::size_t spreads = world.spreads();
  auto add_theory = [&] {
    if (world.curve_moves()) {
      for (ValidationRow& row :
           risk_neutral ? martingale_rows(world, years, seed) : bond_price_rows(world, history, years, seed)) {
        table.rows.push_back(std::move(row));
      }
    }
    judge(table, kValidationLevel);
  };
  if (series.empty() && !rates && !world.has_inflation() && spreads == 0) {
    add_theory();  // of as many steps as the study
    table.scenarios = kTheoryScenarios;
    table.steps = int(std::lround(years / world.step_years()));
    return table;
  }
  const ObservedPath observed = history_path(world, history, rates);
  const std::size_t width = series.size() + (rates ? 5 : 0) + (world.has_inflation() ? 1 : 0) + 2 * spreads,
                    length = observed.periods();
  const std::size_t scenarios = std::clamp(kValues / (width * length), kFewestScenarios, kMostScenarios);
  const std::size_t lanes = std::clamp<std::size_t>(kValuesInFlight / (width * length), 1, 8) * kLaneGroup;
  table.steps = int(length);
  table.scenarios = (scenarios + lanes - 1) / lanes * lanes;

  const PathStatistics statistics(series, rates, fmt::format("{:g}-year rate", kLongTenor), world.has_inflation(),
                                  world.spread_names());
  const SimulatedStatistics simulated =
      simulated_statistics(world, statistics, rates, table.steps, seed, table.scenarios, lanes);
  const std::vector<double> reference = statistics.measure(observed);
  const std::vector<double> errors = history_errors(statistics, observed, seed);
  for (std::size_t i = 0; i < reference.size(); ++i) {
    Estimate estimate = simulated.statistics[i].estimate();
    if (std::isnan(reference[i]) || std::isnan(estimate.value)) continue;  // nothing varies
    const PathStatistic& of = statistics.list()[i];
    if (risk_neutral && depends_on_drift(of)) continue;
    double error = errors[i];
    if (of.kind != StatisticKind::of_periods) {
      // Rates remember for decades; one history does not show how far another might lie.
      error = std::max(error, estimate.standard_error * std::sqrt(double(table.scenarios)));
    }
    table.rows.push_back({"history", of.of, of.name, reference[i], estimate, error});
  }
  for (std::size_t i = 0; i < series.size() && !risk_neutral; ++i) {
    table.rows.push_back({"theory", series[i], "mean growth factor",
                          world.mean_growth(i).value_or(mean_growth(observed.returns[i])),
                          simulated.growth[i].estimate(), 0.0});
  }
  add_theory();
  return table;
}

}  // namespace ballast

#include "scenarios/validate/path_statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "scenarios/stats/quantile.h"
#include "scenarios/stats/sum.h"

namespace ballast {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
constexpr double kTailShare = 0.1;
constexpr std::size_t kSquareLags = 6, kInflationLags = 12;

using Span = std::span<const double>;

double mean_of(Span x) {
  double sum = 0.0;
  for (double v : x) sum += v;
  return sum / double(x.size());
}

/// A column less its mean, and what is often asked of it.
struct Centred {
  explicit Centred(Span x) : mean(mean_of(x)), deviation(x.begin(), x.end()) {
    for (double& d : deviation) d -= mean;
    squares = ordered_dot(deviation.data(), deviation.data(), deviation.size());
  }
  std::size_t size() const { return deviation.size(); }
  /// Nothing varies but the rounding of the mean.
  bool constant() const { return !(squares > 1e-28 * double(size()) * mean * mean); }
  double volatility() const { return std::sqrt(squares / double(size() - 1)); }
  double standardised_moment(int order) const {
    if (constant()) return kNaN;
    double sum = 0.0;
    for (double d : deviation) sum += order == 3 ? d * d * d : d * d * d * d;
    double n = double(size()), variance = squares / n;
    return sum / n / (order == 3 ? variance * std::sqrt(variance) : variance * variance);
  }
  double autocorrelation(std::size_t lag) const {
    if (constant() || size() <= lag) return kNaN;
    return ordered_dot(deviation.data() + lag, deviation.data(), size() - lag) / squares;
  }
  double mean_autocorrelation(std::size_t lags) const {
    double sum = 0.0;
    for (std::size_t lag = 1; lag <= lags; ++lag) sum += autocorrelation(lag);
    return sum / double(lags);
  }
  double autocorrelation_of_squares() const {
    if (constant()) return kNaN;
    std::vector<double> squared(deviation);
    for (double& d : squared) d *= d;
    return Centred(squared).mean_autocorrelation(kSquareLags);
  }

  double mean, squares;
  std::vector<double> deviation;
};

double correlation_of(const Centred& a, const Centred& b) {
  if (a.constant() || b.constant()) return kNaN;
  return ordered_dot(a.deviation.data(), b.deviation.data(), a.size()) / std::sqrt(a.squares * b.squares);
}

double maximum_drawdown(Span log_returns) {
  double level = 0.0, peak = 0.0, deepest = 0.0;
  for (double x : log_returns) {
    level += x;
    peak = std::max(peak, level);
    deepest = std::max(deepest, peak - level);
  }
  return -std::expm1(-deepest);
}

double share_below_zero(Span x) {
  return double(std::count_if(x.begin(), x.end(), [](double v) { return v < 0; })) / double(x.size());
}

std::vector<double> sorted(Span x) {
  std::vector<double> copy(x.begin(), x.end());
  std::sort(copy.begin(), copy.end());
  return copy;
}

/// A column whose dependence on others is looked at.
struct Paired {
  Span values;
  Centred centred;
  double tail;  ///< the worst tenth lies at or below
};

double tail_dependence(const Paired& a, const Paired& b) {
  if (a.centred.constant() || b.centred.constant()) return kNaN;
  double in_a = 0.0, in_both = 0.0;
  for (std::size_t t = 0; t < a.values.size(); ++t) {
    bool bad = a.values[t] <= a.tail;
    in_a += bad;
    in_both += bad && b.values[t] <= b.tail;
  }
  return in_both / in_a;
}

constexpr double kReturnQuantiles[] = {0.01, 0.05, 0.5, 0.95, 0.99};
constexpr double kLevelQuantiles[] = {0.05, 0.95};

std::string quantile_name(double level) { return fmt::format("{:g}% quantile", 100 * level); }

/// The values of one path as they come, in the order of PathStatistics' list, and the columns to be paired.
struct Measured {
  std::vector<double> values;
  std::vector<Paired> pairs;

  void of_series(Span x, bool paired) {
    Centred centred(x);
    const std::vector<double> ascending = sorted(x);
    values.insert(values.end(), {centred.mean, centred.volatility(), centred.standardised_moment(3),
                                 centred.standardised_moment(4) - 3.0});
    for (double level : kReturnQuantiles) values.push_back(quantile(ascending, level));
    values.insert(values.end(),
                  {maximum_drawdown(x), centred.autocorrelation(1), centred.autocorrelation_of_squares()});
    if (paired) pair_up(x, std::move(centred), ascending);
  }
  void of_level(Span level) {
    values.push_back(mean_of(level));
    quantiles_and_negative(level);
  }
  void of_changes(Span change) {
    Centred centred(change);
    values.insert(values.end(), {centred.volatility(), centred.autocorrelation(1)});
    pair_up(change, std::move(centred), sorted(change));
  }
  void of_inflation(Span x, const Centred& inflation) {
    values.insert(values.end(), {inflation.mean, inflation.volatility()});
    quantiles_and_negative(x);
    values.insert(values.end(), {inflation.autocorrelation(1), inflation.mean_autocorrelation(kInflationLags)});
  }
  void of_spread(const Centred& level, const Centred& change) {
    values.insert(values.end(), {level.mean, level.volatility(), level.autocorrelation(1), change.volatility(),
                                 change.autocorrelation(1)});
  }
  void of_pair(const Paired& a, const Paired& b) {
    values.insert(values.end(), {correlation_of(a.centred, b.centred), tail_dependence(a, b)});
  }

 private:
  void pair_up(Span x, Centred&& centred, const std::vector<double>& ascending) {
    pairs.push_back({x, std::move(centred), quantile(ascending, kTailShare)});
  }
  void quantiles_and_negative(Span level) {
    const std::vector<double> ascending = sorted(level);
    for (double p : kLevelQuantiles) values.push_back(quantile(ascending, p));
    values.push_back(share_below_zero(level));
  }
};

}  // namespace

ObservedPath ObservedPath::resampled(std::span<const std::uint32_t> rows) const {
  auto pick = [&](const std::vector<double>& column) {
    std::vector<double> chosen;
    if (column.empty()) return chosen;
    chosen.reserve(rows.size());
    for (std::uint32_t t : rows) chosen.push_back(column[t]);
    return chosen;
  };
  ObservedPath path;
  for (const auto& column : returns) path.returns.push_back(pick(column));
  path.short_rate = pick(short_rate);
  path.long_rate = pick(long_rate);
  path.short_change = pick(short_change);
  path.long_change = pick(long_change);
  path.inflation = pick(inflation);
  for (const auto& column : log_spread) path.log_spread.push_back(pick(column));
  for (const auto& column : log_spread_change) path.log_spread_change.push_back(pick(column));
  return path;
}

// The order of the list is that of measure().
PathStatistics::PathStatistics(const std::vector<std::string>& series, bool rates, const std::string& long_rate,
                               bool inflation, const std::vector<std::string>& spreads)
    : series_(series.size()), rates_(rates), inflation_(inflation), spreads_(spreads.size()) {
  auto add = [&](const std::string& of, const std::string& name, StatisticKind kind = StatisticKind::of_periods) {
    list_.push_back({of, name, kind});
  };
  for (const std::string& name : series) {
    for (const char* moment : {"mean", "volatility", "skewness", "excess kurtosis"}) add(name, moment);
    for (double level : kReturnQuantiles) add(name, quantile_name(level));
    for (const char* other : {"maximum drawdown", "autocorrelation", "autocorrelation of squares"}) add(name, other);
  }
  if (rates) {
    for (const std::string& name : {std::string("short rate"), long_rate}) {
      add(name, "mean", StatisticKind::of_levels);
      for (double level : kLevelQuantiles) add(name, quantile_name(level), StatisticKind::of_levels);
      add(name, "share negative", StatisticKind::share_of_levels);
      add(name, "volatility of changes");
      add(name, "autocorrelation of changes");
    }
    add("slope", "mean", StatisticKind::of_levels);
    for (double level : kLevelQuantiles) add("slope", quantile_name(level), StatisticKind::of_levels);
    add("slope", "share inverted", StatisticKind::share_of_levels);
  }
  if (inflation) {
    // What prices do is remembered for years: all of it is of levels.
    for (const char* name : {"mean", "volatility"}) add("inflation", name, StatisticKind::of_levels);
    for (double level : kLevelQuantiles) add("inflation", quantile_name(level), StatisticKind::of_levels);
    add("inflation", "share negative", StatisticKind::share_of_levels);
    for (const char* name : {"autocorrelation", "autocorrelation, mean of 12 lags"}) {
      add("inflation", name, StatisticKind::of_levels);
    }
  }
  for (const std::string& name : spreads) {
    for (const char* of_level : {"mean of ln", "volatility of ln", "autocorrelation of ln"}) {
      add("spread " + name, of_level, StatisticKind::of_levels);
    }
    add("spread " + name, "volatility of changes of ln");
    add("spread " + name, "autocorrelation of changes of ln");
  }
  std::size_t paired = std::min(series.size(), kPairedSeries);
  auto add_pair = [&](const std::string& a, const std::string& b) {
    add(a + ", " + b, "correlation");
    add(a + ", " + b, "tail dependence");
  };
  for (std::size_t a = 0; a < paired; ++a) {
    for (std::size_t b = a + 1; b < paired; ++b) add_pair(series[a], series[b]);
    if (rates) add_pair(series[a], long_rate + " change");
    if (inflation) add(series[a] + ", inflation", "correlation");
  }
  if (rates) add_pair("short rate change", long_rate + " change");
  if (rates && inflation) add(long_rate + " change, inflation", "correlation");
  for (std::size_t k = 0; k < spreads_; ++k) {
    const std::string change = ", spread " + spreads[k] + " change";
    for (std::size_t a = 0; a < paired; ++a) add(series[a] + change, "correlation");
    if (rates) add(long_rate + " change" + change, "correlation");
    for (std::size_t other = 0; other < k; ++other) add("spread " + spreads[other] + " change" + change, "correlation");
  }
}

std::vector<double> PathStatistics::measure(const ObservedPath& path) const {
  Measured measured;
  std::vector<double>& values = measured.values;
  values.reserve(list_.size());
  for (std::size_t i = 0; i < series_; ++i) measured.of_series(path.returns[i], i < kPairedSeries);
  const std::vector<Paired>& pairs = measured.pairs;
  const std::size_t paired = pairs.size(), short_change = paired, long_change = paired + 1;
  if (rates_) {
    measured.of_level(path.short_rate);
    measured.of_changes(path.short_change);
    measured.of_level(path.long_rate);
    measured.of_changes(path.long_change);
    std::vector<double> slope(path.periods());
    for (std::size_t t = 0; t < slope.size(); ++t) slope[t] = path.long_rate[t] - path.short_rate[t];
    measured.of_level(slope);
  }
  const Centred inflation(path.inflation);
  if (inflation_) measured.of_inflation(path.inflation, inflation);
  std::vector<Centred> spread_changes;
  for (std::size_t k = 0; k < spreads_; ++k) {
    spread_changes.emplace_back(path.log_spread_change[k]);
    measured.of_spread(Centred(path.log_spread[k]), spread_changes.back());
  }
  for (std::size_t a = 0; a < paired; ++a) {
    for (std::size_t b = a + 1; b < paired; ++b) measured.of_pair(pairs[a], pairs[b]);
    if (rates_) measured.of_pair(pairs[a], pairs[long_change]);
    if (inflation_) values.push_back(correlation_of(pairs[a].centred, inflation));
  }
  if (rates_) measured.of_pair(pairs[short_change], pairs[long_change]);
  if (rates_ && inflation_) values.push_back(correlation_of(pairs[long_change].centred, inflation));
  for (std::size_t k = 0; k < spreads_; ++k) {
    const Centred& change = spread_changes[k];
    for (std::size_t i = 0; i < paired; ++i) values.push_back(correlation_of(pairs[i].centred, change));
    if (rates_) values.push_back(correlation_of(pairs[long_change].centred, change));
    for (std::size_t other = 0; other < k; ++other) values.push_back(correlation_of(spread_changes[other], change));
  }
  return std::move(measured.values);
}

}  // namespace ballast

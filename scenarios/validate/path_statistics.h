#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace ballast {

/// A history, or one scenario, period by period: columns of equal length T.
struct ObservedPath {
  std::vector<std::vector<double>> returns;  ///< log returns of the series, on the scale on which they are simulated
  /// Continuous zero rates at each period's end and their change over it; empty where no curve moves.
  std::vector<double> short_rate, long_rate, short_change, long_change;
  std::vector<double> inflation;  ///< log growth of prices over each period; empty without
  /// Credit spreads, one column each: logarithms at each period's end, and their change over it; empty without.
  std::vector<std::vector<double>> log_spread, log_spread_change;

  std::size_t periods() const {
    if (!returns.empty()) return returns[0].size();
    if (has_rates()) return short_rate.size();
    return has_inflation() ? inflation.size() : log_spread.empty() ? 0 : log_spread[0].size();
  }
  bool has_rates() const { return !short_rate.empty(); }
  bool has_inflation() const { return !inflation.empty(); }
  /// The same with the rows of these numbers, one after the other: levels and changes stay together.
  ObservedPath resampled(std::span<const std::uint32_t> rows) const;
};

/// What a statistic is of: a property of single periods and their neighbours, or of the level of rates, whose memory is
/// long. share: a share of the periods, which may be none.
enum class StatisticKind { of_periods, of_levels, share_of_levels };

struct PathStatistic {
  std::string of, name;
  StatisticKind kind = StatisticKind::of_periods;
};

/// The statistics by which scenarios are compared with a history. Each is computed on a path as it is on the history,
/// of the same length: what the length of a sample does to it (the bias of an autocorrelation or a kurtosis, the depth
/// of the deepest fall) is then the same on both sides.
///
/// Of each series: mean, volatility, skewness, excess kurtosis, quantiles of the log return (1, 5, 50, 95, 99%),
/// maximum drawdown of the index, autocorrelation (lag 1), autocorrelation of squares (mean of the lags 1 to 6: one lag
/// says little). Of the short and the long rate: mean, 5% and 95% quantile and share of negative levels, volatility and
/// autocorrelation of changes; of the slope: mean, 5% and 95% quantile, share of inversions. Of inflation: mean,
/// volatility, 5% and 95% quantile, share of falling prices, autocorrelation (lag 1, and the mean of lags 1 to 12).
/// Of the logarithm of each credit spread: mean, volatility and autocorrelation (lag 1) of its level, volatility and
/// autocorrelation of its changes.
/// Of pairs of series, of each series and the long rate's changes, of inflation and either, and of the two rates'
/// changes: correlation, and tail dependence: of the worst tenth of the periods of one the share that is among the
/// worst tenth of the other. Of each series, the long rate's changes and other spreads' changes with a spread's
/// changes: correlation. At most kPairedSeries series are paired, the first.
class PathStatistics {
 public:
  static constexpr std::size_t kPairedSeries = 8;

  PathStatistics(const std::vector<std::string>& series, bool rates, const std::string& long_rate,
                 bool inflation = false, const std::vector<std::string>& spreads = {});

  const std::vector<PathStatistic>& list() const { return list_; }
  /// One value a statistic; NaN where the path does not define it (nothing varies).
  std::vector<double> measure(const ObservedPath& path) const;

 private:
  std::size_t series_;
  bool rates_, inflation_;
  std::size_t spreads_;
  std::vector<PathStatistic> list_;
};

}  // namespace ballast

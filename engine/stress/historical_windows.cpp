#include "engine/stress/historical_windows.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "engine/stress/rate_shifts.h"

namespace ballast {
namespace {

Date start_of(const MarketHistory& history, Eigen::Index period) {
  return period == 0 ? history.start : history.dates[std::size_t(period - 1)];
}

void need_history(const MarketHistory& history) {
  if (history.periods() == 0) throw std::invalid_argument("'historical' needs a history: add market.returns");
}

}  // namespace

StressedMarket replay_window(const StressedBalance& balance, const HistoricalWindow& window, const std::string& name) {
  const MarketHistory& history = balance.history;
  Eigen::Index first = window.first, last = first + window.periods;
  StressedMarket market = unstressed(balance, name);
  if (!history.tenors.empty() && !balance.market.curve.empty()) {
    std::vector<double> shifts;
    for (Eigen::Index k = 0; k < history.zero_rates.cols(); ++k) {
      shifts.push_back(history.zero_rates(last, k) - history.zero_rates(first, k));
    }
    market = rates_stressed(balance, name, shift_shock(name, history.tenors, shifts));
  }
  if (history.spreads.size() > 0) {
    shift_simulated_spreads(balance, history.spreads.row(last) - history.spreads.row(first), market);
  }
  for (std::size_t a = 0; a < balance.assets.size(); ++a) {
    if (balance.assets[a].kind != AssetKind::series) continue;
    auto column = history.returns.col(Eigen::Index(balance.assets[a].series_index));
    market.asset_change[a] = (1 + column.segment(first, window.periods).array()).prod() - 1;
  }
  return market;
}

std::string window_name(const MarketHistory& history, const HistoricalWindow& window) {
  return fmt::format("historical {} to {}", to_string(start_of(history, window.first)),
                     to_string(history.dates[std::size_t(window.first + window.periods - 1)]));
}

Eigen::Index window_length(const MarketHistory& history, const HistoricalStressParameters& parameters) {
  need_history(history);
  double periods = parameters.years * history.periods_per_year;
  auto whole = Eigen::Index(std::lround(periods));
  if (whole < 1 || std::abs(periods - double(whole)) > 1e-6) {
    throw std::invalid_argument(
        fmt::format("'years' is not a whole number of the history's periods ({} a year)", history.periods_per_year));
  }
  if (whole > history.periods()) {
    throw std::invalid_argument(
        fmt::format("a window of {} periods is longer than the history ({})", whole, history.periods()));
  }
  return whole;
}

HistoricalWindow dated_window(const MarketHistory& history, Date from, Date to) {
  need_history(history);
  std::string span =
      fmt::format("the history is of {} to {}", to_string(history.start), to_string(history.dates.back()));
  if (from < history.start || to > history.dates.back()) {
    throw std::invalid_argument(
        fmt::format("the window {} to {} is not in the history; {}", to_string(from), to_string(to), span));
  }
  Eigen::Index first = 0, last = history.periods();
  while (first < history.periods() && start_of(history, first) < from) ++first;
  while (last > 0 && history.dates[std::size_t(last - 1)] > to) --last;
  if (last <= first) {
    throw std::invalid_argument(fmt::format("the window {} to {} holds no whole period ({} a year); {}",
                                            to_string(from), to_string(to), history.periods_per_year, span));
  }
  return {first, last - first};
}

std::vector<HistoricalWindow> worst_windows(const StressedBalance& balance, int count, Eigen::Index periods,
                                            const std::vector<double>& weights) {
  std::vector<std::pair<double, Eigen::Index>> ranked;
  for (Eigen::Index first = 0; first + periods <= balance.history.periods(); ++first) {
    StressedMarket market = replay_window(balance, {first, periods}, "");
    ranked.emplace_back(value_sheet(balance, market, weights).surplus(), first);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<HistoricalWindow> chosen;
  for (const auto& [surplus, first] : ranked) {
    bool apart = std::all_of(chosen.begin(), chosen.end(), [&, at = first](const HistoricalWindow& other) {
      return std::abs(other.first - at) >= periods;
    });
    if (apart) chosen.push_back({first, periods});
    if (chosen.size() == std::size_t(count)) break;
  }
  return chosen;
}

}  // namespace ballast

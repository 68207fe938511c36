#pragma once

#include <vector>

#include "engine/stress/stress_parameters.h"
#include "engine/stress/stressed_balance.h"

namespace ballast {

/// Periods first, first + 1, ... of the history.
struct HistoricalWindow {
  Eigen::Index first = 0, periods = 0;
};

/// A window as one sudden stress: the series' returns over it, and the curve's change over it added to today's curve.
StressedMarket replay_window(const StressedBalance& balance, const HistoricalWindow& window, const std::string& name);

/// "historical 2007-10-31 to 2008-10-31".
std::string window_name(const MarketHistory& history, const HistoricalWindow& window);

/// The length that the parameters ask for, in periods; throws std::invalid_argument when it is no whole number of them
/// or the history is shorter.
Eigen::Index window_length(const MarketHistory& history, const HistoricalStressParameters& parameters);

/// The window of the periods that begin at `from` or after and end by `to`. Throws std::invalid_argument outside the
/// history, naming what it spans.
HistoricalWindow dated_window(const MarketHistory& history, Date from, Date to);

/// The windows of this length in which the surplus of the weights falls most, the worst first, none overlapping
/// another.
std::vector<HistoricalWindow> worst_windows(const StressedBalance& balance, int count, Eigen::Index periods,
                                            const std::vector<double>& weights);

}  // namespace ballast

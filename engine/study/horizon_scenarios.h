#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/optimize/problem.h"
#include "engine/study/balance_path.h"
#include "scenarios/base/ranks.h"
#include "scenarios/io/large_array.h"
#include "scenarios/stats/scenario_weights.h"

namespace ballast {

/// Scenarios of the risk horizon: what weights are fitted to and what risk is measured on.
struct HorizonScenarios {
  std::string name = "own";  ///< what results call it: the study's own; a further one as the study names it
  std::uint64_t scenarios = 0;
  std::size_t assets = 0;
  ScenarioShare share;              ///< where they stand among all, when several ranks hold them
  LargeArray asset_return;          ///< row-major scenarios x assets: simple buy-and-hold returns R
  std::vector<double> liability;    ///< l_s in units of initial assets; empty without liabilities
  std::vector<double> zero_rates;   ///< row-major scenarios x tenors of the views: zero rates at the horizon
  std::vector<double> probability;  ///< empty: equal
  Replications replications;        ///< which were drawn together
  TiltedProbabilities tilted;       ///< what views made `probability` of

  /// What goes with a number measured on these scenarios.
  ScenarioWeights weights() const;

  /// The losses of these scenarios as the optimizer takes them. Weights sum to one, so that the surplus loss
  /// l_s - sum w (1 + R) is (l_s - 1) - sum w R: both losses work on R, and `excess_liability` holds l_s - 1.
  ScenarioSet loss_set(bool surplus, std::vector<double>& excess_liability) const;

  /// Losses of weights, one a scenario, in scenario order.
  std::vector<double> losses(const std::vector<double>& weights, bool surplus) const;
};

/// Simulates the risk horizon only. threads and blocks do not change a bit. scratch: a folder to keep the returns in
/// when they are not to be in memory. Of several ranks each simulates and holds a part (SharedBlocks); all call it at
/// once.
HorizonScenarios simulate_horizon(const BalanceModel& model, Sequence set, std::uint64_t scenarios,
                                  const std::string& scratch = "", Ranks& ranks = one_process());

/// Room for so many of the study's scenarios (scratch: as above), and one block of them into its place: the path stands
/// at the risk horizon.
HorizonScenarios horizon_room(const BalanceModel& model, std::uint64_t scenarios, const std::string& scratch = "");
void store_horizon(const BalanceModel& model, const BalancePath& path, std::uint64_t first_scenario, std::size_t count,
                   HorizonScenarios& into);

/// Zero rates at the tenors that the study's views are on: [tenor][lane]; the path stands at the risk horizon.
LaneArray horizon_zero_rates(const BalanceModel& model, const BalancePath& path);

/// l_s of a block in units of initial assets; the path stands at the risk horizon, and there are liabilities.
LaneArray horizon_liability(const BalanceModel& model, const BalancePath& path);

}  // namespace ballast

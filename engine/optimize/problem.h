#pragma once

#include <cstddef>
#include <functional>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ballast {

class Ranks;

/// Where a set of scenarios stands that several ranks hold together.
struct ScenarioShare {
  Ranks* ranks = nullptr;  ///< null: one process has them all
  std::size_t first = 0;   ///< number of this rank's first scenario, the first of a block
  std::size_t all = 0;     ///< scenarios of all ranks

  Ranks* ranks_or_alone() const;
};

/// The scenarios an optimisation runs on: plain memory of the caller, no study needed.
/// Loss of scenario s at weights w (positive when bad): liability[s] - sum_i w_i growth(s, i). For the return loss
/// growth is the simple return R and the liability is left empty; for the surplus loss growth is 1 + R and liability
/// l_s, both in units of the initial assets.
struct ScenarioSet {
  std::size_t scenarios = 0;  ///< here
  std::size_t assets = 0;
  const double* growth = nullptr;        ///< scenarios x assets, a scenario's assets contiguous
  std::span<const double> probability;   ///< one a scenario, adding to 1; empty: equal
  std::span<const double> liability;     ///< one a scenario; empty: 0
  std::vector<std::string> asset_names;  ///< for messages; empty: asset_1, asset_2...
  /// Told which scenarios will not be looked at for a while: pages of a mapped file may go. May be empty.
  std::function<void(std::size_t first, std::size_t count)> done_with;
  /// Of a set held by several ranks; SharedBlocks says which part is whose. Functions that take such a set are called
  /// by all ranks at once, and return the same everywhere. min_cvar, mean_cvar, max_return and frontiers know how.
  ScenarioShare share;

  std::size_t everywhere() const { return share.ranks ? share.all : scenarios; }

  void release(std::size_t first, std::size_t count) const {
    if (done_with) done_with(first, count);
  }
  const double* row(std::size_t scenario) const { return growth + scenario * assets; }
  double liability_of(std::size_t scenario) const { return liability.empty() ? 0.0 : liability[scenario]; }
  /// Weight of a scenario in sums: its probability, or 1 when all are equal (so that counts stay exact).
  double mass_of(std::size_t scenario) const { return probability.empty() ? 1.0 : probability[scenario]; }
  std::string asset_name(std::size_t asset) const;
};

/// Throws InputError when a size, a probability or a value is unusable (not finite: names scenario and asset). Returns
/// the mean absolute growth, the unit of the numbers.
double check_scenarios(const ScenarioSet& set);

/// About the same unit from a few blocks of scenarios, without the pass over all values: sizes and probabilities are
/// checked, values only there. Whoever passes over all of them later calls check_scenarios when a sum is not finite.
double growth_unit(const ScenarioSet& set);

/// Mean growth of each asset, by probability: over the horizon, as `min_return` wants it for the return loss.
std::vector<double> mean_growth(const ScenarioSet& set);

inline constexpr double kNoLimit = std::numeric_limits<double>::infinity();

/// lower <= sum of coefficient * x[variable] <= upper
struct LinearConstraint {
  std::string name;  ///< the study key it comes from, e.g. "optimize.constraints.groups[0].max"
  std::vector<std::pair<int, double>> terms;  ///< (variable, coefficient)
  double lower = -kNoLimit;
  double upper = kNoLimit;
  bool defines = false;  ///< says what an auxiliary variable is, and has no price of its own
  double shift = 0.0;    ///< by how much the bounds exceed those of the study's key, which messages and prices name
};

/// CVaR of the loss at `confidence` at most `max`, on every scenario set.
struct CvarLimit {
  std::string name;
  double confidence = 0.95;
  double max = 0.0;
};

/// Standard deviation of (w - benchmark)'growth at most `max`.
struct TrackingLimit {
  std::string name;
  std::vector<double> benchmark;  ///< one an asset
  double max = 0.0;
};

/// The weights that are allowed: boxes and linear rows. Variables are the weights, then any auxiliary ones (turnover,
/// leverage, costs), which no scenario sees. Limits on CVaR and tracking error are convex, not linear.
/// engine/optimize/constraints.h makes one from a study's constraints.
struct FeasibleSet {
  std::vector<double> lower;  ///< one a variable; -kNoLimit: none
  std::vector<double> upper;
  std::vector<LinearConstraint> rows;  ///< the budget is one of them
  std::vector<double> certain_loss;    ///< what a unit of each variable loses in every scenario (costs); empty: nothing
  std::vector<CvarLimit> cvar_limits;
  std::vector<TrackingLimit> tracking_limits;
  std::vector<std::string>
      lower_name;  ///< what to call a variable's bound in a message; empty: "lower bound of asset_1"
  std::vector<std::string> upper_name;

  std::size_t variables() const { return lower.size(); }
};

/// Long-only weights that add to one.
FeasibleSet long_only_simplex(std::size_t assets);

/// Adds "fully invested (weights sum to 1)" over the first `assets` variables.
void add_budget(FeasibleSet& set, std::size_t assets);

/// Throws InputError when sizes or numbers make no sense (NaN, lower above upper, a variable that does not exist).
void check_feasible_set(const FeasibleSet& set, const ScenarioSet& scenarios);

/// What a limit costs: the optimum changes by `price` a unit of it. Only limits that bind have one.
struct ShadowPrice {
  std::string constraint;
  double limit = 0.0;
  double price = 0.0;
};

struct OptimizationResult {
  std::string objective;  ///< as the study names it
  std::string
      status;  ///< "optimal": certified to the gap asked for; "stalled": see relative_gap; "local": no certificate
  std::vector<double> weights;         ///< one an asset
  double value = 0.0;                  ///< what was minimised: see optimise.h
  std::optional<double> lower_bound;   ///< no weights of the feasible set go below it
  std::optional<double> relative_gap;  ///< (value - lower_bound) / max(|value|, 0.1 mean |loss|)
  std::optional<double> residual;      ///< of risk budgets: largest difference of a share of risk from its budget
  std::vector<ShadowPrice> shadow_prices;
  /// One an asset: what the optimum rises by a unit of weight held beyond it, the other weights adjusting as the prices
  /// say. Of an asset without weight: what its mean would have to gain to enter. Empty: unknown.
  std::vector<double> reduced_cost;
  int iterations = 0;  ///< of the solver that did the work
  double seconds = 0.0;
};

}  // namespace ballast

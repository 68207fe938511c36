#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/optimize/policy_parameters.h"
#include "scenarios/base/describe.h"

namespace ballast {

/// What can be optimised; the list is objectives.def.
enum class Objective {
#define BALLAST_OBJECTIVE(name, function) name,
#include "engine/optimize/objectives.def"
#undef BALLAST_OBJECTIVE
};

template <>
struct EnumNames<Objective> {
  static constexpr const char* value[] = {
#define BALLAST_OBJECTIVE(name, function) #name,
#include "engine/optimize/objectives.def"
#undef BALLAST_OBJECTIVE
  };
};

/// Return loss: -(w'R). Surplus loss: l_s - sum_i w_i (1 + R_si), in units of initial assets. Benchmark loss: (b -
/// w)'R.
enum class LossKind { automatic, return_loss, surplus, benchmark };
template <>
struct EnumNames<LossKind> {
  static constexpr const char* value[] = {"auto", "return", "surplus", "benchmark"};
};

struct GroupParameters {
  std::vector<std::string> assets;
  std::optional<double> min, max;

  static void describe(auto& self, auto&& key) {
    key("assets", self.assets, Spec{.help = "assets of the group", .required = true});
    key("min", self.min, Spec{.help = "least weight of the group", .min = -20, .max = 20});
    key("max", self.max, Spec{.help = "largest weight of the group", .min = -20, .max = 20});
  }
  void check(auto&& problem) const {
    if (!min && !max) problem("assets", "has neither min nor max");
    if (min && max && *min > *max) problem("max", "is less than min");
  }
};

struct TurnoverParameters {
  std::map<std::string, double> from;
  double max = 0.0;

  static void describe(auto& self, auto&& key) {
    key("from", self.from, Spec{.help = "weights to trade from; default: balance.current"});
    key("max", self.max, Spec{.help = "largest sum of absolute changes of weights", .min = 0, .required = true});
  }
};

/// Weights are a number for all assets, or by asset.
struct WeightBound {
  static constexpr const char* shorthand = "all";
  static constexpr const char* map_shorthand = "by_asset";
  std::optional<double> all;
  std::map<std::string, double> by_asset;

  static void describe(auto& self, auto&& key) {
    key("all", self.all, Spec{.help = "for every asset", .min = -20, .max = 20});
    key("by_asset", self.by_asset, Spec{.help = "for single assets, instead", .min = -20, .max = 20});
  }
  void check(auto&& problem) const {
    if (!all && by_asset.empty())
      problem("all", "is missing (a weight for every asset, or by_asset: weights by asset)");
  }
};

/// A limit on CVaR of the loss.
struct CvarLimitParameters {
  static constexpr const char* shorthand = "max";
  double max = 0.0;
  std::optional<double> confidence;

  static void describe(auto& self, auto&& key) {
    key("max", self.max, Spec{.help = "largest CVaR of the loss", .required = true});
    key("confidence", self.confidence,
        Spec{.help = "of this CVaR; default: optimize.confidence", .min = 0, .max = 0.99999});
  }
};

struct TrackingErrorParameters {
  static constexpr const char* shorthand = "max";
  double max = 0.0;
  std::map<std::string, double> benchmark;

  static void describe(auto& self, auto&& key) {
    key("max", self.max,
        Spec{.help = "largest standard deviation of the return less the benchmark's, over the horizon",
             .min = 0,
             .exclusive_min = true,
             .required = true});
    key("benchmark", self.benchmark, Spec{.help = "its weights; default: optimize.benchmark"});
  }
};

/// Assets' less liabilities' duration, the latter times liabilities over assets, as in the balance sheet.
struct DurationGapParameters {
  std::optional<double> min, max;

  static void describe(auto& self, auto&& key) {
    key("min", self.min, Spec{.help = "least gap", .unit = "years"});
    key("max", self.max, Spec{.help = "largest gap", .unit = "years"});
  }
  void check(auto&& problem) const {
    if (!min && !max) problem("max", "is missing, and so is min");
    if (min && max && *min > *max) problem("max", "is less than min");
  }
};

struct TradingCostParameters {
  std::map<std::string, double> from;
  WeightBound cost;

  static void describe(auto& self, auto&& key) {
    key("from", self.from, Spec{.help = "weights to trade from; default: balance.current"});
    key("cost", self.cost,
        Spec{.help = "lost of each unit of weight bought or sold, for all assets or by asset", .required = true});
  }
};

/// Further scenarios of the same assets, for the worst case.
struct WorstCaseParameters {
  std::optional<InputPath> file;
  std::optional<std::string> model, stress;

  static void describe(auto& self, auto&& key) {
    key("file", self.file,
        Spec{.help = "scenarios as with model: file, a column for each asset of the study, over the same horizon"});
    key("model", self.model,
        Spec{.help = "the study's scenarios by another model, its parameters where scenarios would have them"});
    key("stress", self.stress,
        Spec{.help = "the study's scenarios after a sudden stress: the name of one in the list `stress`, or a "
                     "regulator's rate stresses such as irrbb_2024/EUR, a set for each"});
  }
  void check(auto&& problem) const {
    if (int(file.has_value()) + int(model.has_value()) + int(stress.has_value()) != 1)
      problem("file", "needs exactly one of file, model and stress");
  }
};

struct ConstraintParameters {
  bool long_only = true;
  std::optional<WeightBound> min_weight, max_weight;
  std::optional<double> min_return;
  std::vector<GroupParameters> groups;
  std::optional<TurnoverParameters> turnover;
  std::optional<double> leverage, max_short;
  std::optional<CvarLimitParameters> max_cvar;
  std::vector<CvarLimitParameters> cvar_limits;
  std::optional<TrackingErrorParameters> tracking_error;
  std::optional<DurationGapParameters> duration_gap;
  std::optional<double> key_rate_duration_gap;

  static void describe(auto& self, auto&& key) {
    key("long_only", self.long_only, Spec{.help = "no weight below 0"});
    key("min_weight", self.min_weight, Spec{.help = "least weight"});
    key("max_weight", self.max_weight, Spec{.help = "largest weight"});
    key("min_return", self.min_return, Spec{.help = "least expected simple return over optimize.horizon_years"});
    key("groups", self.groups, Spec{.help = "bounds on sums of weights"});
    key("turnover", self.turnover, Spec{.help = "limit on trading"});
    key("leverage", self.leverage, Spec{.help = "largest sum of absolute weights", .min = 1});
    key("max_short", self.max_short, Spec{.help = "largest sum of short weights, counted positive", .min = 0});
    key("max_cvar", self.max_cvar, Spec{.help = "limit on CVaR of the loss"});
    key("cvar_limits", self.cvar_limits, Spec{.help = "further limits on CVaR, such as at other confidence levels"});
    key("tracking_error", self.tracking_error, Spec{.help = "limit on the tracking error"});
    key("duration_gap", self.duration_gap, Spec{.help = "limits on the duration gap, as the balance sheet counts it"});
    key("key_rate_duration_gap", self.key_rate_duration_gap,
        Spec{.help = "largest absolute gap of each key-rate duration, likewise", .unit = "years", .min = 0});
  }
};

struct FrontierParameters {
  int points = 10;
  int resamples = 0;

  static void describe(auto& self, auto&& key) {
    key("points", self.points,
        Spec{
            .help = "number of portfolios, from the least CVaR to the largest expected return", .min = 2, .max = 1000});
    key("resamples", self.resamples,
        Spec{.help = "bootstrap resamples of the scenarios, each with a frontier of its own: a band for how far Monte "
                     "Carlo error moves it",
             .min = 0,
             .max = 10000});
  }
};

/// Study section `optimize`.
struct OptimizeParameters {
  Objective objective = Objective::min_cvar;
  LossKind loss = LossKind::automatic;
  double confidence = 0.95;
  std::optional<double> horizon_years;
  double gap = 1e-6;
  std::optional<double> risk_aversion;
  std::optional<double> risk_free_rate;
  std::map<std::string, double> benchmark, risk_budget;
  std::vector<WorstCaseParameters> worst_case;
  std::optional<TradingCostParameters> trading_costs;
  ConstraintParameters constraints;
  std::optional<FrontierParameters> frontier;
  std::optional<PolicyParameters> policy;

  static void describe(auto& self, auto&& key) {
    key("objective", self.objective, Spec{.help = "what is optimised; the weights are fully invested"});
    key("loss", self.loss,
        Spec{
            .help = "return: -(w'R); surplus: the deficit at the horizon (liabilities less assets), per unit of "
                    "initial assets; "
                    "benchmark: "
                    "the benchmark's return less the weights'; auto: surplus when there are liabilities, except with "
                    "max_sharpe, risk_parity and cvar_budget",
        });
    key("confidence", self.confidence, Spec{.help = "of VaR and CVaR; 0: the mean loss", .min = 0, .max = 0.99999});
    key("horizon_years", self.horizon_years,
        Spec{.help = "horizon of returns and losses, a whole number of steps; default: 1, at most "
                     "scenarios.horizon_years; with model: file that",
             .unit = "years",
             .min = 0,
             .exclusive_min = true});
    key("gap", self.gap,
        Spec{.help = "relative gap between value and proven lower bound at which the search ends",
             .min = 1e-10,
             .max = 0.1});
    key("risk_aversion", self.risk_aversion,
        Spec{.help = "lambda of mean_cvar (return - lambda CVaR) and mean_variance (return - lambda/2 variance)",
             .min = 0,
             .exclusive_min = true});
    key("risk_free_rate", self.risk_free_rate,
        Spec{.help =
                 "riskless simple return over optimize.horizon_years, of max_sharpe and Sharpe ratios; default: the "
                 "curve's, without a curve 0",
             .min = -0.99,
             .max = 20});
    key("benchmark", self.benchmark, Spec{.help = "weights of loss: benchmark and of constraints.tracking_error"});
    key("risk_budget", self.risk_budget,
        Spec{.help = "shares of risk by asset for risk_parity and cvar_budget, adding to 1; default: equal"});
    key("worst_case", self.worst_case,
        Spec{.help = "further sets of scenarios: CVaR in the objective and in limits is the largest over all sets"});
    key("trading_costs", self.trading_costs,
        Spec{.help = "proportional costs of trading; they add to the loss and lower the expected return"});
    key("constraints", self.constraints, Spec{.help = "besides being fully invested"});
    key("frontier", self.frontier,
        Spec{.help =
                 "efficient frontier of expected return and CVaR, each point certified; min_return does not bind it"});
    key("policy", self.policy,
        Spec{.help = "weights over the whole projection, a constant mix or a glide path, beside those of one period"});
  }
  void check(auto&& problem) const {
    if (frontier && objective != Objective::min_cvar) problem("frontier", "is only for objective: min_cvar");
    const bool averse = objective == Objective::mean_cvar || objective == Objective::mean_variance;
    if (averse && !risk_aversion) problem("risk_aversion", "is missing (the objective weighs risk by it)");
    if (!averse && risk_aversion) problem("risk_aversion", "is only for objectives mean_cvar and mean_variance");
    const bool shares = objective == Objective::risk_parity || objective == Objective::cvar_budget;
    if (!shares && !risk_budget.empty()) problem("risk_budget", "is only for objectives risk_parity and cvar_budget");
    if (shares && (loss == LossKind::surplus || loss == LossKind::benchmark))
      problem("loss", "must be return with this objective (its risk is shared among assets alone)");
    if (loss == LossKind::benchmark && benchmark.empty()) problem("benchmark", "is missing (loss: benchmark needs it)");
    if (constraints.tracking_error && constraints.tracking_error->benchmark.empty() && benchmark.empty())
      problem("benchmark", "is missing (constraints.tracking_error needs it, or one of its own)");
  }
};

/// The loss meant by `auto`; the Sharpe ratio and shares of risk are those of returns.
inline LossKind loss_of(const OptimizeParameters& asked, bool has_liabilities) {
  if (asked.loss != LossKind::automatic) return asked.loss;
  const bool of_return = asked.objective == Objective::max_sharpe || asked.objective == Objective::risk_parity ||
                         asked.objective == Objective::cvar_budget;
  return has_liabilities && !of_return ? LossKind::surplus : LossKind::return_loss;
}

}  // namespace ballast

#include "engine/config/check_study.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "scenarios/base/suggest.h"

namespace ballast {
namespace {

/// A time as a whole number of steps; steps are never shorter than a day, so 1e-6 of one is rounding.
bool whole_steps(double years, int steps_per_year) {
  double steps = years * steps_per_year;
  return steps > 0.5 && std::abs(steps - std::round(steps)) <= 1e-6;
}

class StudyChecker {
 public:
  StudyChecker(const StudyConfig& config, ReadLog& log) : study_(config), log_(log) {}

  void check() {
    check_names("assets", study_.assets);
    check_names("liabilities", study_.liabilities);
    check_assets();
    check_market();
    check_liabilities();
    check_measures();
    check_balance();
    check_horizons();
    if (study_.optimize) check_optimize();
    check_views();
  }

 private:
  bool sound(std::initializer_list<const char*> paths) const {
    return std::all_of(paths.begin(), paths.end(), [&](const char* path) { return log_.sound(path); });
  }
  bool from_file() const { return study_.scenarios.model == ModelKind::file; }
  bool has_curve() const { return study_.market.curve || study_.market.curve_history; }

  template <class Entry>
  void check_names(const std::string& list, const std::vector<Entry>& entries) {
    std::map<std::string, std::size_t> first;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      std::string path = fmt::format("{}[{}].name", list, i);
      const std::string& name = entries[i].name;
      if (name.empty() || !log_.sound(path)) continue;
      auto [earlier, added] = first.emplace(name, i);
      if (!added) {
        log_.report(path,
                    fmt::format("'{}' is also the name of {}[{}]; names must differ", name, list, earlier->second));
      }
    }
  }

  void check_assets() {
    if (!sound({"scenarios.model"})) return;
    if (!from_file() && study_.assets.empty() && sound({"assets"})) {
      log_.report("assets", "'assets' is missing (there must be at least one; only model: file brings its own)");
    }
    for (std::size_t i = 0; i < study_.assets.size(); ++i) {
      const AssetParameters& asset = study_.assets[i];
      std::string path = fmt::format("assets[{}]", i);
      if (!log_.sound(path)) continue;
      bool bond = asset.constant_maturity_years || asset.constant_maturity || asset.zero_coupon_years ||
                  asset.coupon_bond || asset.swap_overlay || asset.inflation_linked || asset.inflation_linked_bond ||
                  asset.corporate_bond;
      if (from_file()) {
        if (bond || asset.cash) {
          log_.report(path, fmt::format("asset '{}' must be a series (model: file simulates no curve)", asset.name));
        }
        if (asset.return_kind)
          log_.report(path + ".return", "'return' does not apply to model: file (its returns are total)");
        if (asset.expected_return) {
          log_.report(path + ".expected_return",
                      "'expected_return' does not apply to model: file (its returns are used as they are)");
        }
        if (asset.name == "probability" || asset.name == "liability") {
          log_.report(path + ".name",
                      fmt::format("'{}' is not an asset (model: file gives that column another meaning)", asset.name));
        }
        continue;
      }
      if (!sound({"market"})) continue;
      if (asset.series && !study_.market.returns && !study_.market.prices) {
        log_.report(
            path + ".series",
            fmt::format("asset '{}' is a series, and the study has no history: add market.returns or market.prices",
                        asset.name));
      }
      if ((bond || asset.cash) && !has_curve()) {
        log_.report(
            path, fmt::format("asset '{}' needs a yield curve: add market.curve or market.curve_history", asset.name));
      }
      if ((asset.inflation_linked || asset.inflation_linked_bond) && !study_.market.inflation) {
        log_.report(path + (asset.inflation_linked ? ".inflation_linked" : ".inflation_linked_bond"),
                    fmt::format("asset '{}' follows prices, and the study has none: add market.inflation", asset.name));
      }
      if (asset.corporate_bond && !study_.market.spreads) {
        log_.report(
            path + ".corporate_bond.spread",
            fmt::format("asset '{}' follows a credit spread, and the study has none: add market.spreads", asset.name));
      }
      if (asset.return_kind == ReturnKind::excess && !study_.market.curve_history &&
          study_.scenarios.measure == Measure::real_world) {
        log_.report(path + ".return", "'return: excess' needs the history's short rate: add market.curve_history");
      }
    }
  }

  void check_market() {
    const MarketParameters& market = study_.market;
    if (market.returns && market.prices) {
      log_.report("market.prices",
                  "'prices' is given together with 'returns' (one follows from the other) leave one out");
    }
    if (sound({"scenarios.model"}) && from_file()) {
      const std::pair<const char*, bool> unused[] = {
          {"market.returns", market.returns.has_value()},
          {"market.prices", market.prices.has_value()},
          {"market.curve", market.curve.has_value()},
          {"market.curve_history", market.curve_history.has_value()},
          {"market.inflation", market.inflation.has_value()},
          {"market.spreads", market.spreads.has_value()},
          {"liabilities", !study_.liabilities.empty()},
          {"balance.funding_ratio", study_.balance.funding_ratio.has_value()},
          {"balance.assets", study_.balance.assets.has_value()},
          {"stress", !study_.stress.empty()}};
      for (const auto& [path, given] : unused) {
        if (!given) continue;
        log_.report(path, fmt::format("'{}' is not used with model: file (the scenarios are the file's; its column "
                                      "'liability' says what is owed) leave it out",
                                      std::string_view(path).substr(std::string_view(path).rfind('.') + 1)));
      }
    }
    if (market.window.from && market.window.to && *market.window.from > *market.window.to) {
      log_.report("market.window.to", fmt::format("'to' is before 'from' ({} < {})", to_string(*market.window.to),
                                                  to_string(*market.window.from)));
    }
  }

  void check_liabilities() {
    if (!sound({"liabilities"})) return;
    for (std::size_t i = 0; i < study_.liabilities.size(); ++i) {
      if (study_.liabilities[i].name == "total") {
        log_.report(fmt::format("liabilities[{}].name", i),
                    "'total' is the name of all liabilities together; choose another");
      }
    }
    if (study_.liabilities.empty()) {
      if (study_.balance.funding_ratio) {
        log_.report("balance.funding_ratio",
                    "'funding_ratio' needs liabilities (it is assets over their present value) "
                    "add liabilities, or give balance.assets instead");
      }
      return;
    }
    if (sound({"market"}) && !has_curve()) {
      log_.report("liabilities", "'liabilities' need a yield curve: add market.curve or market.curve_history");
    }
    if (sound({"balance"}) && !study_.balance.funding_ratio && !study_.balance.assets) {
      log_.report("balance",
                  "'balance' needs funding_ratio or assets (with liabilities, the assets now must be known)");
    }
  }

  void check_measures() {
    if (!sound({"measures.key_rates"})) return;
    const std::vector<double>& nodes = study_.measures.key_rates;
    if (nodes.empty()) log_.report("measures.key_rates", "'key_rates' must have at least one node");
    for (std::size_t i = 1; i < nodes.size(); ++i) {
      if (!(nodes[i] > nodes[i - 1])) {
        log_.report(fmt::format("measures.key_rates[{}]", i),
                    fmt::format("'key_rates' must ascend ({} follows {})", nodes[i], nodes[i - 1]));
      }
    }
  }

  /// The names of a map or list must be assets; where the assets are a file's columns they are checked when it is read.
  void check_asset_name(const std::string& path, const std::string& name) {
    if (study_.assets.empty()) return;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < study_.assets.size(); ++i) {
      if (!log_.sound(fmt::format("assets[{}].name", i))) return;
      names.push_back(study_.assets[i].name);
    }
    if (std::find(names.begin(), names.end(), name) != names.end()) return;
    std::string guess = did_you_mean(name, names);
    log_.report(path, fmt::format("'{}' is not an asset of the study{}{}", name, guess.empty() ? "" : "; ", guess));
  }
  void check_asset_names(const std::string& path, const std::map<std::string, double>& by_asset) {
    for (const auto& [name, weight] : by_asset) check_asset_name(path + "." + name, name);
  }

  void check_balance() {
    const BalanceParameters& balance = study_.balance;
    check_asset_names("balance.current", balance.current);
    if (balance.trading_costs) check_asset_names("balance.trading_costs.by_asset", balance.trading_costs->by_asset);
    if (sound({"balance.current"}) && !balance.current.empty()) {
      double sum = 0.0;
      for (const auto& [name, weight] : balance.current) sum += weight;
      if (std::abs(sum - 1.0) > 1e-9) {
        log_.report("balance.current", fmt::format("'current' weights sum to {:.10g} (they must sum to 1){}", sum,
                                                   std::abs(sum - 100.0) < 1e-6 ? "; 50% is 0.5" : ""));
      }
    }
    if (sound({"balance.current", "optimize"}) && !study_.optimize && balance.current.empty()) {
      log_.report("balance.current",
                  "'current' is missing (without an optimize section, the current weights are what is measured)");
    }
    if (balance.rebalance_every_years && balance.rebalancing == Rebalancing::buy_and_hold &&
        sound({"balance.rebalancing"})) {
      log_.report("balance.rebalance_every_years",
                  "'rebalance_every_years' contradicts rebalancing: buy_and_hold; leave one out");
    }
  }

  void check_views() {
    for (std::size_t v = 0; v < study_.views.size(); ++v) {
      const ViewParameters& view = study_.views[v];
      const std::string path = fmt::format("views[{}]", v);
      if (view.asset) check_asset_name(path + ".asset", *view.asset);
      if (view.with) check_asset_name(path + ".with", *view.with);
      if (view.with && view.with == view.asset) {
        log_.report(path + ".with", fmt::format("'{}' is correlated with itself; name another asset", *view.with));
      }
      if (view.zero_rate && log_.sound(path + ".zero_rate") && (!has_curve() || from_file())) {
        log_.report(path + ".zero_rate",
                    "'zero_rate' needs a simulated yield curve; add market.curve or market.curve_history");
      }
    }
  }

  void check_steps(const std::string& path, const char* key, double years) {
    if (!log_.sound(path) || whole_steps(years, study_.scenarios.steps_per_year)) return;
    log_.report(path, fmt::format("'{}' is not a whole number of steps ({} years at {} steps a year)", key, years,
                                  study_.scenarios.steps_per_year));
  }

  void check_horizons() {
    if (!sound({"scenarios.model", "scenarios.horizon_years", "scenarios.steps_per_year"})) return;
    const ScenarioParameters& scenarios = study_.scenarios;
    const std::optional<double> own_horizon =
        study_.optimize && sound({"optimize.horizon_years"}) ? study_.optimize->horizon_years : std::nullopt;
    if (from_file()) {
      if (own_horizon && *own_horizon != scenarios.horizon_years) {
        log_.report(
            "optimize.horizon_years",
            fmt::format("'optimize.horizon_years' is {} and scenarios.horizon_years {} (with model: file both are "
                        "the horizon of the file's returns) leave it out",
                        *own_horizon, scenarios.horizon_years));
      }
      if (study_.optimize && study_.optimize->policy) {
        log_.report("optimize.policy",
                    "'policy' needs simulated paths (model: file has returns over one period) leave it out");
      }
      return;
    }
    if (own_horizon && *own_horizon > scenarios.horizon_years * (1 + 1e-12)) {
      log_.report("optimize.horizon_years",
                  fmt::format("'optimize.horizon_years' is {} years, longer than scenarios.horizon_years ({})",
                              *own_horizon, scenarios.horizon_years));
    }
    if (own_horizon) check_steps("optimize.horizon_years", "horizon_years", *own_horizon);
    if (study_.optimize && study_.optimize->policy) check_policy(*study_.optimize->policy);
    check_steps("output.report_every_years", "report_every_years", study_.output.report_every_years);
    if (study_.balance.rebalance_every_years) {
      check_steps("balance.rebalance_every_years", "rebalance_every_years", *study_.balance.rebalance_every_years);
    }
  }

  void check_policy(const PolicyParameters& policy) {
    const double longest = study_.scenarios.horizon_years, horizon = policy.horizon_years.value_or(longest);
    const std::string path = "optimize.policy.";
    if (policy.horizon_years) check_steps(path + "horizon_years", "horizon_years", horizon);
    if (horizon > longest * (1 + 1e-12)) {
      log_.report(path + "horizon_years", fmt::format("'policy.horizon_years' is {} years, longer than "
                                                      "scenarios.horizon_years ({})",
                                                      horizon, longest));
    }
    for (std::size_t k = 0; k < policy.change_years.size(); ++k) {
      const std::string item = fmt::format("{}change_years[{}]", path, k);
      check_steps(item, "change_years", policy.change_years[k]);
      if (policy.change_years[k] >= horizon) {
        log_.report(item, fmt::format("weights change after {} years, at or after the policy's horizon ({})",
                                      policy.change_years[k], horizon));
      }
    }
  }

  void check_optimize() {
    const OptimizeParameters& optimize = *study_.optimize;
    if (sound({"optimize.loss", "liabilities", "scenarios.model"}) && optimize.loss == LossKind::surplus &&
        study_.liabilities.empty() && !from_file()) {
      log_.report("optimize.loss",
                  "'loss: surplus' needs liabilities (a surplus is assets less liabilities) add them, or "
                  "write return");
    }
    const ConstraintParameters& constraints = optimize.constraints;
    check_bound("optimize.constraints.min_weight", constraints.min_weight);
    check_bound("optimize.constraints.max_weight", constraints.max_weight);
    check_bounds_agree(constraints);
    for (std::size_t i = 0; i < constraints.groups.size(); ++i) check_group(i, constraints.groups[i]);
    check_asset_names("optimize.benchmark", optimize.benchmark);
    check_asset_names("optimize.risk_budget", optimize.risk_budget);
    if (constraints.tracking_error) {
      check_asset_names("optimize.constraints.tracking_error.benchmark", constraints.tracking_error->benchmark);
    }
    if (optimize.trading_costs) {
      check_asset_names("optimize.trading_costs.from", optimize.trading_costs->from);
      check_bound("optimize.trading_costs.cost", optimize.trading_costs->cost);
    }
    if (constraints.turnover) {
      const std::string path = "optimize.constraints.turnover.from";
      check_asset_names(path, constraints.turnover->from);
      if (constraints.turnover->from.empty() && study_.balance.current.empty() && sound({"balance.current"}) &&
          log_.sound(path)) {
        log_.report(path, "'from' is missing (there is no balance.current to trade from either)");
      }
    }
  }

  void check_bound(const std::string& path, const std::optional<WeightBound>& bound) {
    if (!bound) return;
    // {equity: 0.5} is short for {by_asset: {equity: 0.5}}: the position is that of the name as written.
    check_asset_names(path + ".by_asset", bound->by_asset);
  }

  void check_bounds_agree(const ConstraintParameters& constraints) {
    if (!sound(
            {"optimize.constraints.min_weight", "optimize.constraints.max_weight", "optimize.constraints.long_only"}))
      return;
    const std::optional<WeightBound>&low = constraints.min_weight, &high = constraints.max_weight;
    auto value = [](const std::optional<WeightBound>& bound, const std::string& name) -> std::optional<double> {
      if (!bound) return std::nullopt;
      auto own = bound->by_asset.find(name);
      return own != bound->by_asset.end() ? own->second : bound->all;
    };
    if (low && high && low->all && high->all && *low->all > *high->all) {
      log_.report("optimize.constraints.max_weight",
                  fmt::format("'max_weight' ({}) is less than min_weight ({})", *high->all, *low->all));
    } else {
      std::map<std::string, double> named;
      if (low) named.insert(low->by_asset.begin(), low->by_asset.end());
      if (high) named.insert(high->by_asset.begin(), high->by_asset.end());
      for (const auto& [name, unused] : named) {
        std::optional<double> least = value(low, name), most = value(high, name);
        if (least && most && *least > *most) {
          log_.report("optimize.constraints.max_weight",
                      fmt::format("'max_weight' of '{}' ({}) is less than its min_weight ({})", name, *most, *least));
        }
      }
    }
    bool negative = low && low->all && *low->all < 0;
    if (low) {
      for (const auto& [name, weight] : low->by_asset) negative = negative || weight < 0;
    }
    if (negative && constraints.long_only) {
      log_.report("optimize.constraints.min_weight",
                  "'min_weight' is negative, and long_only is true; write long_only: false");
    }
  }

  void check_group(std::size_t index, const GroupParameters& group) {
    std::string path = fmt::format("optimize.constraints.groups[{}].assets", index);
    if (!log_.sound(path)) return;
    if (group.assets.empty()) log_.report(path, "'assets' of a group must not be empty");
    for (std::size_t k = 0; k < group.assets.size(); ++k) {
      std::string item = fmt::format("{}[{}]", path, k);
      check_asset_name(item, group.assets[k]);
      if (std::find(group.assets.begin(), group.assets.begin() + std::ptrdiff_t(k), group.assets[k]) !=
          group.assets.begin() + std::ptrdiff_t(k)) {
        log_.report(item, fmt::format("'{}' is in the group twice", group.assets[k]));
      }
    }
  }

  const StudyConfig& study_;
  ReadLog& log_;
};

}  // namespace

void check_study(const StudyConfig& config, ReadLog& log) { StudyChecker(config, log).check(); }

}  // namespace ballast

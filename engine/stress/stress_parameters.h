#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/base/date.h"
#include "scenarios/base/describe.h"
#include "scenarios/stress/irrbb.h"

namespace ballast {

/// Windows of the study's own history: the worst ones, or one named by its dates.
struct HistoricalStressParameters {
  int windows = 5;
  double years = 1.0;
  std::optional<Date> from, to;

  static void describe(auto& self, auto&& key) {
    key("windows", self.windows,
        Spec{
            .help = "how many: those in which the surplus falls most, none overlapping another", .min = 1, .max = 100});
    key("years", self.years,
        Spec{.help = "length of a window, a whole number of the history's periods",
             .unit = "years",
             .min = 0,
             .max = 50,
             .exclusive_min = true});
    key("from", self.from, Spec{.help = "one window by its dates instead: after this day"});
    key("to", self.to, Spec{.help = "the day it ends, itself included"});
  }
  void check(auto&& problem) const {
    if (from && !to) problem("to", "is missing (from is given)");
    if (to && !from) problem("from", "is missing (to is given)");
    if (from && to && *to <= *from) problem("to", "is not after from");
  }
};

/// The balance sheet on a grid of equity returns and parallel shifts of the curve.
struct StressGridParameters {
  std::vector<double> asset_returns = {-0.4, -0.3, -0.2, -0.1, 0, 0.1, 0.2};
  std::vector<double> parallel_shifts = {-0.02, -0.015, -0.01, -0.005, 0, 0.005, 0.01, 0.015, 0.02};
  std::vector<std::string> assets;

  static void describe(auto& self, auto&& key) {
    key("asset_returns", self.asset_returns, Spec{.help = "sudden returns of the assets moved", .min = -1, .max = 5});
    key("parallel_shifts", self.parallel_shifts,
        Spec{.help = "added to all continuous zero rates", .min = -0.5, .max = 0.5});
    key("assets", self.assets,
        Spec{.help = "which assets the returns move; left out: the series of class equity_type_1 and equity_type_2"});
  }
  void check(auto&& problem) const {
    if (asset_returns.empty()) problem("asset_returns", "must not be empty");
    if (parallel_shifts.empty()) problem("parallel_shifts", "must not be empty");
  }
};

/// The smallest move of the market that takes the funding ratio below a level.
struct ReverseStressParameters {
  double funding_ratio = 1.0;
  int scenarios = 10000;
  int starts = 12;

  static void describe(auto& self, auto&& key) {
    key("funding_ratio", self.funding_ratio,
        Spec{.help = "the level not to fall below", .min = 0, .max = 10, .exclusive_min = true, .required = true});
    key("scenarios", self.scenarios,
        Spec{.help = "fresh scenarios, at most, whose moves over the risk horizon are the measure of what is likely",
             .min = 100,
             .max = 1e6});
    key("starts", self.starts, Spec{.help = "points from which the search begins", .min = 1, .max = 1000});
  }
};

/// A sudden widening of credit spreads: one for all assets that bear credit risk, or by asset.
struct SpreadShift {
  static constexpr const char* shorthand = "all";
  static constexpr const char* map_shorthand = "by_asset";
  std::optional<double> all;
  std::map<std::string, double> by_asset;

  static void describe(auto& self, auto&& key) {
    key("all", self.all,
        Spec{.help = "of every corporate_bond, and of assets whose credit_quality is not government",
             .min = -0.2,
             .max = 1});
    key("by_asset", self.by_asset, Spec{.help = "of single assets; the others keep theirs", .min = -0.2, .max = 1});
  }
  void check(auto&& problem) const {
    if (all && !by_asset.empty()) problem("by_asset", "is given together with all");
    if (!all && by_asset.empty()) problem("all", "is missing (or by_asset)");
  }
};

/// One entry of the study's list `stress`: a regulator's family, windows of the history, the user's own, or a grid.
struct StressParameters {
  static constexpr const char* shorthand = "standard";
  std::optional<std::string> standard;
  RateFloor floor = RateFloor::none;
  double symmetric_adjustment = 0.0;
  std::optional<std::string> name;
  std::optional<double> parallel_shift;
  std::map<std::string, double> rate_shifts, asset_returns;
  std::optional<HistoricalStressParameters> historical;
  std::optional<StressGridParameters> grid;
  std::optional<ReverseStressParameters> reverse;
  std::optional<double> mortality_factor, inflation_shift;
  std::optional<SpreadShift> spread_shift;

  static void describe(auto& self, auto&& key) {
    key("standard", self.standard,
        Spec{.help = "a regulator's stresses: irrbb_2016/CUR, irrbb_2024/CUR, irrbb_eu_2024_856/CUR with a currency "
                     "such as EUR, solvency2_2015 or solvency2_review2020; see scenarios/stress/STRESSES.md"});
    key("floor", self.floor, Spec{.help = "irrbb: floor of rates after the shock; lower rates stay where they are"});
    key("symmetric_adjustment", self.symmetric_adjustment,
        Spec{.help = "solvency2: of the equity stress, added to 0.39 and 0.49", .min = -0.1, .max = 0.1});
    key("name", self.name, Spec{.help = "of the user's own stress, grid or dated window"});
    key("parallel_shift", self.parallel_shift,
        Spec{.help = "own stress: added to all continuous zero rates", .min = -0.5, .max = 0.5});
    key("rate_shifts", self.rate_shifts,
        Spec{.help = "own stress: added to continuous zero rates, by tenor in years; linear between, flat outside"});
    key("asset_returns", self.asset_returns,
        Spec{.help = "own stress: sudden return of assets, by name; the others follow the rates"});
    key("historical", self.historical, Spec{.help = "windows of the study's own history, as sudden stresses"});
    key("grid", self.grid, Spec{.help = "equity returns against shifts of the curve, every pair: a table of its own"});
    key("reverse", self.reverse,
        Spec{.help = "the smallest move of the market that takes the funding ratio to a level"});
    key("inflation_shift", self.inflation_shift,
        Spec{.help = "own stress: added to expected inflation at all terms, continuous; needs market.inflation",
             .min = -0.2,
             .max = 0.2});
    key("spread_shift", self.spread_shift,
        Spec{.help = "own stress: added to credit spreads, continuous: bonds are re-priced, series change by their "
                     "duration"});
    key("mortality_factor", self.mortality_factor,
        Spec{.help = "own stress: multiplies every probability of death; 0.8: a fifth fewer die each year",
             .min = 0,
             .max = 5});
  }
  void check(auto&& problem) const {
    bool own = parallel_shift || !rate_shifts.empty() || !asset_returns.empty() || mortality_factor ||
               inflation_shift || spread_shift;
    if (int(standard.has_value()) + int(own) + int(historical.has_value()) + int(grid.has_value()) +
            int(reverse.has_value()) !=
        1) {
      problem("", "needs exactly one of standard, historical, grid, reverse, and shocks of one's own");
    } else if ((own || grid) && !name) {
      problem("name", "is missing (a stress of one's own needs one)");
    } else if (name && (standard || reverse || (historical && !historical->from))) {
      problem("name", "is only for a stress of one's own, a grid or a dated window");
    }
    bool irrbb = standard && standard->starts_with("irrbb");
    if (floor != RateFloor::none && !irrbb) problem("floor", "is only for irrbb");
    if (symmetric_adjustment != 0.0 && !(standard && !irrbb)) {
      problem("symmetric_adjustment", "is only for solvency2");
    }
    if (parallel_shift && !rate_shifts.empty()) problem("rate_shifts", "is given together with parallel_shift");
  }
};

}  // namespace ballast

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/liabilities/liability_parameters.h"
#include "engine/optimize/optimize_parameters.h"
#include "engine/portfolio/portfolio_parameters.h"
#include "engine/stress/stress_parameters.h"
#include "scenarios/base/date.h"
#include "scenarios/base/describe.h"
#include "scenarios/market/market_parameters.h"
#include "scenarios/models/model_parameters.h"
#include "scenarios/views/view_parameters.h"

namespace ballast {

/// Study section `study`.
struct StudyParameters {
  std::string name;
  std::uint64_t seed = 0;
  std::optional<Date> valuation_date;

  static void describe(auto& self, auto&& key) {
    key("name", self.name, Spec{.help = "name of the study", .required = true});
    key("seed", self.seed, Spec{.help = "seed of all random numbers", .required = true});
    key("valuation_date", self.valuation_date,
        Spec{.help = "times count from here; default: the history's last date", .empty = "auto"});
  }
};

/// Study section `output`.
struct OutputParameters {
  InputPath directory{"results"};
  double report_every_years = 1.0;
  bool zero_rates = false;
  bool key_rate_durations = false;
  bool float32 = false;
  int compression = 0;
  bool report = true;

  static void describe(auto& self, auto&& key) {
    key("directory", self.directory, Spec{.help = "where results go, relative to the study file"});
    key("report_every_years", self.report_every_years,
        Spec{.help = "time between reported (and valued) times, a whole number of steps",
             .unit = "years",
             .min = 0,
             .exclusive_min = true});
    key("zero_rates", self.zero_rates, Spec{.help = "write zero_rate(scenario, time, tenor) to results.h5"});
    key("key_rate_durations", self.key_rate_durations,
        Spec{.help = "write the liabilities' measures on every scenario and time, key-rate durations among them, to "
                     "results.h5, and their quantiles"});
    key("float32", self.float32, Spec{.help = "store the datasets over scenarios as 32-bit numbers"});
    key("compression", self.compression,
        Spec{.help = "gzip level of the datasets over scenarios, 1 (fast) to 9; 0: none, which is fastest by far",
             .min = 0,
             .max = 9});
    key("report", self.report, Spec{.help = "write report.html, the page of results"});
  }
};

/// A whole study, as the user writes it.
struct StudyConfig {
  StudyParameters study;
  ScenarioParameters scenarios;
  MarketParameters market;
  std::vector<AssetParameters> assets;
  std::vector<LiabilityParameters> liabilities;
  MeasureParameters measures;
  BalanceParameters balance;
  std::optional<OptimizeParameters> optimize;
  std::vector<StressParameters> stress;
  std::vector<ViewParameters> views;
  OutputParameters output;
  std::map<std::string, std::vector<std::string>> sweep;

  static void describe(auto& self, auto&& key) {
    key("study", self.study, Spec{.help = "name, seed and valuation date", .required = true});
    key("scenarios", self.scenarios, Spec{.help = "how many, how long, by which model", .required = true});
    key("market", self.market, Spec{.help = "history and yield curve"});
    key("assets", self.assets, Spec{.help = "what may be held; model: file defaults to the file's columns"});
    key("liabilities", self.liabilities, Spec{.help = "what has to be paid"});
    key("measures", self.measures, Spec{.help = "conventions of durations"});
    key("balance", self.balance, Spec{.help = "assets now, and what happens to the weights over time"});
    key("optimize", self.optimize, Spec{.help = "the optimal weights; without it the current ones are measured"});
    key("stress", self.stress, Spec{.help = "sudden stresses of the balance sheet at the valuation date"});
    key("views", self.views,
        Spec{.help = "views on assets and rates at the risk horizon that re-weight the scenarios (entropy pooling)"});
    key("output", self.output, Spec{.help = "where and how much"});
    key("sweep", self.sweep,
        Spec{.help = "values of keys, {scenarios.horizon_years: [10, 20]}: one study for each combination, chosen by "
                     "'ballast run --sweep-index'"});
  }
};

}  // namespace ballast

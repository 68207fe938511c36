#include "tests/engine/example_results.h"

#include <cmath>
#include <fstream>
#include <sstream>

#include <unistd.h>

#include "engine/output/results_datasets.h"
#include "scenarios/io/input_files.h"

namespace ballast::example {

Folder::Folder() {
  static int count = 0;
  path_ = std::filesystem::temp_directory_path() /
          ("ballast_output_" + std::to_string(::getpid()) + "_" + std::to_string(++count));
  std::filesystem::create_directories(path_);
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::size_t Folder::files() const {
  return std::size_t(std::distance(std::filesystem::directory_iterator(path_), std::filesystem::directory_iterator()));
}

std::string content(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream all;
  all << stream.rdbuf();
  return all.str();
}

ResultsLayout full_layout() {
  ResultsLayout layout;
  layout.scenarios = 2500;
  layout.optimise_scenarios = 1500;
  layout.asset_names = {"equity", "bonds (€)"};
  layout.liability_names = {"pensions", "annuities"};
  layout.times = {0, 1, 2};
  layout.curve_tenors = {1, 5, 10, 30};
  layout.key_rate_tenors = {1, 5, 30};
  layout.view_tenors = {10};
  layout.quantile_levels = {0.05, 0.5, 0.95};
  layout.liabilities = layout.balance = layout.zero_rate = layout.liability_measures = layout.inflation = true;
  layout.horizon_liability = layout.current_balance = layout.rates = layout.price_index = true;
  layout.spread_names = {"aa_5y", "bbb_5y"};
  return layout;
}

double value(int dataset, std::uint64_t scenario, std::size_t row) {
  return 1000.0 * dataset + double(scenario) / 3.0 + 0.01 * double(row);
}

namespace {

LaneArray rows(int dataset, std::uint64_t first, std::size_t scenarios, std::size_t count) {
  LaneArray array(count, scenarios);
  for (std::size_t r = 0; r < count; ++r) {
    for (std::size_t s = 0; s < array.lanes(); ++s) {
      array(r, s) = s < scenarios ? value(dataset, first + s, r) : -1e300;  // padding must not get into the file
    }
  }
  return array;
}

Distribution distribution(double middle) { return {{middle, 0.01}, {middle - 1, middle, middle + 1}}; }

LiabilityResult liability(const char* name, double pv) {
  LiabilityResult one;
  one.name = name;
  one.pv = pv;
  one.macaulay_duration = 12.5;
  one.modified_duration = 12.25;
  one.convexity = 210.0;
  one.effective_duration = 12.2501;
  one.dv01 = pv * 12.2501e-4;
  one.inflation_duration = 3.5;
  one.key_rate_durations = {0.25, 2.0, 10.0};
  one.instrument_changes = {-pv * 1e-5, -pv * 2e-4};
  one.flow_times = {1, 10, 40};
  one.flow_amounts = {100, 1000.0 / 3, 50};
  return one;
}

}  // namespace

EvaluateBlock block(const ResultsLayout& layout, std::uint64_t first) {
  EvaluateBlock b;
  b.first_scenario = first;
  b.scenarios = std::size_t(std::min<std::uint64_t>(kBlockScenarios, layout.scenarios - first));
  const std::size_t times = layout.times.size();
  b.asset_return = rows(1, first, b.scenarios, layout.asset_names.size());
  if (layout.liabilities) {
    b.liability_pv = rows(2, first, b.scenarios, times);
    b.liability_duration = rows(3, first, b.scenarios, times);
  }
  if (layout.balance) {
    b.assets_value = rows(4, first, b.scenarios, times);
    b.surplus = rows(5, first, b.scenarios, times);
    b.funding_ratio = rows(6, first, b.scenarios, times);
    if (first == 0) b.funding_ratio(2, 7) = std::nan("");
  }
  b.horizon_zero_rate = rows(16, first, b.scenarios, layout.view_tenors.size());
  if (layout.horizon_liability) b.horizon_liability = rows(12, first, b.scenarios, 1);
  if (layout.current_balance) {
    b.current_assets_value = rows(13, first, b.scenarios, times);
    b.current_surplus = rows(14, first, b.scenarios, times);
    b.current_funding_ratio = rows(15, first, b.scenarios, times);
  }
  if (layout.rates) {
    b.short_rate = rows(16, first, b.scenarios, times);
    b.ten_year_rate = rows(17, first, b.scenarios, times);
  }
  if (layout.zero_rate) b.zero_rate = rows(7, first, b.scenarios, times * layout.curve_tenors.size());
  if (layout.price_index) b.price_index = rows(18, first, b.scenarios, times);
  b.credit_spread = rows(19, first, b.scenarios, times * layout.spread_names.size());
  if (layout.liability_measures) {
    b.liability_effective_duration = rows(20, first, b.scenarios, times);
    b.liability_dv01 = rows(21, first, b.scenarios, times);
    b.liability_convexity = rows(8, first, b.scenarios, times);
    b.liability_modified_duration = rows(12, first, b.scenarios, times);
    b.liability_inflation_duration = rows(13, first, b.scenarios, times);
    b.liability_key_rate_duration = rows(9, first, b.scenarios, times * layout.key_rate_tenors.size());
    b.pv_by_liability.push_back(rows(10, first, b.scenarios, times));
    b.pv_by_liability.push_back(rows(11, first, b.scenarios, times));
  }
  return b;
}

Results full_results() {
  ResultsLayout layout = full_layout();
  Results r;
  r.study_name = "example, \"full\"";
  r.valuation_date = "2025-12-31";
  r.seed = 18446744073709551615u;
  r.scenarios = layout.scenarios;
  r.optimise_scenarios = layout.optimise_scenarios;
  r.resolved_config = "study: {name: example}\n";
  r.weights_sha256 = sha256_hex("asset,weight\n");
  r.original_study = "# mine\nstudy: {name: example}\n";
  r.compounding = "annual";
  std::string bytes("a\0b\xff\n", 5);
  r.inputs = {{"../data/curve.csv", sha256_hex("Maturity,Rate\n1,0.03\n"), "Maturity,Rate\n1,0.03\n"},
              {"own.h5", sha256_hex(bytes), bytes},
              {"empty.csv", sha256_hex(""), ""}};
  r.asset_names = layout.asset_names;
  r.key_rate_tenors = layout.key_rate_tenors;
  r.instrument_tenors = {1, 10};
  r.curve_tenors = layout.curve_tenors;
  r.curve_zero_rates = {0.02, 0.025, 0.03, 0.03};
  r.quantile_levels = layout.quantile_levels;
  r.times = layout.times;
  r.risk_horizon_years = 1.0;
  r.confidence = 0.95;
  r.history_years = 65.5;
  r.notes = {"history: 1953-05 to 2018-11"};
  r.liability = liability("total", 2895082.73);
  r.liabilities = {liability("pensions", 2000000.5), liability("annuities", 895082.23)};
  r.balance = BalanceResult{3039836.87, 2895082.73, 144754.14, 1.05, 7.5, 5.0, std::nullopt, {0.5, 3, 4}, {1, -2, -3}};
  r.assets = {{"equity", "undeclared", 0.0, 0.0, {0, 0, 0}, {}, {}},
              {"bonds (€)", "curve", std::nullopt, std::nullopt, {}, {1, 15}, {0.03, 1.03}}};
  r.portfolio = PortfolioResult{"optimal",     {0.25, 0.75},  {0.041, 1e-4}, {0.062, 2e-4},
                                {0.33, 0.004}, {0.061, 9e-4}, {0.085, 1e-3}};
  r.current =
      PortfolioResult{"current", {0.5, 0.5}, {0.051, 1e-4}, {0.092, 2e-4}, {0.31, 0.004}, {0.1, 9e-4}, {0.14, 1e-3}};
  r.risk = {{"return", "optimal", 1, 0.95, "fraction of initial assets", "evaluate", {0.061, 9e-4}, {0.085, 1e-3}},
            {"surplus", "optimal", 1, 0.95, "fraction of initial assets", "evaluate", {0.07, 9e-4}, {0.1, 1e-3}}};
  OptimizerResult o;
  o.objective = "min_cvar";
  o.loss = "surplus";
  o.status = "certified";
  o.value = 0.1 / 3;
  o.lower_bound = 0.1 / 3 - 1e-9;
  o.relative_gap = 3e-8;
  o.iterations = 12;
  o.seconds = 0.0625;
  o.scenarios = 1500;
  o.fresh = {0.034, 0.0004};
  o.optimism = 0.034 - 0.1 / 3;
  o.residual = 1e-10;
  o.shadow_prices = {{"optimize.constraints.min_return", 0.04, 0.7}};
  o.worst_case = {{"own", 1500, {0.1 / 3, 4e-4}}, {"stress 'lower'", 1500, {0.03, 3e-4}}};
  o.reduced_costs.assign(r.asset_names.size(), 0.001);
  r.optimizer = o;
  for (const char* portfolio : {"optimal", "current"}) {
    r.contributions.push_back({portfolio,
                               "return",
                               "evaluate",
                               0.95,
                               std::vector<Estimate>(r.asset_names.size(), Estimate{0.04, 0.001}),
                               {0.0, 0.0}});
  }
  for (double t : layout.times) {
    ProjectionRow row;
    row.time = t;
    row.liability_pv = distribution(2.9e6 - 1e5 * t);
    row.liability_duration = distribution(12.5 - t);
    row.assets = distribution(3e6);
    row.surplus = distribution(1e5);
    row.funding_ratio = distribution(t == 2 ? std::nan("") : 1.5);
    row.shortfall_probability = {0.2 + t / 10, 0.003};
    r.projection.push_back(row);
    row.assets = distribution(3.1e6);
    r.projection_current.push_back(row);
    r.rates.push_back({t, distribution(0.02), distribution(0.03), distribution(0.01), 0.05});
  }
  auto quantity = [&](const char* name, const char* of, const char* unit) {
    return QuantityDistributions{name, of, unit, std::vector<Distribution>(layout.times.size(), distribution(3.0))};
  };
  r.liability_measures = {quantity("liability_modified_duration", "", units::years),
                          quantity("liability_effective_duration", "", units::years),
                          quantity("liability_convexity", "", units::years_squared),
                          quantity("liability_dv01", "", units::currency),
                          quantity("liability_inflation_duration", "", units::years)};
  for (const char* node : {"1", "5", "30"}) {
    r.liability_measures.push_back(quantity("liability_key_rate_duration", node, units::years));
  }
  r.market_levels = {quantity("price_index", "", units::fraction), quantity("credit_spread", "aa_5y", units::rate),
                     quantity("credit_spread", "bbb_5y", units::rate)};
  r.seconds = 1.5;
  r.threads = 2;
  r.peak_memory_bytes = 123456789;
  FrontierPoint point;
  point.weights.assign(r.asset_names.size(), 1.0 / double(r.asset_names.size()));
  point.value = 0.1;
  point.lower_bound = 0.0999999;
  point.relative_gap = 1e-6;
  point.status = "optimal";
  point.fresh = {0.101, 0.002};
  point.band = FrontierBand{0.03, 0.05, 0.095, 0.107};
  r.frontier = {point, point};
  PolicyResult policy;
  policy.measure = "terminal_cvar";
  policy.horizon_years = 2;
  policy.from_years = {0, 1};
  policy.weights.assign(2, point.weights);
  policy.start_values = {0.1};
  policy.fresh = {0.12, 0.01};
  policy.projection = r.projection;
  r.policy = policy;
  r.views = {{"evaluate", "mean of equity", "=", 0.05, 1.0, 0.06, 0.05}};
  r.view_sets = {{"evaluate", 2500, 2300.5, 2100.25, 0.08, 1e-12}};
  r.regimes = {{"2025-11-30", 1, 0.7, 0.75}, {"2025-11-30", 2, 0.3, 0.25}};
  r.validation.rows = {{"history", "equity", "volatility", 0.04, {0.041, 1e-4}, 0.002},
                       {"theory", "equity", "mean growth factor", 1.005, {1.2, 1e-3}, 0.0}};
  r.validation.scenarios = 1024;
  r.validation.steps = 360;
  judge(r.validation, 0.05);
  for (const char* name : {"base", "irrbb_2024/EUR parallel_up"}) {
    for (const char* portfolio : {"optimal", "current"}) {
      StressRow row;
      row.name = name;
      row.portfolio = portfolio;
      row.assets = 100;
      row.liability_pv = 80;
      row.liability_duration = 7;
      row.surplus = 20;
      row.funding_ratio = 1.25;
      row.asset_shocks.assign(r.asset_names.size(), -0.1);
      row.rate_shocks.assign(r.curve_tenors.size(), 0.02);
      r.stress.push_back(row);
    }
  }
  r.capital = {{"irrbb_2024/EUR", "optimal", "largest", {"parallel_up", "parallel_down"}, {12.5, 0}, 12.5, 20}};
  r.stress_grids = {
      {"equity and rates", "optimal", {"equity"}, {-0.2, 0}, {0, 0.01, 0.02}, {1, 2, 3, 4, 5, 6}, {6, 5, 4, 3, 2, 1}}};
  ReverseStress reverse;
  reverse.portfolio = "optimal";
  reverse.status = "found";
  reverse.level = 0.9;
  reverse.distance = 2.5;
  reverse.row = r.stress[2];
  r.reverse_stress = {reverse};
  return r;
}

void write(const std::string& path, const ResultsLayout& layout, const Results& results) {
  ResultsFile file(path, layout);
  if (layout.optimise_scenarios > 0) {
    OptimiseSet set;
    set.scenarios = layout.optimise_scenarios;
    set.assets = layout.asset_names.size();
    std::vector<double> returns;
    for (std::uint64_t k = 0; k < set.scenarios * set.assets; ++k) returns.push_back(double(k) / 7.0);
    set.asset_return = returns.data();
    set.liability.assign(set.scenarios, 0.95);
    set.probability.assign(set.scenarios, 1.0 / double(set.scenarios));
    file.write_optimise(set);
  }
  for (std::uint64_t s = 0; s < layout.scenarios; s += kBlockScenarios) file.append(block(layout, s));
  file.write_probability(std::vector<double>(layout.scenarios, 1.0 / double(layout.scenarios)));
  file.finish(results);
}

ResultsLayout returns_layout() {
  ResultsLayout layout;
  layout.scenarios = 100;
  layout.asset_names = {"a", "b"};
  return layout;
}

Results returns_results() {
  Results full = full_results(), r;
  r.study_name = "own scenarios";
  r.seed = 1;
  r.scenarios = 100;
  r.asset_names = {"a", "b"};
  r.risk_horizon_years = 1.0;
  r.confidence = 0.99;
  r.portfolio = full.portfolio;
  r.risk = {full.risk[0]};
  r.optimizer = full.optimizer;
  r.optimizer->lower_bound.reset();
  r.optimizer->relative_gap.reset();
  r.optimizer->status = "local";
  return r;
}

}  // namespace ballast::example

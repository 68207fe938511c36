#include <cmath>

#include <doctest/doctest.h>

#include "engine/study/study_views.h"
#include "scenarios/base/error.h"
#include "scenarios/io/hdf5.h"
#include "scenarios/random/normal.h"
#include "scenarios/stats/moments.h"
#include "scenarios/stats/quantile.h"
#include "scenarios/stats/tail.h"
#include "tests/engine/study/study_fixture.h"

using namespace ballast;
using doctest::Approx;

namespace {

const std::vector<std::string> kAssets = {"equity", "bonds"};

/// Two normal assets and one zero rate.
HorizonScenarios normal_set(std::uint64_t seed, std::uint64_t scenarios) {
  PcgSequence sequence(seed, Sequence::optimise);
  HorizonScenarios set;
  set.scenarios = scenarios;
  set.assets = 2;
  set.asset_return.resize(scenarios * 2);
  for (std::uint64_t s = 0; s < scenarios; ++s) {
    double a = inverse_normal(sequence.uniform(3 * s)), b = inverse_normal(sequence.uniform(3 * s + 1));
    set.asset_return[2 * s] = 0.06 + 0.2 * a;
    set.asset_return[2 * s + 1] = 0.02 + 0.05 * (0.5 * a + std::sqrt(0.75) * b);
    set.zero_rates.push_back(0.03 + 0.01 * inverse_normal(sequence.uniform(3 * s + 2)));
  }
  return set;
}

std::vector<double> column(const HorizonScenarios& set, std::size_t asset) {
  std::vector<double> x;
  for (std::uint64_t s = 0; s < set.scenarios; ++s) x.push_back(set.asset_return[s * 2 + asset]);
  return x;
}

ViewParameters view(ViewKind kind, const char* asset, double equals) {
  ViewParameters v;
  v.kind = kind;
  if (asset) v.asset = asset;
  if (!asset) v.zero_rate = 10.0;
  v.equals = equals;
  return v;
}

const char* kStudy = R"(
study: {name: views, seed: 5, valuation_date: 2025-12-31}
scenarios: {count: 2000, horizon_years: 2, steps_per_year: 12, model: normal}
market: {returns: market_returns_monthly.csv, curve: yield_curve.csv, curve_history: yield_curve_monthly.csv}
assets: [{name: equity, series: equity_world}, {name: bonds, constant_maturity_years: 10}, {name: cash, cash: true}]
liabilities: [{name: pensions, cashflows: liability_cashflows.csv}]
balance: {funding_ratio: 1.05, current: {equity: 0.4, bonds: 0.5, cash: 0.1}}
optimize: {objective: min_cvar, loss: surplus, confidence: 0.95, horizon_years: 1}
)";

}  // namespace

TEST_CASE("views of every kind hold under the new probabilities") {
  HorizonScenarios set = normal_set(1, 20000);
  std::vector<ViewParameters> views = {view(ViewKind::mean, "equity", 0.03), view(ViewKind::volatility, "equity", 0.24),
                                       view(ViewKind::correlation, "equity", 0.2), view(ViewKind::mean, nullptr, 0.034),
                                       view(ViewKind::probability, "bonds", 0.25)};
  views[2].with = "bonds";
  views[4].below = -0.02;
  views[4].equals.reset();
  views[4].at_least = 0.25;
  Results results;
  apply_views(views, kAssets, "evaluate", set, results);
  std::vector<double> e = column(set, 0), b = column(set, 1);
  CHECK(mean(e, set.probability) == Approx(0.03).epsilon(1e-8));
  CHECK(standard_deviation(e, set.probability) == Approx(0.24).epsilon(1e-8));
  CHECK(mean(set.zero_rates, set.probability) == Approx(0.034).epsilon(1e-8));
  Eigen::MatrixXd both(20000, 2);
  for (Eigen::Index s = 0; s < 20000; ++s) both.row(s) << e[std::size_t(s)], b[std::size_t(s)];
  CHECK(correlation(covariance(both, set.probability))(0, 1) == Approx(0.2).epsilon(1e-6));
  // What a correlation view holds: the other asset's mean and volatility.
  CHECK(mean(b, set.probability) == Approx(mean(b)).epsilon(1e-8));
  REQUIRE(results.views.size() == 5);
  for (const ViewRow& row : results.views) {
    if (row.relation == "=") CHECK(row.posterior == Approx(row.target).epsilon(1e-6));
  }
  CHECK(results.views[4].posterior >= 0.25 - 1e-9);
  REQUIRE(results.view_sets.size() == 1);
  CHECK(results.view_sets[0].effective_by_squares < results.view_sets[0].effective_by_entropy);
  CHECK(results.view_sets[0].effective_by_entropy < 20000);
  CHECK(results.view_sets[0].largest_residual < 1e-10);

  // A quantile: the probability of falling to the value or below is the level.
  HorizonScenarios fresh = normal_set(2, 20000);
  ViewParameters tail = view(ViewKind::quantile, "equity", -0.35);
  tail.level = 0.05;
  apply_views({tail}, kAssets, "evaluate", fresh, results);
  CHECK(quantile(column(fresh, 0), fresh.probability, 0.05) == Approx(-0.35).epsilon(0.01));
}

TEST_CASE("confidence pools the views' probabilities with the model's, in layers") {
  // Meucci (2008), section 3.2: p = (1 - c) prior + c posterior.
  HorizonScenarios full = normal_set(3, 5000), half = normal_set(3, 5000), layers = normal_set(3, 5000);
  ViewParameters firm = view(ViewKind::mean, "equity", 0.0), loose = firm;
  Results results;
  apply_views({firm}, kAssets, "evaluate", full, results);
  loose.confidence = 0.4;
  apply_views({loose}, kAssets, "evaluate", half, results);
  ViewParameters other = view(ViewKind::mean, "bonds", 0.03);
  other.confidence = 0.3;
  apply_views({firm, other}, kAssets, "evaluate", layers, results);
  HorizonScenarios two = normal_set(3, 5000);
  other.confidence = 1.0;
  apply_views({firm, other}, kAssets, "evaluate", two, results);
  for (std::size_t s = 0; s < 5000; s += 101) {
    CHECK(half.probability[s] == Approx(0.6 / 5000 + 0.4 * full.probability[s]));
    CHECK(layers.probability[s] == Approx(0.7 * full.probability[s] + 0.3 * two.probability[s]));
  }
}

TEST_CASE("standard errors under a view are the spread of repeated estimates") {
  const int repetitions = 200;
  double square_bonds = 0, square_cvar = 0, stated_bonds = 0, stated_cvar = 0, mean_bonds = 0, mean_cvar = 0;
  for (int r = 0; r < repetitions; ++r) {
    HorizonScenarios set = normal_set(100 + std::uint64_t(r), 2000);
    Results unused;
    apply_views({view(ViewKind::mean, "equity", 0.02)}, kAssets, "evaluate", set, unused);
    std::vector<double> e = column(set, 0), b = column(set, 1);
    double bonds = mean(b, set.probability);
    for (double& x : b) x -= bonds;
    for (double& x : e) x = -x;
    TailMeasures tail = tail_measures(e, 0.95, set.weights());
    stated_bonds += standard_error(b, set.weights()) / repetitions;
    stated_cvar += tail.cvar_standard_error / repetitions;
    mean_bonds += bonds / repetitions, mean_cvar += tail.cvar / repetitions;
    square_bonds += bonds * bonds / repetitions, square_cvar += tail.cvar * tail.cvar / repetitions;
  }
  // The spread of 200 repetitions is known to 5%. Without the view the mean of bonds would have an error of 0.05 /
  // sqrt(2000); with it only what equity does not explain is left, sqrt(3/4) of that.
  double spread_bonds = std::sqrt(square_bonds - mean_bonds * mean_bonds);
  double spread_cvar = std::sqrt(square_cvar - mean_cvar * mean_cvar);
  CHECK(stated_bonds == Approx(0.05 * std::sqrt(0.75) / std::sqrt(2000.0)).epsilon(0.05));
  CHECK(stated_bonds / spread_bonds == Approx(1).epsilon(0.25));
  CHECK(stated_cvar / spread_cvar == Approx(1).epsilon(0.25));
}

TEST_CASE("standard errors know which moments a view keeps as they are estimated, and how firmly it is held") {
  ViewParameters loose = view(ViewKind::mean, "equity", 0.02), firmer = view(ViewKind::mean, "bonds", 0.0);
  loose.confidence = 0.5, firmer.confidence = 0.8;
  ViewParameters correlation = view(ViewKind::correlation, "equity", 0.2);
  correlation.with = "bonds";
  const std::vector<std::vector<ViewParameters>> cases = {
      {view(ViewKind::volatility, "equity", 0.12)}, {correlation}, {loose}, {loose, firmer}};
  const int repetitions = 200;
  for (std::size_t c = 0; c < cases.size(); ++c) {
    double sum[2] = {}, square[2] = {}, stated[2] = {};  // of the mean and of the variance of equity
    for (int r = 0; r < repetitions; ++r) {
      HorizonScenarios set = normal_set(500 + std::uint64_t(r), 1000);
      Results unused;
      apply_views(cases[c], kAssets, "evaluate", set, unused);
      std::vector<double> e = column(set, 0);
      const double m = mean(e, set.probability), sd = standard_deviation(e, set.probability);
      const double estimate[] = {m, sd * sd};
      for (double& x : e) x -= m;
      stated[0] += standard_error(e, set.weights()) / repetitions;
      for (double& x : e) x = x * x - sd * sd;
      stated[1] += standard_error(e, set.weights()) / repetitions;
      for (int k : {0, 1}) {
        sum[k] += estimate[k] / repetitions;
        square[k] += estimate[k] * estimate[k] / repetitions;
      }
    }
    for (int k : {0, 1}) {
      CAPTURE(c);
      CAPTURE(k);
      const double spread = std::sqrt(std::max(0.0, square[k] - sum[k] * sum[k]));
      if (c == 0 && k == 1) {
        CHECK(stated[k] < 1e-9);  // the variance is the view
      } else {
        CHECK(stated[k] / spread == Approx(1).epsilon(0.25));  // 5 standard errors of the spread
      }
    }
  }
}

TEST_CASE("views that no scenarios allow are refused by name") {
  Results unused;
  auto refusal = [&](const std::vector<ViewParameters>& views) -> std::string {
    HorizonScenarios set = normal_set(4, 500);
    try {
      apply_views(views, kAssets, "optimise", set, unused);
    } catch (const NoSolutionError& error) {
      CHECK(error.code() == ExitCode::no_solution);
      return error.what();
    }
    return "";
  };
  CHECK(refusal({view(ViewKind::mean, "equity", 5.0)}).find("views[0] (mean of equity = 5)") != std::string::npos);
  ViewParameters low = view(ViewKind::mean, "equity", 0.05), high = low, harmless = view(ViewKind::mean, "bonds", 0.02);
  high.equals.reset();
  high.at_least = 0.1;
  std::string text = refusal({harmless, low, high});
  CHECK(text.find("views[1]") != std::string::npos);
  CHECK(text.find("views[2]") != std::string::npos);
  CHECK(text.find("views[0]") == std::string::npos);
}

TEST_CASE("a study's views re-weight both sets, and every later stage") {
  test::TemporaryFolder folder;
  Results plain = test::run_text(kStudy, test::data_folder(), folder.path("plain"));
  std::string text = std::string(kStudy) +
                     "views:\n  - {kind: mean, asset: equity, equals: 0.0}\n"
                     "  - {kind: mean, zero_rate: 10, at_least: 0.05}\n";
  Results viewed = test::run_text(text, test::data_folder(), folder.path("viewed"));
  CHECK(plain.views.empty());
  REQUIRE(viewed.views.size() == 4);
  CHECK(viewed.views[0].sample == "optimise");
  CHECK(viewed.views[2].sample == "evaluate");
  for (const ViewRow& row : viewed.views) {
    if (row.relation == "=") CHECK(row.posterior == Approx(0.0).epsilon(1e-8));
    if (row.relation == ">=") CHECK(row.posterior >= 0.05 - 1e-9);
  }
  CHECK(viewed.portfolio->weights[0] < plain.portfolio->weights[0] + 1e-9);
  hdf5::File file = hdf5::File::open(folder.path("viewed/results.h5"));
  std::vector<double> p = file.open_dataset("probability").read_doubles();
  CHECK(file.open_group("optimise").contains("probability"));
  CHECK_FALSE(hdf5::File::open(folder.path("plain/results.h5")).contains("probability"));
  // Measures and projections are those of the probabilities in the file.
  std::vector<double> rates = file.open_dataset("ten_year_rate").read_doubles();
  std::size_t times = viewed.times.size();
  double at_horizon = 0.0;
  for (std::size_t s = 0; s < p.size(); ++s) at_horizon += p[s] * rates[s * times + 1];
  CHECK(at_horizon >= 0.05 - 1e-9);
  CHECK(viewed.rates[1].ten_year_rate.mean.value == Approx(at_horizon).epsilon(1e-12));
  std::vector<double> returns = file.open_dataset("asset_return").read_doubles();
  double equity = 0.0, held = 0.0;
  for (std::size_t s = 0; s < p.size(); ++s) {
    equity += p[s] * returns[3 * s];
    for (std::size_t i = 0; i < 3; ++i) held += p[s] * viewed.portfolio->weights[i] * returns[3 * s + i];
  }
  CHECK(std::abs(equity) < 1e-9);
  CHECK(viewed.portfolio->expected_return.value == Approx(held).epsilon(1e-10));
}

TEST_CASE("a policy knows the views: what they say holds on its paths and is felt in its value") {
  test::TemporaryFolder folder;
  const std::vector<Override> small = {
      parse_override("scenarios.count=1100"),
      parse_override("scenarios.horizon_years=3"),
      parse_override("optimize.policy.scenarios=700"),
      parse_override("optimize.policy.starts=1"),
      parse_override("optimize.policy.max_evaluations=60"),
      parse_override("optimize.constraints.max_weight=0.34")};  // so that views change the scenarios, not the weights
  auto run = [&](const std::string& name, const std::string& views) {
    return test::run_text(kStudy + views, test::data_folder(), folder.path(name), small);
  };
  const Results plain = run("plain", "");
  const Results idle = run("idle", "views: [{kind: mean, asset: equity, at_least: -0.5}]\n");
  const Results gloomy = run("gloomy", "views: [{kind: mean, asset: equity, equals: -0.03}]\n");
  REQUIRE(gloomy.policy);
  REQUIRE(gloomy.view_sets.size() == 3);
  CHECK(gloomy.view_sets.back().sample == "policy");
  CHECK(gloomy.view_sets.back().scenarios == 700);
  CHECK(gloomy.views.back().sample == "policy");
  CHECK(gloomy.views.back().posterior == Approx(-0.03).epsilon(1e-8));
  CHECK(idle.policy->value == Approx(plain.policy->value).epsilon(1e-9));
  CHECK(idle.policy->fresh.value == Approx(plain.policy->fresh.value).epsilon(1e-9));
  CHECK(gloomy.policy->value > plain.policy->value + 1e-4);
  CHECK(gloomy.policy->fresh.value > plain.policy->fresh.value + 1e-4);
  CHECK(gloomy.policy->projection.back().assets.mean.value < plain.policy->projection.back().assets.mean.value);
}

TEST_CASE("every sampling runs a whole study and says where its standard errors come from") {
  test::TemporaryFolder folder;
  Results plain = test::run_text(kStudy, test::data_folder(), folder.path("pseudo"));
  CHECK(plain.replications == 0);
  for (auto [kind, clusters] :
       {std::pair{"antithetic", 1000}, {"moment_matching", 8}, {"stratified", 8}, {"sobol", 16}}) {
    CAPTURE(kind);
    std::string text = std::string(kStudy);
    text.replace(text.find("model: normal"), 13, std::string("model: normal, sampling: ") + kind);
    Results r = test::run_text(text, test::data_folder(), folder.path(kind));
    CHECK(r.sampling == kind);
    CHECK(r.replications == std::uint64_t(clusters));
    auto z = [](const Estimate& a, const Estimate& b) {
      return std::abs(a.value - b.value) / std::hypot(a.standard_error, b.standard_error);
    };
    // Weights differ with the scenarios that they were fitted to; those of today do not.
    CHECK(z(r.current->expected_return, plain.current->expected_return) < 5);
    CHECK(z(r.current->cvar, plain.current->cvar) < 5);
    CHECK(r.current->expected_return.standard_error < plain.current->expected_return.standard_error);
    CHECK(r.projection[1].assets.mean.standard_error < plain.projection[1].assets.mean.standard_error);
  }
}

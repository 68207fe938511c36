#include <fstream>

#include <doctest/doctest.h>

#include "engine/optimize/cvar.h"
#include "engine/optimize/min_cvar.h"
#include "scenarios/base/parallel.h"
#include "tests/engine/optimize/instance_file.h"
#include "tests/folders.h"

using namespace ballast;
using namespace ballast::test;

namespace {

nlohmann::json recorded() {
  std::ifstream in(source_folder() + "/tests/engine/optimize/data/cvar_optima.json");
  REQUIRE(in.good());
  return nlohmann::json::parse(in);
}

/// The weights and the best auxiliary variables: the least that turnover, leverage, shorts and costs allow.
std::vector<double> completed(const Instance& instance, const std::vector<double>& weights) {
  const FeasibleSet& set = instance.feasible;
  std::vector<double> x = weights;
  x.resize(set.variables(), 0.0);
  for (const LinearConstraint& row : set.rows) {  // a - w >= -c, a + w >= c: the least a
    if (row.defines) {
      double& a = x[std::size_t(row.terms[0].first)];
      a = std::max(a, row.lower - row.terms[1].second * x[std::size_t(row.terms[1].first)]);
    }
  }
  return x;
}

/// The objective and the largest excess over a CVaR limit of such x, by tail_risk.
std::pair<double, double> value_and_excess(const Instance& instance, const std::vector<double>& x) {
  const std::vector<double> weights(x.begin(), x.begin() + long(instance.assets));
  double loss = 0.0, earned = 0.0, cvar = -kNoLimit, excess = -kNoLimit;
  for (std::size_t j = 0; j < instance.feasible.certain_loss.size(); ++j) {
    loss += instance.feasible.certain_loss[j] * x[j];
  }
  const std::vector<ScenarioSet> sets = instance.sets();
  const std::vector<double> mean = mean_growth(sets[0]);
  for (std::size_t i = 0; i < weights.size(); ++i) earned += weights[i] * mean[i];
  for (const ScenarioSet& set : sets) {
    cvar = std::max(cvar, tail_risk(set, weights, instance.confidence).cvar + loss);
    for (const CvarLimit& limit : instance.feasible.cvar_limits) {
      excess = std::max(excess, tail_risk(set, weights, limit.confidence).cvar + loss - limit.max);
    }
  }
  const double less_return = loss - earned;
  if (instance.objective == Objective::max_return) return {less_return, excess};
  if (instance.objective == Objective::mean_cvar) {
    return {instance.options.risk_aversion * cvar + less_return, excess};
  }
  return {cvar, excess};
}

/// How far x lies outside the boxes and rows.
double outside(const Instance& instance, const std::vector<double>& x) {
  const FeasibleSet& set = instance.feasible;
  double worst = 0.0;
  for (std::size_t j = 0; j < x.size(); ++j) worst = std::max({worst, set.lower[j] - x[j], x[j] - set.upper[j]});
  for (const LinearConstraint& row : set.rows) {
    double value = 0.0;
    for (const auto& [j, a] : row.terms) value += a * x[std::size_t(j)];
    worst = std::max({worst, row.lower - value, value - row.upper});
  }
  return worst;
}

}  // namespace

TEST_CASE("the optima of HiGHS on the same scenarios, with certified bounds that never exceed them") {
  const nlohmann::json file = recorded();
  REQUIRE(file["instances"].size() >= 55);
  for (const auto& spec : file["instances"]) {
    const Instance instance = make_instance(spec);
    CAPTURE(instance.name);
    const double optimum = spec["optimum"];
    OptimizeOptions options = instance.options;
    options.gap = 1e-8;
    const OptimizationResult result = optimise(instance.objective, instance.sets(), instance.feasible, options);
    CHECK(result.status == "optimal");
    CHECK(*result.relative_gap <= 1e-8);
    CHECK(std::abs(result.value - optimum) <= 1e-7 * std::abs(optimum));
    CHECK(*result.lower_bound <= optimum + 1e-9);
    CHECK(result.value >= optimum - 1e-9);
    const std::vector<double> x = completed(instance, result.weights);
    CHECK(outside(instance, x) <= 1e-9);
    const auto [value, excess] = value_and_excess(instance, x);
    CHECK(std::abs(value - result.value) <= 1e-9);  // the solver's own auxiliary variables end within the gap
    CHECK(excess <= 1e-9);
  }
}

TEST_CASE("the same bits for one and two threads") {
  const nlohmann::json file = recorded();
  for (const auto& spec : file["instances"]) {
    const Instance instance = make_instance(spec);
    CAPTURE(instance.name);
    std::vector<double> first;
    for (int threads : {1, 2}) {
      set_threads(threads);
      const OptimizationResult result =
          optimise(instance.objective, instance.sets(), instance.feasible, instance.options);
      std::vector<double> bits = result.weights;
      bits.insert(bits.end(), {result.value, *result.lower_bound, *result.relative_gap, double(result.iterations)});
      if (threads == 1) first = bits;
      CHECK(bits == first);
    }
    set_threads(0);
  }
}

TEST_CASE("Rockafellar & Uryasev (2000), table: normal returns, expected return at least 0.011") {
  std::ifstream in(shared_folder() + "/reference/reference_values.json");
  if (!in.good()) {
    MESSAGE("left out: ../shared/reference is not there");
    return;
  }
  const nlohmann::json table = nlohmann::json::parse(in)["rockafellar_uryasev_2000"];
  const nlohmann::json file = recorded();
  for (const auto& spec : file["instances"]) {
    if (spec["kind"] != "rockafellar_uryasev") continue;
    const Instance instance = make_instance(spec);
    const double b = instance.confidence, count = double(instance.scenarios);
    CAPTURE(b);
    const OptimizationResult result = minimise_cvar(instance.set(), instance.feasible, {.confidence = b, .gap = 1e-8});
    const TailRisk risk = tail_risk(instance.set(), result.weights, b);
    const std::string key = b == 0.9 ? "0.90" : b == 0.95 ? "0.95" : "0.99";
    const double var = table["var"][key], cvar = table["cvar"][key];
    // Standard deviations of the estimates under the normal loss the table is about: mean -0.011, and sigma from VaR.
    const double z = normal_quantile(b), density = std::exp(-0.5 * z * z) / std::sqrt(2.0 * 3.14159265358979323846);
    const double sigma = (var + 0.011) / z, tail = density / (1.0 - b);
    const double sd_var = sigma * std::sqrt(b * (1.0 - b) / count) / density;
    // Var of (L - VaR)+ / (1-b): second moment of the excess, z^2 + 1 - z tail, less the squared mean.
    const double excess = tail - z, second = (1.0 - b) * (z * z + 1.0 - z * tail) - std::pow((1.0 - b) * excess, 2);
    const double sd_cvar = sigma * std::sqrt(second / count) / (1.0 - b);
    CHECK(std::abs(risk.var - var) < 4.0 * sd_var);
    CHECK(std::abs(risk.cvar - cvar) < 4.0 * sd_cvar);
    const double sd_weight = b == 0.99 ? 0.026 : 0.011;
    for (std::size_t i = 0; i < 3; ++i)
      CHECK(std::abs(result.weights[i] - table["weights"][i].get<double>()) < 4.0 * sd_weight);
    MESSAGE("b=", b, " VaR ", risk.var, " (", var, ", sd ", sd_var, ") CVaR ", risk.cvar, " (", cvar, ", sd ", sd_cvar,
            ") weights ", result.weights[0], " ", result.weights[1], " ", result.weights[2]);
  }
}

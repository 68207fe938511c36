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

/// How far the weights lie outside the feasible set; turnover and leverage are met by the best auxiliary variables.
double outside(const Instance& instance, const std::vector<double>& weights) {
  const FeasibleSet& set = instance.feasible;
  std::vector<double> x = weights;
  x.resize(set.variables(), 0.0);
  for (const LinearConstraint& row : set.rows) {  // a - w >= -c, a + w >= c: the least a
    if (row.terms.size() == 2 && std::size_t(row.terms[0].first) >= weights.size()) {
      double& a = x[std::size_t(row.terms[0].first)];
      a = std::max(a, row.lower - row.terms[1].second * x[std::size_t(row.terms[1].first)]);
    }
  }
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
  REQUIRE(file["instances"].size() >= 27);
  for (const auto& spec : file["instances"]) {
    const Instance instance = make_instance(spec);
    CAPTURE(instance.name);
    const double optimum = spec["optimum"];
    const OptimizationResult result =
        minimise_cvar(instance.set(), instance.feasible, {.confidence = instance.confidence, .gap = 1e-8});
    CHECK(result.status == "optimal");
    CHECK(*result.relative_gap <= 1e-8);
    CHECK(std::abs(result.value - optimum) <= 1e-7 * std::abs(optimum));
    CHECK(*result.lower_bound <= optimum + 1e-9);
    CHECK(result.value >= optimum - 1e-9);
    CHECK(outside(instance, result.weights) <= 1e-9);
    CHECK(tail_risk(instance.set(), result.weights, instance.confidence).cvar ==
          doctest::Approx(result.value).epsilon(1e-12));
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
      OptimizationResult result = minimise_cvar(instance.set(), instance.feasible, {.confidence = instance.confidence});
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

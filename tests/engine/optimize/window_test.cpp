#include <doctest/doctest.h>

#include "engine/optimize/min_cvar.h"
#include "engine/optimize/portfolio_programme.h"
#include "engine/optimize/window_solver.h"
#include "tests/engine/optimize/instances.h"

using namespace ballast;
using namespace ballast::test;
using Eigen::VectorXd;

namespace {

struct Fixture {
  std::size_t assets, scenarios;
  std::vector<double> growth;
  ScenarioSet set;
  FeasibleSet feasible;
  ConvexProgramme programme;
  std::vector<ScenarioSample> samples;

  Fixture(std::uint64_t seed, std::size_t n, std::size_t count)
      : assets(n), scenarios(count), growth(factor_returns(seed, count, n)) {
    set.scenarios = count;
    set.assets = n;
    set.growth = growth.data();
    feasible = long_only_simplex(n);
    programme = portfolio_programme({&set, 1}, feasible);
    add_cvar(programme, {&set, 1}, feasible, 0.95, 1.0);
    samples.emplace_back(set, ScenarioSample::blocks_of(set), 0.95);
  }
};

}  // namespace

TEST_CASE("a window opened in the wrong place widens until its answer is that of all scenarios") {
  for (std::size_t n : {6, 60}) {
    CAPTURE(n);
    const Fixture f(3 + n, n, 30000);
    LinearProgram linear(f.programme.polytope.bounded);
    const Anchor none;
    WindowSolver solver(f.programme, f.samples, linear, none);
    VectorXd corner = VectorXd::Zero(long(n));  // all in the last asset
    corner[long(n) - 1] = 1.0;
    const ProgrammeOutcome outcome =
        solver.run({corner, VectorXd::Ones(long(n)), {}}, {.gap = 1e-8, .half_width = 0.02, .max_rounds = 60});
    const OptimizationResult expected = minimise_cvar(f.set, long_only_simplex(n), {.gap = 1e-8});
    CHECK(outcome.optimal);
    CHECK(outcome.value == doctest::Approx(expected.value).epsilon(3e-8));
    CHECK(outcome.lower_bound <= expected.value * (1 + 1e-12));
  }
}

TEST_CASE("a start outside the constraints never counts as a solution") {
  const Fixture f(7, 6, 5000);
  LinearProgram linear(f.programme.polytope.bounded);
  const Anchor none;
  const OptimizationResult expected = minimise_cvar(f.set, long_only_simplex(6), {.gap = 1e-8});
  for (int rounds : {1, 2, 30}) {
    WindowSolver solver(f.programme, f.samples, linear, none);
    const ProgrammeOutcome outcome =  // sum 0.06: hardly a loss
        solver.run({VectorXd::Constant(6, 0.01), {}, {}}, {.gap = 1e-8, .half_width = 0.5, .max_rounds = rounds});
    CHECK(outcome.value >= expected.value * (1 - 1e-8));
    CHECK(outcome.lower_bound <= expected.value * (1 + 1e-12));
    if (rounds == 30) CHECK(outcome.value == doctest::Approx(expected.value).epsilon(3e-8));
  }
}

TEST_CASE("fixed, free and left-out scenarios of a window, by hand") {
  Fixture f(1, 1, 40);
  for (std::size_t s = 0; s < 40; ++s) f.growth[s] = -double(s);  // the loss of scenario s is s
  const ScenarioSample sample(f.set, 1, 0.75);
  CHECK(sample.tail_mass() == 10.0);
  Losses losses;
  CHECK(sample.scan(VectorXd::Ones(1), losses) == doctest::Approx(19.5));
  const TailEdges edges = sample.edges(losses, 0.5);
  CHECK(edges.var == 29.0);  // the tail is 30..39
  CHECK(edges.cvar == 34.5);
  CHECK(edges.low == 24.0);
  CHECK(edges.high == 34.0);
  CHECK(edges.worst == 39.0);
  TailWindow window(sample);
  window.open(losses, {.var = 29.0, .low = 28.0, .high = 34.0});
  CHECK(window.members() == 7);  // 28..34
  CHECK(window.rows().size() == 7);
  CHECK(window.rows().growth(6)[0] == -34.0);
  CHECK(window.free_tail() == doctest::Approx(0.5));
  CHECK(window.fixed().slope[0] == doctest::Approx((35.0 + 36 + 37 + 38 + 39) / 10));
  window.widen(losses, {.var = 29.0, .low = 25.0, .high = 36.0});
  CHECK(window.members() == 12);  // 25..36
  CHECK(window.free_tail() == doctest::Approx(0.7));
  CHECK(window.fixed().slope[0] == doctest::Approx((37.0 + 38 + 39) / 10));
  // Scenario 38's loss moves three times as far as the others' near VaR, and 20's ten times.
  Spreads spreads(losses.size(), 0.5F);
  spreads[38] = 1.5F;
  spreads[20] = 5.0F;
  TailWindow scaled(sample);
  scaled.open(losses, {.var = 29.0, .low = 28.0, .high = 33.0}, &spreads);
  CHECK(scaled.members() == 8);  // 20, 28..33, 38
  CHECK(scaled.rows().growth(0)[0] == -20.0);
  CHECK(scaled.rows().growth(7)[0] == -38.0);
  CHECK(scaled.free_tail() == doctest::Approx(0.5));  // 34..37 and 39 are in
}

TEST_CASE("snap and repair: meets every row in a sliver just below the largest return, where bounds leave no room") {
  // Weights as the interior point left them at the end of frontiers; the set is about 1e-9 wide there.
  struct Case {
    std::vector<double> mean, weights;
  };
  for (const Case& c : {Case{{0.1169747252520740, 0.0604257800379359, 0.0364808240126762}, {-2.770e-9, 4.843e-9, 0.0}},
                        Case{{0.1164683252038128, 0.0589054700709757, 0.0365569083073274}, {-2.735e-9, 5.116e-9, 0.0}},
                        Case{{0.1164683252038128, 0.0589054700709757, 0.0365569083073274}, {-6.3e-9, 6.4e-9, 0.0}},
                        Case{{0.1164683252038128, 0.0589054700709757, 0.0365569083073274}, {-4e-9, 3e-9, 1.4e-10}}}) {
    FeasibleSet set = long_only_simplex(3);
    set.upper.assign(3, 0.6);
    LinearConstraint least{"return", {{0, c.mean[0]}, {1, c.mean[1]}, {2, c.mean[2]}}, 0.0, kNoLimit};
    least.lower = 0.6 * c.mean[0] + 0.4 * c.mean[1] - 1e-10;
    set.rows.push_back(least);
    const Polytope polytope = make_polytope(set, 3);
    const VectorXd x = VectorXd{{0.6 + c.weights[0], 0.4 + c.weights[1], c.weights[2]}};
    CHECK(violation(polytope, x) > 1e-10);
    CHECK(violation(polytope, snap_and_repair(polytope, x, 1e-10)) < 1e-11);
  }
}

TEST_CASE("a certificate is a lower bound whatever the multipliers, and tight at the programme's") {
  FeasibleSet set = long_only_simplex(5);
  set.upper.assign(5, 0.5);
  LinearConstraint row{"row", {{0, 1.0}, {2, -0.5}, {4, 2.0}}, -0.2, 0.7};
  set.rows.push_back(row);
  const Polytope polytope = make_polytope(set, 5);
  LinearProgram programme(polytope.bounded);
  for (std::uint64_t k = 0; k < 200; ++k) {
    SupportingPlane plane{bell(1, k), VectorXd(5)};
    VectorXd y(2);
    for (long i = 0; i < 5; ++i) plane.slope[i] = bell(2, 5 * k + std::uint64_t(i));
    for (long i = 0; i < 2; ++i) y[i] = 2.0 * bell(3, 2 * k + std::uint64_t(i));
    REQUIRE(programme.minimise({plane.slope.data(), 5}) == LinearProgram::Status::optimal);
    const double least = plane.constant + programme.value();
    CHECK(certify(polytope, plane, y).lower_bound <= least + 1e-12);
    VectorXd best;
    CHECK(certify_by_programme(polytope, plane, programme, best).lower_bound == doctest::Approx(least).epsilon(1e-10));
  }
}

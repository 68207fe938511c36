#include <doctest/doctest.h>

#include "engine/optimize/open_hinges.h"
#include "tests/engine/optimize/instances.h"

using namespace ballast;
using namespace ballast::test;
using Eigen::VectorXd;

namespace {

constexpr double kGap = 1e-9;

/// Least CVaR (0.9) of a long-only portfolio, all scenarios in one window: level + 10 mean max(0, offset - growth'w -
/// level), as solve() wants it: cost of the level 1, hinges offset - features'(w, level) with a feature 1 for the
/// level.
HingeProgram cvar_programme(long scenarios, long assets) {
  HingeProgram p;
  p.features.resize(scenarios, assets + 1);
  for (long s = 0; s < scenarios; ++s) {
    const double market = bell(1, std::size_t(s));
    for (long i = 0; i < assets; ++i) {
      const double own = bell(2, std::size_t(s * assets + i));
      p.features(s, i) = 0.01 + 0.002 * double(i) + 0.03 * market + (0.02 + 0.004 * double(i)) * own;
    }
    p.features(s, assets) = 1.0;
  }
  p.offset = VectorXd::Zero(scenarios);
  p.mass = VectorXd::Constant(scenarios, 10.0 / double(scenarios));
  HingeBlock block;
  block.end = scenarios;
  block.slope = VectorXd::Unit(assets + 1, assets);
  p.blocks = {block};
  p.cost = VectorXd::Zero(assets + 1);
  p.lower = VectorXd::Constant(assets + 1, 0.0);
  p.upper = VectorXd::Constant(assets + 1, 1.0);
  p.lower[assets] = -kNoLimit;
  p.upper[assets] = kNoLimit;
  p.rows.resize(1, assets + 1);
  for (long i = 0; i < assets; ++i) p.rows.insert(0, i) = 1.0;
  p.row_lower = p.row_upper = VectorXd::Ones(1);
  return p;
}

double value(const HingeProgram& p, const VectorXd& x) {
  return p.blocks[0].slope.dot(x) + p.mass.dot((p.offset - p.features * x).cwiseMax(0.0));
}

/// Its bound by weak duality: for 0 <= q <= mass with sum q = 1, the least over the simplex of q'(offset - growth w).
double bound(const HingeProgram& p, VectorXd q) {
  q = q.cwiseMax(0.0).cwiseMin(p.mass);
  q /= std::max(1.0, q.sum());
  CHECK(q.sum() == doctest::Approx(1.0).epsilon(1e-9));
  const long assets = p.weights();
  const VectorXd gain = (p.features.leftCols(assets).transpose() * q);
  return q.dot(p.offset) - gain.maxCoeff();
}

HingeOptions precise() {
  HingeOptions options;
  options.gap = kGap;
  return options;
}

VectorXd even(const HingeProgram& p) {
  VectorXd x = VectorXd::Constant(p.cost.size(), 1.0 / double(p.weights()));
  return x;
}

}  // namespace

TEST_CASE("the interior point's multipliers prove its value, with few hinges and with many") {
  for (const long scenarios : {40L, 900L, 6000L}) {
    CAPTURE(scenarios);
    const HingeProgram p = cvar_programme(scenarios, 12);
    CHECK(p.many_hinges() == (scenarios > 1024));
    for (const bool centred : {false, true}) {
      HingeOptions options = precise();
      options.centred = centred;
      const HingeSolution found = solve(p, even(p), options);
      CHECK(found.converged);
      CHECK(found.gap <= 1.1 * kGap);
      const double reached = value(p, found.x), proven = bound(p, found.multiplier);
      CHECK(proven <= reached + 1e-12);
      CHECK(reached - proven < 10.0 * kGap);
    }
  }
}

TEST_CASE("the open hinges' programme has the whole one's solution, and what lies on another side is found") {
  const HingeProgram p = cvar_programme(6000, 12);
  const HingeSolution known = solve(p, even(p), precise());
  HingeOptions close;
  close.spread = 1e-3;
  close.push = 1e-4;
  const HingeState s(p, known.x, close);
  HingeStep still;
  still.fit = Eigen::ArrayXd::Zero(s.hinges);
  const OpenHinges open(s, still);
  CHECK(open.few());
  CHECK(open.count() > 12);
  const HingeProgram part = open.programme(s);
  CHECK(part.features.rows() == long(open.count()));

  HingeSolution found = solve(part, known.x, precise());
  CHECK(found.converged);
  CHECK(open.complete(s, found, kGap));
  CHECK(std::abs(value(p, found.x) - value(p, known.x)) < 10.0 * kGap);
  CHECK(value(p, found.x) - bound(p, found.multiplier) < 10.0 * kGap);

  HingeSolution elsewhere = solve(part, known.x, precise());
  elsewhere.x.head(12) = VectorXd::Unit(12, 11);
  CHECK_FALSE(open.complete(s, elsewhere, kGap));
  CHECK(elsewhere.gap > 1e-3);
  // A step that moved every hinge far leaves all of them open.
  still.fit.setConstant(1.0);
  CHECK_FALSE(OpenHinges(s, still).few());
}

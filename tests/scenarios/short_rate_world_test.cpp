#include <cmath>
#include <functional>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/models/gaussian_curve.h"
#include "scenarios/models/short_rate_formulas.h"
#include "scenarios/simulate.h"

using namespace ballast;

namespace {

/// Curves that move in several ways, and one series of returns.
MarketHistory some_history(int periods_per_year) {
  MarketHistory h;
  h.periods_per_year = periods_per_year;
  h.tenors = {0.5, 2, 5, 10, 30};
  int periods = 80;
  h.zero_rates.resize(periods + 1, 5);
  h.returns.resize(periods, 1);
  for (int t = 0; t <= periods; ++t) {
    double level = 0.04 + 0.01 * std::sin(0.2 * t) + 0.004 * std::sin(1.7 * t), slope = 0.008 * std::cos(0.31 * t);
    for (int i = 0; i < 5; ++i) h.zero_rates(t, i) = level - slope * std::exp(-h.tenors[std::size_t(i)] / 4);
    if (t < periods) h.returns(t, 0) = 0.01 + 0.05 * std::sin(1.3 * t) + 0.03 * std::cos(0.2 * t);
  }
  h.dates.resize(std::size_t(periods));
  h.series = {"equity"};
  return h;
}

ScenarioParameters risk_neutral(CurveModelKind curve_model, int steps_per_year) {
  ScenarioParameters p;
  p.model = ModelKind::normal;
  p.steps_per_year = steps_per_year;
  p.measure = Measure::risk_neutral;
  p.curve_model = curve_model;
  return p;
}

World world_of(const ScenarioParameters& p, const YieldCurve& initial, bool with_equity = true) {
  MarketHistory h = some_history(p.steps_per_year);
  if (!with_equity) h.returns.resize(h.returns.rows(), 0);
  std::vector<SeriesRule> rules;
  if (with_equity) rules.push_back({"equity", true, {}, "assets[0].return"});
  return World(p, h, initial, rules);
}

struct Estimate {
  double sum = 0.0, squares = 0.0;
  long count = 0;
  void add(double x) { sum += x, squares += x * x, ++count; }
  double mean() const { return sum / double(count); }
  double error() const { return std::sqrt((squares / double(count) - mean() * mean()) / double(count)); }
  double z(double truth) const { return (mean() - truth) / error(); }
};

/// Plays blocks of 1,024 scenarios; see(path, lane, step) after each step.
void play(const World& world, int steps, int blocks,
          const std::function<void(const WorldPath&, std::size_t, int)>& see) {
  PcgSequence sequence(20261125, Sequence::evaluate);
  for (int block = 0; block < blocks; ++block) {
    WorldPath path(world, sequence, std::uint64_t(block) * 1024, 1024, steps);
    for (int step = 1; step <= steps; ++step) {
      path.step();
      for (std::size_t lane = 0; lane < 1024; ++lane) see(path, lane, step);
    }
  }
}

double rate(const World& world, const WorldPath& path, double tenor, std::size_t lane) {
  for (std::size_t i = 0; i < world.tenors().size(); ++i) {
    if (std::abs(world.tenors()[i] - tenor) < 1e-9) return path.curve()(i, lane);
  }
  throw std::logic_error("no such tenor");
}

const double kBondYears[] = {1, 5, 10, 30};

/// The bank account's expected inverse against closed forms, from simulation in steps of half a year. The initial curve
/// is the model's own at every half year, so that nothing is shifted.
void check_discounting(const ScenarioParameters& parameters, const std::function<double(double)>& price) {
  std::vector<double> tenors, rates;
  for (int k = 1; k <= 122; ++k) {
    tenors.push_back(k / 2.0);
    rates.push_back(-std::log(price(k / 2.0)) / (k / 2.0));
  }
  World world = world_of(parameters, YieldCurve(tenors, rates), false);
  Estimate discount[4];
  play(world, 60, 24, [&](const WorldPath& path, std::size_t lane, int step) {
    for (int i = 0; i < 4; ++i) {
      if (step == 2 * int(kBondYears[i])) discount[i].add(1 / path.bank_account()[lane]);
    }
  });
  for (int i = 0; i < 4; ++i) {
    CAPTURE(kBondYears[i]);
    CHECK(std::abs(discount[i].z(price(kBondYears[i]))) < 3);
  }
}

YieldCurve bumpy_curve() { return YieldCurve({0.25, 1, 3, 7, 12, 25}, {0.011, 0.013, 0.009, 0.021, 0.03, 0.027}); }

}  // namespace

TEST_CASE("Vasicek scenarios discount to the published zero-coupon prices") {
  for (auto [a, b, sigma, r] : {std::array{0.86, 0.08, 0.01, 0.06}, std::array{0.136, 0.0168, 0.0119, 0.01}}) {
    ScenarioParameters p = risk_neutral(CurveModelKind::vasicek, 2);
    p.vasicek = {a, b, sigma, a, 0.0, r, {}, {}};
    check_discounting(p, [=](double years) { return vasicek_zero_coupon(a, b, sigma, r, years); });
  }
}

TEST_CASE("CIR scenarios discount to the published zero-coupon prices, also where Feller is violated") {
  for (auto [a, b, sigma, r] : {std::array{0.3, 0.08, 0.15, 0.05}, std::array{0.1, 0.1, 0.5, 0.05}}) {
    ScenarioParameters p = risk_neutral(CurveModelKind::cir, 2);
    p.cir = {a, b, sigma, 0.0, r, 0.0, {}, {}};
    check_discounting(p, [=](double years) { return cir_zero_coupon(a, b, sigma, r, years); });
  }
}

TEST_CASE("Hull-White scenarios price the published option on a zero-coupon bond") {
  ScenarioParameters p = risk_neutral(CurveModelKind::hull_white, 4);
  p.hull_white = {0.08, 0.01, 0.08, 0.0, 0.1, {}};
  World world = world_of(p, YieldCurve({4, 10}, {0.1, 0.1}), false);
  Estimate value;
  play(world, 4, 60, [&](const WorldPath& path, std::size_t lane, int step) {
    if (step < 4) return;
    double bond = std::exp(-4 * rate(world, path, 4, lane));
    value.add(std::max(bond - 0.68, 0.0) / path.bank_account()[lane]);
  });
  CHECK(value.error() < 1e-4);
  CHECK(std::abs(value.z(0.0043894956)) < 3.5);
}

TEST_CASE(
    "under the risk-neutral measure bonds of all tenors and assets are martingales over cash, whatever the curve") {
  for (auto kind : {CurveModelKind::vasicek, CurveModelKind::cir, CurveModelKind::hull_white, CurveModelKind::g2pp}) {
    ScenarioParameters p = risk_neutral(kind, 1);
    p.vasicek = {0.15, 0.03, 0.012, 0.2, -0.2, {}, {}, {}};
    p.cir = {0.2, 0.04, 0.12, -0.3, {}, 0.01, {}, {}};
    p.hull_white = {0.05, 0.01, 0.2, -0.1, 0.06, {}};
    p.g2pp = {0.6, 0.015, 0.06, 0.01, -0.7, 0.9, 0.2, 0.1, -0.2, 0.05, {}};
    YieldCurve initial = bumpy_curve();
    World world = world_of(p, initial);
    const std::vector<double>& tenors = world.tenors();
    std::vector<Estimate> bond(tenors.size());
    Estimate equity, discount;
    std::vector<double> growth(1024);
    const int years = 8;
    play(world, years, 24, [&](const WorldPath& path, std::size_t lane, int step) {
      growth[lane] = (step == 1 ? 1.0 : growth[lane]) * path.series_gross()(0, lane);
      if (step < years) return;
      double account = path.bank_account()[lane];
      discount.add(1 / account);
      equity.add(growth[lane] / account);
      for (std::size_t i = 0; i < tenors.size(); ++i) {
        bond[i].add(std::exp(-path.curve()(i, lane) * tenors[i]) / account);
      }
    });
    CAPTURE(name_of(kind));
    CHECK(std::abs(discount.z(initial.discount(years))) < 3.7);
    CHECK(std::abs(equity.z(1.0)) < 3.7);
    for (std::size_t i = 0; i < tenors.size(); ++i) {
      CAPTURE(tenors[i]);
      CHECK(std::abs(bond[i].z(initial.discount(years + tenors[i]))) < 3.7);
    }
  }
}

TEST_CASE("under the real-world measure the short rate drifts by the market price of risk") {
  ScenarioParameters p = risk_neutral(CurveModelKind::hull_white, 1);
  p.measure = Measure::real_world;
  double a = 0.2, sigma = 0.01, kappa = 0.35, lambda = -0.4, level = 0.05;
  p.hull_white = {a, sigma, kappa, lambda, level, {}};
  World world = world_of(p, YieldCurve({1, 10}, {0.03, 0.03}), false);
  Estimate r, now;
  play(world, 5, 24, [&](const WorldPath& path, std::size_t lane, int step) {
    if (step == 5) r.add(rate(world, path, 1, lane));
  });
  // The factor starts where it fits the flat curve best, x0, and reverts at kappa to lambda sigma / kappa; what the
  // risk-neutral x0 exp(-a t) would have been is in the forward rates already. All over one year, with the convexity.
  GaussianFactors f{level, {a}, {sigma}, {kappa}, {lambda}, 0.0};
  MarketHistory h = some_history(1);
  YieldCurve flat({1, 10}, {0.03, 0.03});
  double x0 = factors_now(f, {h, flat, 1.0})[0], goal = lambda * sigma / kappa;
  double x = goal + (x0 - goal) * std::exp(-5 * kappa) - x0 * std::exp(-5 * a);
  double convexity = (f.integral_variance(6) - f.integral_variance(5) - f.integral_variance(1)) / 2;
  double expected = 0.03 + f.loading(0, 1) * x + convexity;
  CHECK(std::abs(r.z(expected)) < 3.5);
}

TEST_CASE("given correlations of returns and rates hold under either measure, and leave no arbitrage") {
  // Correlations of the second step's shocks over 12,288 scenarios: their error is 1 / sqrt(n) at most.
  for (Measure measure : {Measure::real_world, Measure::risk_neutral}) {
    for (double wanted : {-0.5, 0.0, 0.6}) {
      ScenarioParameters p = risk_neutral(CurveModelKind::hull_white, 4);
      p.measure = measure;
      p.hull_white = {0.05, 0.01, 0.2, -0.1, 0.04, {}};
      p.correlation.pairs = {{{"equity", "short rate"}, wanted}};
      const YieldCurve initial = bumpy_curve();
      const World world = world_of(p, initial);
      std::vector<double> x(1024), growth(1024, 1.0), before(1024);
      const int steps = 8;
      const double decay = std::exp(-(measure == Measure::real_world ? 0.2 : 0.05) / 4);
      double ex = 0, er = 0, xx = 0, rr = 0, xr = 0, n = 0;
      Estimate discounted;
      play(world, steps, 12, [&](const WorldPath& path, std::size_t lane, int step) {
        if (lane == 0) path.log_return(0, x.data());
        growth[lane] = (step == 1 ? 1.0 : growth[lane]) * path.series_gross()(0, lane);
        if (step == steps) discounted.add(growth[lane] / path.bank_account()[lane]);
        const double r = rate(world, path, 1, lane);
        if (step == 2) {
          const double e = r - decay * before[lane];  // the shock, and a constant
          ex += x[lane], er += e, xx += x[lane] * x[lane], rr += e * e, xr += x[lane] * e, ++n;
        }
        before[lane] = r;
      });
      const double found =
          (xr / n - ex / n * er / n) / std::sqrt((xx / n - ex * ex / n / n) * (rr / n - er * er / n / n));
      CAPTURE(wanted);
      CHECK(std::abs(found - wanted) < 4 / std::sqrt(n));
      if (measure == Measure::risk_neutral) CHECK(std::abs(discounted.z(1.0)) < 3.7);
    }
  }
}

TEST_CASE("what a risk-neutral study cannot have is refused") {
  YieldCurve initial = bumpy_curve();
  MarketHistory h = some_history(4);
  SeriesRule equity{"equity", true, {}, "assets[0].return"};
  auto error_of = [&](const ScenarioParameters& p, const SeriesRule& rule) -> std::string {
    try {
      World(p, h, initial, {rule});
      return "";
    } catch (const InputError& error) {
      return error.problems()[0].key_path;
    }
  };
  ScenarioParameters p = risk_neutral(CurveModelKind::hull_white, 4);
  p.hull_white = {0.1, 0.01, 0.1, 0.0, 0.05, {}};
  CHECK(error_of(p, equity) == "");
  CHECK(error_of(p, {"equity", false, {}, "assets[0].return"}) == "assets[0].return");
  CHECK(error_of(p, {"equity", true, 0.07, "assets[0].return"}) == "assets[0].return");
  p.hull_white.floor = 0.0;
  CHECK(error_of(p, equity) == "scenarios.hull_white.floor");
  p.hull_white.floor.reset();
  p.model = ModelKind::block_bootstrap;
  CHECK(error_of(p, equity) == "scenarios.measure");
  p.model = ModelKind::normal;
  p.curve_model = CurveModelKind::principal_components;
  CHECK(error_of(p, equity) == "scenarios.measure");
  p.curve_model = CurveModelKind::vasicek;
  p.vasicek = {0.1, 0.03, 0.01, 0.1, 0.0, {}, InitialCurve::constant_spread, {}};
  CHECK(error_of(p, equity) == "scenarios.vasicek.initial_curve");
}

TEST_CASE("initial and simulated curves are made by the method of the curve at the valuation date") {
  MarketHistory h = some_history(4);
  h.tenors[0] = 0;  // a tenor that no method but the linear one takes
  ScenarioParameters p;
  p.model = ModelKind::normal;
  p.steps_per_year = 4;
  p.curve_model = CurveModelKind::vasicek;
  const YieldCurve straight = bumpy_curve();
  for (const CurveMethod& method :
       {CurveMethod{}, CurveMethod{Interpolation::monotone_convex},
        CurveMethod{Interpolation::smith_wilson, Extrapolation::smith_wilson, 0.03, 0.15}}) {
    const YieldCurve initial(straight.tenors(), straight.zero_rates(), method);
    for (const InitialCurve from : {InitialCurve::constant_spread, InitialCurve::model}) {
      CAPTURE(int(method.interpolation));
      CAPTURE(int(from));
      p.vasicek = {0.1, 0.03, 0.01, 0.1, 0.0, 0.02, from, {}};
      const World world(p, h, initial, {});
      const WorldPath path(world, PcgSequence(1, Sequence::evaluate), 0, 16, 1);
      const CurveMap map = world.rates_at({5.0, 17.5, 40.0});
      LaneArray rates(map.size(), path.curve().lanes());
      map.evaluate(path.curve(), rates);
      const YieldCurve start = world.initial_curve();
      CHECK(start.method().interpolation == method.interpolation);
      if (from == InitialCurve::model) continue;
      CHECK(rates(0, 3) == doctest::Approx(initial.zero_rate(5.0)).epsilon(1e-12));
      CHECK(rates(1, 3) == doctest::Approx(initial.zero_rate(17.5)).epsilon(1e-12));
      CHECK(rates(2, 3) == doctest::Approx(initial.zero_rate(40.0)).epsilon(1e-12));
      CHECK(start.zero_rate(17.5) == doctest::Approx(initial.zero_rate(17.5)).epsilon(1e-12));
    }
  }
}

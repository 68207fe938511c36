// Curve models with given parameters and no history of curves, against closed forms.

#include <array>
#include <cmath>
#include <functional>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/models/assumed_shocks.h"
#include "scenarios/models/short_rate_formulas.h"
#include "scenarios/random/normal.h"
#include "scenarios/simulate.h"
#include "scenarios/stats/moments.h"

using namespace ballast;

namespace {

const YieldCurve kFlat({1}, {0.03});

ScenarioParameters given(CurveModelKind model, Measure measure) {
  ScenarioParameters p;
  p.model = ModelKind::normal;
  p.steps_per_year = 4;
  p.measure = measure;
  p.curve_model = model;
  return p;
}

/// 20 years of quarters of one series.
MarketHistory returns_only() {
  const PcgSequence random(3, Sequence::calibrate);
  MarketHistory h;
  h.periods_per_year = 4;
  h.returns.resize(80, 1);
  for (int t = 0; t < 80; ++t) h.returns(t, 0) = 0.02 + 0.08 * inverse_normal(random.uniform(std::uint64_t(t)));
  h.dates.resize(80);
  h.series = {"equity"};
  return h;
}

struct Sample {
  double sum = 0.0, squares = 0.0, count = 0.0;
  void add(double x) { sum += x, squares += x * x, ++count; }
  double mean() const { return sum / count; }
  double variance() const { return squares / count - mean() * mean(); }
  double z(double truth) const { return (mean() - truth) / std::sqrt(variance() / count); }
};

/// 16,384 scenarios; see(path, lane, the rate of `tenor`) at the end.
void play(const World& world, int steps, double tenor,
          const std::function<void(const WorldPath&, std::size_t, double)>& see) {
  const PcgSequence sequence(20261125, Sequence::evaluate);
  for (std::uint64_t block = 0; block < 16; ++block) {
    WorldPath path(world, sequence, block * 1024, 1024, steps);
    for (int step = 0; step < steps; ++step) path.step();
    LaneArray rate(1, path.curve().lanes());
    world.rates_at({tenor}).evaluate(path.curve(), rate);
    for (std::size_t lane = 0; lane < 1024; ++lane) see(path, lane, rate(0, lane));
  }
}

}  // namespace

TEST_CASE("options on a zero-coupon bond have their closed-form prices, without any history") {
  // Calls on the bond of 7 years, expiry 2. The prices are those of QuantLib 1.44 (G2::, HullWhite::,
  // Vasicek::discountBondOption); of CIR, Brigo & Mercurio (2006), equation 3.26, by SciPy's non-central chi-square,
  // the second where Feller is violated.
  struct Case {
    CurveModelKind model;
    double strike, price;
  };
  for (const Case& c : {Case{CurveModelKind::g2pp, 0.86, 0.013523274746},
                        {CurveModelKind::hull_white, 0.86, 0.016663259979},
                        {CurveModelKind::vasicek, 0.75, 0.016309304209},
                        {CurveModelKind::cir, 0.70, 0.030056337469},
                        {CurveModelKind::cir, 0.80, 0.086543586918}}) {
    ScenarioParameters p = given(c.model, Measure::risk_neutral);
    p.g2pp.mean_reversion_x = 0.5, p.g2pp.volatility_x = 0.012;
    p.g2pp.mean_reversion_y = 0.06, p.g2pp.volatility_y = 0.009, p.g2pp.correlation = -0.7;
    p.hull_white.mean_reversion = 0.1, p.hull_white.volatility = 0.01;
    p.vasicek = {0.25, 0.06, 0.015, {}, {}, 0.05, InitialCurve::model, {}};
    const bool feller = c.strike < 0.75;
    p.cir = {feller ? 0.3 : 0.1, feller ? 0.08 : 0.1, feller ? 0.15 : 0.5, {}, 0.05, 0.0, InitialCurve::model, {}};
    const World world(p, {}, kFlat, {});
    Sample call;
    play(world, 8, 5, [&](const WorldPath& path, std::size_t lane, double rate) {
      call.add(std::max(std::exp(-5 * rate) - c.strike, 0.0) / path.bank_account()[lane]);
    });
    CAPTURE(name_of(c.model));
    CAPTURE(c.price);
    CHECK(std::abs(call.z(c.price)) < 3.5);
  }
  CHECK(g2pp_zero_coupon_option(0.5, 0.012, 0.06, 0.009, -0.7, std::exp(-0.06), std::exp(-0.21), 2, 7, 0.86, true) ==
        doctest::Approx(0.013523274746249703).epsilon(1e-10));
  CHECK(hull_white_zero_coupon_option(0.1, 0.01, std::exp(-0.06), std::exp(-0.21), 2, 7, 0.86, false) ==
        doctest::Approx(0.015996512891510217).epsilon(1e-10));
}

TEST_CASE("CIR, real-world: the transition has its published moments, also where Feller is violated") {
  // Cox, Ingersoll & Ross (1985), equation 19; 2 a b / sigma^2 = 2.1 and 0.08.
  for (auto [a, b, sigma, r0] : {std::array{0.3, 0.08, 0.15, 0.05}, std::array{0.1, 0.1, 0.5, 0.05}}) {
    ScenarioParameters p = given(CurveModelKind::cir, Measure::real_world);
    p.cir = {a, b, sigma, 0.0, r0, 0.0, InitialCurve::model, {}};
    const World world(p, {}, kFlat, {});
    Sample r;
    const CirBond quarter = cir_bond(a, b, sigma, 0.25);
    play(world, 12, 0.25, [&](const WorldPath&, std::size_t, double rate) {
      r.add((0.25 * rate - quarter.log_constant) / quarter.loading);
    });
    const double decay = std::exp(-3 * a), mean = r0 * decay + b * (1 - decay);
    const double variance = sigma * sigma / a * (r0 * (decay - decay * decay) + b / 2 * (1 - decay) * (1 - decay));
    CHECK(std::abs(r.z(mean)) < 3.5);
    // Excess kurtosis of a gamma-like law with 2 a b / sigma^2 = 0.08 is below 6 / 0.08.
    CHECK(std::abs(r.variance() / variance - 1) < 4 * std::sqrt((a < 0.2 ? 77 : 8) / r.count));
  }
}

TEST_CASE("Vasicek without a history, real-world: mean and variance of the short rate are the published ones") {
  // Vasicek (1977), equations 25 and 26, under the real-world measure: no premium, so a = 0.25, b = 0.06.
  ScenarioParameters p = given(CurveModelKind::vasicek, Measure::real_world);
  p.vasicek.mean_reversion = 0.25, p.vasicek.mean = 0.06, p.vasicek.volatility = 0.015;
  p.vasicek.real_world_mean_reversion = 0.25, p.vasicek.market_price_of_risk = 0.0, p.vasicek.short_rate = 0.02;
  p.vasicek.initial_curve = InitialCurve::model;
  const double decay = std::exp(-0.25 * 5), sd2 = 0.015 * 0.015 * (1 - decay * decay) / 0.5;
  for (bool with_equity : {false, true}) {
    // The model's own three-month rate is a linear function of the short rate.
    const MarketHistory history = with_equity ? returns_only() : MarketHistory{};
    std::vector<SeriesRule> rules;
    if (with_equity) rules.push_back({"equity", false, {}, "assets[0].return"});
    const World world(p, history, kFlat, rules);
    const double loading = -std::expm1(-0.25 * 0.25) / 0.25 / 0.25;
    auto quarter = [](double r) { return -std::log(vasicek_zero_coupon(0.25, 0.06, 0.015, r, 0.25)) / 0.25; };
    Sample r;
    play(world, 20, 0.25, [&](const WorldPath&, std::size_t, double rate) { r.add(rate); });
    CHECK(std::abs(r.z(quarter(0.06 + decay * (0.02 - 0.06)))) < 3.5);
    CHECK(std::abs(r.variance() / (loading * loading * sd2) - 1) < 4 * std::sqrt(2 / r.count));
  }
}

TEST_CASE("a given curve model's shocks have the correlation with a series that the study gives, else none") {
  ScenarioParameters p = given(CurveModelKind::hull_white, Measure::risk_neutral);
  p.hull_white.mean_reversion = 0.1, p.hull_white.volatility = 0.01;
  for (double wanted : {0.0, -0.6}) {
    if (wanted != 0) p.correlation.pairs = {{{"equity", "short rate"}, wanted}};
    const World world(p, returns_only(), kFlat, {{"equity", true, {}, "assets[0].return"}});
    const Eigen::MatrixXd seen = correlation(covariance(world.innovation_history().rows));
    CHECK(std::abs(seen(0, 1)) < 1e-12);
    Sample x, y, xy;
    play(world, 1, 0.25, [&](const WorldPath& path, std::size_t lane, double b) {
      const double a = std::log(path.series_gross()(0, lane));
      x.add(a), y.add(b), xy.add(a * b);
    });
    const double found = (xy.mean() - x.mean() * y.mean()) / std::sqrt(x.variance() * y.variance());
    CHECK(std::abs(found - wanted) < 4 * (1 - wanted * wanted) / std::sqrt(x.count));
  }
}

TEST_CASE("Nelson-Siegel without a history: factors of the given mean, speed and deviation") {
  // Monthly autocorrelations and means of Diebold & Li (2006), table 2; deviations of the order of their residuals.
  ScenarioParameters p = given(CurveModelKind::nelson_siegel, Measure::real_world);
  p.steps_per_year = 12;
  p.nelson_siegel.decay = 0.7308;
  p.nelson_siegel.autoregression = FactorDynamics::diagonal;
  p.nelson_siegel.mean = {0.08579, -0.02098, -0.00162};
  p.nelson_siegel.phi = {0.957, 0.969, 0.901};
  p.nelson_siegel.standard_deviation = {0.004, 0.005, 0.009};
  const World world(p, {}, kFlat, {});
  Sample z;
  play(world, 24, 10, [&](const WorldPath&, std::size_t, double rate) { z.add(rate); });
  const double x = 7.308, slope = (1 - std::exp(-x)) / x, loading[] = {1, slope, slope - std::exp(-x)};
  double mean = 0.0, variance = 0.0;
  const double start[] = {0.03, 0, 0};
  for (std::size_t k = 0; k < 3; ++k) {
    const double phi = p.nelson_siegel.phi[k], m = p.nelson_siegel.mean[k], sd = p.nelson_siegel.standard_deviation[k];
    mean += loading[k] * (m + std::pow(phi, 24) * (start[k] - m));
    variance += std::pow(loading[k] * sd, 2) * (1 - std::pow(phi, 48)) / (1 - phi * phi);
  }
  CHECK(std::abs(z.z(mean)) < 3.5);
  CHECK(std::abs(z.variance() / variance - 1) < 4 * std::sqrt(2 / z.count));
}

TEST_CASE("assumed shocks have mean 0, variance 1 and no correlation with each other or the other columns") {
  Eigen::MatrixXd others(60, 3);
  for (int t = 0; t < 60; ++t) others.row(t) << 1e-3 * std::sin(t), 40 + std::cos(1.7 * t), 7.0;  // the last: constant
  Eigen::MatrixXd all(60, 5);
  all << others, assumed_shocks(others, 2);
  const Eigen::MatrixXd c = covariance(all);
  CHECK((c.bottomRightCorner(2, 2) - Eigen::Matrix2d::Identity()).cwiseAbs().maxCoeff() < 1e-12);
  CHECK(c.bottomLeftCorner(2, 3).cwiseAbs().maxCoeff() < 1e-12);
  CHECK(all.rightCols(2).colwise().mean().cwiseAbs().maxCoeff() < 1e-12);
  CHECK_THROWS_WITH_AS(assumed_shocks(others.topRows(5), 2), doctest::Contains("longer history"), InputError);
}

TEST_CASE("without a history what has to be estimated, or drawn from one, is refused") {
  auto refused = [](const ScenarioParameters& p, const char* why) {
    CAPTURE(why);
    CHECK_THROWS_WITH_AS(World(p, {}, kFlat, {}), doctest::Contains(why), InputError);
  };
  ScenarioParameters p = given(CurveModelKind::hull_white, Measure::risk_neutral);
  p.hull_white.mean_reversion = 0.1;
  refused(p, "needs volatility (without market.curve_history");
  p.hull_white.volatility = 0.01;
  p.measure = Measure::real_world;
  refused(p, "needs real_world_mean_reversion, market_price_of_risk, level");
  p.measure = Measure::risk_neutral;
  p.model = ModelKind::block_bootstrap;
  refused(p, "choose model: normal");
  p = given(CurveModelKind::nelson_siegel, Measure::real_world);
  p.nelson_siegel.decay = 0.6;
  refused(p, "needs mean, phi, standard_deviation");
  p.curve_model = CurveModelKind::cir;
  refused(p, "needs mean_reversion, mean, volatility, market_price_of_risk");
}

// Parameters that a study gives, such as published ones, against closed forms.

#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/models/curve_model.h"
#include "scenarios/models/given_regimes.h"
#include "scenarios/random/normal.h"
#include "tests/scenarios/models/regime_sum.h"

using namespace ballast;

namespace {

/// Two columns of normal returns that know no regimes.
InnovationHistory plain_history() {
  const PcgSequence random(21, Sequence::calibrate);
  InnovationHistory h;
  h.rows.resize(300, 2);
  h.series = 2;
  h.columns = {"equity", "bonds"};
  for (int t = 0; t < 300; ++t) {
    auto z = [&](int k) { return inverse_normal(random.uniform(std::uint64_t(2 * t + k))); };
    h.rows.row(t) << 0.006 + 0.04 * z(0), 0.003 + 0.01 * z(1) + 0.0025 * z(0);
    h.dates.push_back(Date{31 * t});
  }
  return h;
}

ScenarioParameters hardy(const test::TwoRegimes& r = test::kTsx) {
  ScenarioParameters p;
  p.model = ModelKind::regime_switching;
  p.regime_switching.start = RegimeStart::stationary;
  p.regime_switching.parameters = {{{1 - r.leave[0], r.leave[0]}, {{"equity", r.mean[0]}}, {{"equity", r.sd[0]}}, {}},
                                   {{r.leave[1], 1 - r.leave[1]}, {{"equity", r.mean[1]}}, {{"equity", r.sd[1]}}, {}}};
  return p;
}

/// see(month, both columns) of every month from 1 on.
void play(const InnovationModel& model, std::size_t scenarios, int months,
          const std::function<void(int, const LaneArray&)>& see) {
  BlockDraws draws(PcgSequence(2001, Sequence::evaluate), 0, scenarios, model.draws_per_scenario(months));
  const auto path = model.start(scenarios);
  LaneArray out(2, scenarios);
  for (int t = 1; t <= months; ++t) {
    path->step(draws, out);
    see(t, out);
  }
}

}  // namespace

TEST_CASE("regimes given: Hardy's (2001) S&P 500 accumulates as the closed form says, and has her moments") {
  const auto model = make_model(hardy(test::kSp500), plain_history());
  constexpr std::size_t kScenarios = 1 << 15;
  constexpr int kMonths = 60;
  std::vector<double> sum(kScenarios, 0.0);
  double first = 0.0, second = 0.0;
  play(*model, kScenarios, kMonths, [&](int t, const LaneArray& out) {
    for (std::size_t s = 0; s < kScenarios; ++s) {
      sum[s] += out(0, s);
      first += t == 1 ? out(0, s) : 0.0, second += t == 1 ? out(0, s) * out(0, s) : 0.0;
    }
  });
  for (double p : {0.01, 0.05, 0.5, 0.95, 0.99}) {
    CAPTURE(p);
    const double quantile = test::quantile_of_sum(test::kSp500, kMonths, p);
    const auto below = std::count_if(sum.begin(), sum.end(), [&](double x) { return x <= quantile; });
    CHECK(std::abs(double(below) / kScenarios - p) < 4 * std::sqrt(p * (1 - p) / kScenarios));
  }
  // pi_1 = p21 / (p12 + p21) = 0.905 (her section 3), which gives the mean and the variance of a month.
  const double share = 0.3798 / (0.0398 + 0.3798), n = double(kScenarios);
  CHECK(share == doctest::Approx(0.905).epsilon(5e-4));
  const double mean = share * 0.0126 - (1 - share) * 0.0185,
               variance = share * 0.0350 * 0.0350 + (1 - share) * 0.0748 * 0.0748 +
                          share * (1 - share) * (0.0126 + 0.0185) * (0.0126 + 0.0185);
  CHECK(std::abs(first / n - mean) < 4 * std::sqrt(variance / n));
  CHECK(std::abs(second / n - first * first / n / n - variance) < 4 * variance * std::sqrt(4 / n));  // kurtosis near 5
}

TEST_CASE("regimes given: Hardy's (2001) TSX 300 accumulates as the closed form says, over 1 and 10 years") {
  const auto model = make_model(hardy(), plain_history());
  constexpr std::size_t kScenarios = 1 << 16;
  constexpr int kMonths = 120;
  std::vector<double> sum(kScenarios, 0.0);
  double bonds = 0.0, squares = 0.0;
  play(*model, kScenarios, kMonths, [&](int t, const LaneArray& out) {
    for (std::size_t s = 0; s < kScenarios; ++s) {
      sum[s] += out(0, s);
      bonds += out(1, s), squares += out(1, s) * out(1, s);
    }
    if (t != 12 && t != kMonths) return;
    for (double p : {0.005, 0.025, 0.05, 0.1, 0.5, 0.9, 0.975}) {
      CAPTURE(t);
      CAPTURE(p);
      const double quantile = test::quantile_of_sum(test::kTsx, t, p);
      const auto below = std::count_if(sum.begin(), sum.end(), [&](double x) { return x <= quantile; });
      // 4 binomial standard errors: 6e-5 for each of 14.
      CHECK(std::abs(double(below) / kScenarios - p) < 4 * std::sqrt(p * (1 - p) / kScenarios));
    }
  });
  // The column that is not named has the history's moments in both regimes.
  const InnovationHistory history = plain_history();
  const double n = double(kScenarios) * kMonths, mean = history.rows.col(1).mean();
  const double variance = (history.rows.col(1).array() - mean).square().sum() / 299;
  CHECK(std::abs(bonds / n - mean) < 4 * std::sqrt(variance / n));
  CHECK(std::abs(squares / n - bonds * bonds / n / n - variance) < 4 * variance * std::sqrt(2 / n));
  // The long-run mean is the parameters' own.
  const double share = test::kTsx.leave[1] / (test::kTsx.leave[0] + test::kTsx.leave[1]);
  auto growth = [](int k) { return std::exp(test::kTsx.mean[k] + test::kTsx.sd[k] * test::kTsx.sd[k] / 2); };
  REQUIRE(model->mean_growth(0));
  CHECK(*model->mean_growth(0) == doctest::Approx(share * growth(0) + (1 - share) * growth(1)).epsilon(1e-12));
}

TEST_CASE("regimes given: means may be moved to the history's, correlations differ by regime") {
  const InnovationHistory history = plain_history();
  ScenarioParameters p = hardy();
  p.regime_switching.means = RegimeMeans::history;
  p.regime_switching.parameters[1].correlations = {{{"equity", "bonds"}, 0.8}};
  const auto model = make_model(p, history);
  CHECK_FALSE(model->mean_growth(0));
  constexpr std::size_t kScenarios = 1 << 16;
  BlockDraws draws(PcgSequence(5, Sequence::evaluate), 0, kScenarios, model->draws_per_scenario(12));
  const auto path = model->start(kScenarios);
  LaneArray out(2, kScenarios);
  double growth = 0.0, square = 0.0;
  for (int t = 0; t < 12; ++t) {
    path->step(draws, out);
    for (std::size_t s = 0; s < kScenarios; ++s) {
      const double g = std::exp(out(0, s));
      growth += g, square += g * g;
    }
  }
  const double n = 12.0 * kScenarios, error = std::sqrt((square / n - growth * growth / n / n) / n);
  CHECK(std::abs(growth / n - history.rows.col(0).array().exp().mean()) < 4 * error);
  const Regimes regimes = given_regimes(p.regime_switching.parameters, history);
  const Eigen::MatrixXd &calm = regimes.covariance[0], &wild = regimes.covariance[1];
  CHECK(wild(0, 1) == doctest::Approx(0.8 * std::sqrt(wild(0, 0) * wild(1, 1))).epsilon(1e-12));
  CHECK(std::abs(calm(0, 1) / std::sqrt(calm(0, 0) * calm(1, 1)) - 0.24) < 0.15);  // the history's
}

TEST_CASE("regimes given back as they were fitted are the same regimes") {
  const PcgSequence random(4, Sequence::calibrate);
  InnovationHistory h = plain_history();
  h.rows.resize(800, 2);
  int regime = 0;
  for (int t = 0; t < 800; ++t) {
    auto u = [&](int k) { return random.uniform(std::uint64_t(3 * t + k)); };
    if (u(0) < test::kTsx.leave[regime]) regime = 1 - regime;
    const double z = inverse_normal(u(1)), w = inverse_normal(u(2));
    h.rows.row(t) << test::kTsx.mean[regime] + test::kTsx.sd[regime] * z, 0.003 + 0.01 * (1 + regime) * (w - 0.3 * z);
  }
  const Regimes fit = fit_regimes(h.rows, 2, 12);
  ScenarioParameters p;
  p.model = ModelKind::regime_switching;
  make_model(p, h)->resolve(p);
  REQUIRE(p.regime_switching.parameters.size() == 2);
  CHECK(p.regime_switching.parameters[1].mean.at("bonds") == fit.mean[1][1]);
  CHECK(p.regime_switching.means == RegimeMeans::history);
  const Regimes given = given_regimes(p.regime_switching.parameters, h);
  for (std::size_t k = 0; k < 2; ++k) CHECK((given.covariance[k] - fit.covariance[k]).cwiseAbs().maxCoeff() < 1e-15);
  // Only the first period's regime is another guess: it costs little, and is forgotten.
  CHECK(std::abs(given.log_likelihood - fit.log_likelihood) < 3);
  CHECK((given.filtered.row(799) - fit.filtered.row(799)).cwiseAbs().maxCoeff() < 1e-9);
  CHECK((given.smoothed.row(700) - fit.smoothed.row(700)).cwiseAbs().maxCoeff() < 1e-9);
}

TEST_CASE("given GJR variances: every step has the history's arithmetic mean, also far from their long-run level") {
  InnovationHistory history = plain_history();
  for (int t = 280; t < 300; ++t) history.rows(t, 0) *= 3;  // a wild end: the next variance is far above the average
  ScenarioParameters p;
  p.model = ModelKind::filtered_historical;
  p.filtered_historical.coefficients["equity"] = {0.006, 2e-5, 0.05, 0.1, 0.89};
  const auto model = make_model(p, history);
  constexpr std::size_t kScenarios = 1 << 16;
  BlockDraws draws(PcgSequence(7, Sequence::evaluate), 0, kScenarios, model->draws_per_scenario(24));
  const auto path = model->start(kScenarios);
  LaneArray out(2, kScenarios);
  const double wanted = history.rows.col(0).array().exp().mean();
  for (int t = 0; t < 24; ++t) {
    path->step(draws, out);
    double sum = 0.0, squares = 0.0;
    for (std::size_t s = 0; s < kScenarios; ++s) sum += std::exp(out(0, s)), squares += std::exp(2 * out(0, s));
    const double n = double(kScenarios), mean = sum / n;
    CAPTURE(t);
    CHECK(std::abs(mean - wanted) < 4.5 * std::sqrt((squares / n - mean * mean) / n));  // 7e-6 for each of 24
  }
}

TEST_CASE("a fitted GJR variance that lives on the residuals' own asymmetry may be given back") {
  // alpha + gamma / 2 + beta is 1.01, but less than half of the residuals' squares are negative ones'.
  auto problems = [](GarchCoefficients c) {
    int count = 0;
    c.check([&](const char*, const char*) { ++count; });
    return count;
  };
  CHECK(problems({0, 1e-5, 0.05, 0.12, 0.90}) == 0);
  CHECK(problems({0, 1e-5, 0.05, 0.12, 0.95}) == 1);
  CHECK(problems({0, 1e-5, 0.20, -0.1, 0.90}) == 1);
  InnovationHistory history = plain_history();
  ScenarioParameters p;
  p.model = ModelKind::filtered_historical;
  p.filtered_historical.coefficients["equity"] = {0.006, 1e-5, 0.05, 0.30, 0.90};
  CHECK_THROWS_WITH_AS(make_model(p, history), doctest::Contains("grow without bound"), InputError);
}

TEST_CASE("regimes given wrongly are refused with what is wrong") {
  const InnovationHistory history = plain_history();
  ScenarioParameters p = hardy();
  p.regime_switching.parameters[0].mean = {{"equty", 0.01}};
  CHECK_THROWS_WITH_AS(make_model(p, history), doctest::Contains("did you mean 'equity'"), InputError);
  p = hardy();
  p.regime_switching.parameters[0].transition = {1.0, 0.0};
  p.regime_switching.parameters[1].transition = {0.0, 1.0};
  CHECK_THROWS_WITH_AS(make_model(p, history), doctest::Contains("long-run probabilities"), InputError);
}

TEST_CASE("Nelson-Siegel with a given mean and autoregression tends to that mean at that speed") {
  MarketHistory h;
  h.tenors = {0.25, 1, 3, 7, 10, 30};
  h.zero_rates.resize(121, 6);
  const PcgSequence random(6, Sequence::calibrate);
  for (int t = 0; t <= 120; ++t) {
    auto z = [&](int k) { return inverse_normal(random.uniform(std::uint64_t(4 * t + k))); };
    const double level = 0.05 + 0.003 * z(0), slope = -0.02 + 0.004 * z(1), curvature = 0.005 * z(2);
    for (std::size_t i = 0; i < 6; ++i) {
      const double x = 0.7308 * h.tenors[i], s = (1 - std::exp(-x)) / x;
      h.zero_rates(t, Eigen::Index(i)) = level + slope * s + curvature * (s - std::exp(-x));
    }
  }
  h.dates.resize(120);
  const YieldCurve initial(h.tenors, std::vector<double>(6, 0.03));
  ScenarioParameters p;
  p.curve_model = CurveModelKind::nelson_siegel;
  // Monthly autocorrelations of the factors, and their means, in Diebold & Li (2006), table 2.
  p.nelson_siegel.decay = 0.7308;
  p.nelson_siegel.autoregression = FactorDynamics::diagonal;
  p.nelson_siegel.mean = {0.08579, -0.02098, -0.00162};
  p.nelson_siegel.phi = {0.957, 0.969, 0.901};
  const auto model = make_curve_model(p, {h, initial, 1.0 / 12, Measure::real_world});
  CHECK(model->innovations().colwise().mean().cwiseAbs().maxCoeff() < 1e-15);
  const LaneArray none(3, 16);
  const auto path = model->start(16);
  LaneArray z(model->tenors().size(), 16);
  for (int t = 1; t <= 24; ++t) path->step(none, 0, z);
  for (std::size_t i = 0; i < model->tenors().size(); ++i) {
    const double x = 0.7308 * model->tenors()[i], s = (1 - std::exp(-x)) / x, loading[] = {1, s, s - std::exp(-x)};
    const double now[] = {0.03, 0.0, 0.0};  // a flat curve
    double rate = 0.0;
    for (std::size_t k = 0; k < 3; ++k) {
      const double mean = p.nelson_siegel.mean[k];
      rate += loading[k] * (mean + std::pow(p.nelson_siegel.phi[k], 24) * (now[k] - mean));
    }
    CAPTURE(model->tenors()[i]);
    CHECK(z(i, 3) == doctest::Approx(rate).epsilon(1e-11));
  }
  p.nelson_siegel.phi[0] = 1.0;
  CHECK_THROWS_WITH_AS(make_curve_model(p, {h, initial, 1.0 / 12, Measure::real_world}),
                       doctest::Contains("not stationary"), InputError);
}

TEST_CASE("Nelson-Siegel: what was estimated, given back, is the same model to the last bit") {
  MarketHistory h;
  h.tenors = {0.5, 2, 5, 10, 30};
  h.zero_rates.resize(101, 5);
  for (int t = 0; t <= 100; ++t) {
    for (int i = 0; i < 5; ++i) {
      const double tau = h.tenors[std::size_t(i)];
      h.zero_rates(t, i) = 0.04 + 0.01 * std::sin(0.2 * t) + 0.006 * std::cos(0.7 * t) * std::exp(-tau / 3) +
                           0.002 * std::sin(2.1 * t + tau);
    }
  }
  h.dates.resize(100);
  const YieldCurve initial(h.tenors, {0.02, 0.025, 0.03, 0.033, 0.035});
  for (FactorDynamics dynamics : {FactorDynamics::full, FactorDynamics::diagonal}) {
    ScenarioParameters p;
    p.curve_model = CurveModelKind::nelson_siegel;
    p.nelson_siegel.autoregression = dynamics;
    const auto fitted = make_curve_model(p, {h, initial, 1.0 / 12, Measure::real_world});
    fitted->resolve(p);
    CHECK(p.nelson_siegel.phi.size() == (dynamics == FactorDynamics::full ? 9u : 3u));
    const auto again = make_curve_model(p, {h, initial, 1.0 / 12, Measure::real_world});
    CHECK((fitted->innovations() - again->innovations()).cwiseAbs().maxCoeff() == 0);
    LaneArray moves(3, 16), a(fitted->tenors().size(), 16), b(fitted->tenors().size(), 16);
    for (std::size_t k = 0; k < 3; ++k) moves.row(k)[0] = 0.001 * double(k + 1);
    const auto one = fitted->start(16), other = again->start(16);
    for (int t = 0; t < 5; ++t) one->step(moves, 0, a), other->step(moves, 0, b);
    for (std::size_t i = 0; i < a.rows(); ++i) CHECK(a(i, 0) == b(i, 0));
  }
}

#include "scenarios/validate/validate.h"

#include <cmath>

#include <doctest/doctest.h>

#include "scenarios/base/parallel.h"
#include "scenarios/models/short_rate_formulas.h"
#include "scenarios/random/normal.h"
#include "scenarios/validate/history_error.h"
#include "scenarios/validate/martingale.h"
#include "scenarios/validate/path_statistics.h"

using namespace ballast;

namespace {

/// Monthly returns of one series: exp(0.005 + volatility z), or with volatility that comes in long waves.
MarketHistory history_of(int periods, std::uint64_t seed, bool clustered) {
  PcgSequence sequence(seed, Sequence::optimise);
  MarketHistory h;
  h.series = {"equity"};
  h.returns.resize(periods, 1);
  h.dates.resize(std::size_t(periods));
  for (int t = 0; t < periods; ++t) {
    double volatility = clustered ? (t / 20 % 3 == 0 ? 0.12 : 0.02) : 0.04;
    h.returns(t, 0) = std::expm1(0.005 + volatility * inverse_normal(sequence.uniform(std::uint64_t(t))));
  }
  return h;
}

Validation validate_normal(const MarketHistory& history) {
  ScenarioParameters parameters;
  parameters.model = ModelKind::normal;
  World world(parameters, history, {}, {{"equity", false, {}, ""}});
  return validate(world, history, 10, 7);
}

const ValidationRow& row(const Validation& table, const std::string& statistic) {
  for (const ValidationRow& r : table.rows) {
    if (r.statistic == statistic) return r;
  }
  FAIL(statistic);
  return table.rows.front();
}

}  // namespace

TEST_CASE("statistics of a path are what their names say") {
  // Slow and obvious, on numbers without structure.
  ObservedPath path;
  path.returns.resize(2);
  for (int t = 0; t < 50; ++t) {
    path.returns[0].push_back(0.01 * std::sin(1.3 * t * t));
    path.returns[1].push_back(0.02 * std::cos(0.7 * t * t) + 0.5 * path.returns[0].back());
    path.short_rate.push_back(0.01 * std::sin(0.4 * t));
    path.long_rate.push_back(0.02 + 0.015 * std::sin(0.3 * t + 1));
    path.short_change.push_back(0.004 * std::cos(0.4 * t));
    path.long_change.push_back(0.0045 * std::cos(0.3 * t + 1));
    path.inflation.push_back(0.002 + 0.004 * std::sin(0.2 * t));
  }
  path.log_spread.resize(2), path.log_spread_change.resize(2);
  for (int t = 0; t < 50; ++t) {
    for (int k = 0; k < 2; ++k) {
      path.log_spread[std::size_t(k)].push_back(-4 + 0.3 * std::sin(0.2 * t + k));
      path.log_spread_change[std::size_t(k)].push_back(0.06 * std::cos(0.2 * t + k));
    }
  }
  PathStatistics statistics({"a", "b"}, true, "10-year rate", true, {"aa", "bbb"});
  std::vector<double> values = statistics.measure(path);
  REQUIRE(values.size() == statistics.list().size());
  auto value = [&](const std::string& of, const std::string& name) {
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (statistics.list()[i].of == of && statistics.list()[i].name == name) return values[i];
    }
    FAIL(of << " " << name);
    return 0.0;
  };
  const std::vector<double>&a = path.returns[0], &b = path.returns[1];
  const double n = 50;
  double ma = 0, mb = 0, m2 = 0, m3 = 0, m4 = 0, b2 = 0, cross = 0, lagged = 0, deepest = 0;
  for (int t = 0; t < 50; ++t) ma += a[std::size_t(t)] / n, mb += b[std::size_t(t)] / n;
  for (std::size_t t = 0; t < 50; ++t) {
    double d = a[t] - ma;
    m2 += d * d / n, m3 += d * d * d / n, m4 += d * d * d * d / n;
    b2 += (b[t] - mb) * (b[t] - mb) / n, cross += d * (b[t] - mb) / n;
    if (t > 0) lagged += d * (a[t - 1] - ma) / n;
    double fall = 0;
    for (std::size_t s = t; s < 50; ++s) fall += a[s], deepest = std::max(deepest, 1 - std::exp(fall));
  }
  CHECK(value("a", "mean") == doctest::Approx(ma));
  CHECK(value("a", "volatility") == doctest::Approx(std::sqrt(m2 * 50 / 49)));
  CHECK(value("a", "skewness") == doctest::Approx(m3 / std::pow(m2, 1.5)));
  CHECK(value("a", "excess kurtosis") == doctest::Approx(m4 / m2 / m2 - 3));
  CHECK(value("a", "autocorrelation") == doctest::Approx(lagged / m2));
  CHECK(value("a", "maximum drawdown") == doctest::Approx(deepest));
  CHECK(value("a, b", "correlation") == doctest::Approx(cross / std::sqrt(m2 * b2)));
  std::vector<double> sa = a, sb = b;
  std::sort(sa.begin(), sa.end()), std::sort(sb.begin(), sb.end());
  CHECK(value("a", "5% quantile") == sa[2]);
  double both = 0;
  for (std::size_t t = 0; t < 50; ++t) both += a[t] <= sa[4] && b[t] <= sb[4];
  CHECK(value("a, b", "tail dependence") == doctest::Approx(both / 5));
  double negative = 0, inverted = 0;
  for (std::size_t t = 0; t < 50; ++t) {
    negative += path.short_rate[t] < 0, inverted += path.long_rate[t] < path.short_rate[t];
  }
  CHECK(value("short rate", "share negative") == doctest::Approx(negative / n));
  CHECK(value("slope", "share inverted") == doctest::Approx(inverted / n));
  const std::vector<double>& prices = path.inflation;
  double mp = 0, p2 = 0, with_a = 0, lags = 0;
  for (double x : prices) mp += x / n;
  for (std::size_t t = 0; t < 50; ++t) {
    p2 += (prices[t] - mp) * (prices[t] - mp);
    with_a += (prices[t] - mp) * (a[t] - ma);
    for (std::size_t lag = 1; lag <= 12 && lag <= t; ++lag) lags += (prices[t] - mp) * (prices[t - lag] - mp) / 12;
  }
  CHECK(value("inflation", "mean") == doctest::Approx(mp));
  CHECK(value("inflation", "volatility") == doctest::Approx(std::sqrt(p2 / 49)));
  CHECK(value("inflation", "autocorrelation, mean of 12 lags") == doctest::Approx(lags / p2));
  CHECK(value("a, inflation", "correlation") == doctest::Approx(with_a / std::sqrt(p2 * m2 * n)));
  const std::vector<double>&level = path.log_spread[1], &change = path.log_spread_change[1],
        &other = path.log_spread_change[0];
  double ml = 0, mc = 0, mo = 0, l2 = 0, c2 = 0, o2 = 0, next = 0, change_with_a = 0, change_with_other = 0;
  for (std::size_t t = 0; t < 50; ++t) ml += level[t] / n, mc += change[t] / n, mo += other[t] / n;
  for (std::size_t t = 0; t < 50; ++t) {
    l2 += (level[t] - ml) * (level[t] - ml), c2 += (change[t] - mc) * (change[t] - mc);
    o2 += (other[t] - mo) * (other[t] - mo);
    if (t > 0) next += (level[t] - ml) * (level[t - 1] - ml);
    change_with_a += (change[t] - mc) * (a[t] - ma), change_with_other += (change[t] - mc) * (other[t] - mo);
  }
  CHECK(value("spread bbb", "mean of ln") == doctest::Approx(ml));
  CHECK(value("spread bbb", "volatility of ln") == doctest::Approx(std::sqrt(l2 / 49)));
  CHECK(value("spread bbb", "autocorrelation of ln") == doctest::Approx(next / l2));
  CHECK(value("spread bbb", "volatility of changes of ln") == doctest::Approx(std::sqrt(c2 / 49)));
  CHECK(value("a, spread bbb change", "correlation") == doctest::Approx(change_with_a / std::sqrt(c2 * m2 * n)));
  CHECK(value("spread aa change, spread bbb change", "correlation") ==
        doctest::Approx(change_with_other / std::sqrt(c2 * o2)));
}

TEST_CASE("inflation is compared with its history, and memory that a model lacks shows") {
  // An autoregression with phi = 0.5 and, in the second history, slow waves below it, which `history` cannot make.
  auto table = [](double wave) {
    MarketHistory h = history_of(480, 4, false);
    PcgSequence sequence(8, Sequence::optimise);
    h.inflation.resize(480);
    double x = 0.002;
    for (int t = 0; t < 480; ++t) {
      x = 0.002 + 0.5 * (x - 0.002) + 0.002 * inverse_normal(sequence.uniform(std::uint64_t(t)));
      h.inflation[t] = std::expm1(x + wave * std::sin(t / 24.0));
    }
    ScenarioParameters parameters;
    parameters.model = ModelKind::normal;
    parameters.inflation.model = InflationKind::history;
    return validate(World(parameters, h, {}, {{"equity", false, {}, ""}}), h, 10, 7);
  };
  auto inflation_rows = [](const Validation& found, bool passed) {
    long count = 0;
    for (const ValidationRow& r : found.rows) count += r.of.find("inflation") != std::string::npos && r.pass == passed;
    return count;
  };
  CHECK(inflation_rows(table(0.0), true) == 8);
  const Validation waves = table(0.004);
  CHECK(inflation_rows(waves, false) > 0);
  for (const ValidationRow& r : waves.rows) {
    if (r.of == "inflation" && r.statistic == "autocorrelation, mean of 12 lags") CHECK_FALSE(r.pass);
  }
}

TEST_CASE("short-rate models: closed-form bond prices against their risk-neutral twin, also where Feller is violated") {
  MarketHistory h = history_of(120, 6, false);
  h.tenors = {0.25, 2, 10, 30};
  h.zero_rates.resize(121, 4);
  for (int t = 0; t <= 120; ++t) {
    for (int i = 0; i < 4; ++i) {
      h.zero_rates(t, i) = 0.04 + 0.004 * i + 0.01 * std::sin(0.3 * t) * std::exp(-h.tenors[std::size_t(i)] / 8);
    }
  }
  for (auto kind : {CurveModelKind::vasicek, CurveModelKind::cir, CurveModelKind::hull_white, CurveModelKind::g2pp}) {
    CAPTURE(std::string(name_of(kind)));
    ScenarioParameters p;
    p.model = ModelKind::block_bootstrap;  // the study's own model does not matter
    p.curve_model = kind;
    p.vasicek = {0.136, 0.0168, 0.0119, 0.3, -0.2, 0.01, {}, {}};
    p.cir = {0.1, 0.1, 0.5, -0.1, 0.05, 0.0, {}, {}};
    p.hull_white = {0.05, 0.01, 0.2, -0.1, 0.04, {}};
    p.g2pp = {0.6, 0.015, 0.06, 0.01, -0.7, 0.9, 0.2, 0.1, -0.2, 0.04, {}};
    const YieldCurve today({0.25, 2, 10, 30}, {0.03, 0.035, 0.04, 0.042});
    const Validation found = validate(World(p, h, today, {{"equity", true, {}, "assets[0].return"}}), h, 10, 7);
    std::vector<ValidationRow> bonds;
    for (const ValidationRow& r : found.rows) {
      if (r.statistic == "closed-form price") bonds.push_back(r);
    }
    REQUIRE(bonds.size() == 3);  // 1, 5 and 10 years
    for (const ValidationRow& r : bonds) CHECK(r.pass);
    CHECK(bonds[1].of == "5-year zero-coupon bond");
    const double closed_form = kind == CurveModelKind::vasicek ? vasicek_zero_coupon(0.136, 0.0168, 0.0119, 0.01, 5)
                               : kind == CurveModelKind::cir   ? cir_zero_coupon(0.1, 0.1, 0.5, 0.05, 5)
                                                               : today.discount(5);
    CHECK(bonds[1].reference == doctest::Approx(closed_form).epsilon(1e-12));
  }
}

TEST_CASE("a history's sampling errors are those of independent observations where they are independent") {
  MarketHistory h = history_of(400, 5, false);
  ObservedPath path;
  path.returns.resize(1);
  for (int t = 0; t < 400; ++t) path.returns[0].push_back(std::log1p(h.returns(t, 0)));
  PathStatistics statistics({"equity"}, false, "");
  std::vector<double> errors = history_errors(statistics, path, 3);
  // 200 replicates: the standard deviation of a standard error is 5% of it, plus what the sample's own moments add.
  CHECK(errors[0] == doctest::Approx(0.04 / std::sqrt(400.0)).epsilon(0.25));
  CHECK(errors[1] == doctest::Approx(0.04 / std::sqrt(800.0)).epsilon(0.25));
  CHECK(errors[2] == doctest::Approx(std::sqrt(6 / 400.0)).epsilon(0.35));
}

TEST_CASE("a model passes on histories of its own, about as often as the level says") {
  int passed = 0;
  const int histories = 20;
  for (int k = 0; k < histories; ++k) {
    Validation table = validate_normal(history_of(150, 100 + std::uint64_t(k), false));
    CHECK(table.rows.size() == 13);
    CHECK(table.scenarios == 1024);
    CHECK(table.steps == 150);
    passed += table.passed() == table.rows.size();
  }
  // At 5% a table fails; 5 of 20 or more would have probability 0.003.
  CHECK(passed > 15);
}

TEST_CASE("the table shows what a normal model misses of volatility that clusters") {
  Validation table = validate_normal(history_of(600, 1, true));
  CHECK_FALSE(row(table, "excess kurtosis").pass);
  CHECK_FALSE(row(table, "autocorrelation of squares").pass);
  CHECK(row(table, "mean").pass);
  CHECK(row(table, "volatility").pass);
  CHECK(row(table, "mean growth factor").pass);
  CHECK(row(table, "mean growth factor").against == "theory");
  CHECK(row(table, "mean growth factor").reference_error == 0.0);
  CHECK(table.critical_z == doctest::Approx(-inverse_normal(0.025 / 13)));
}

TEST_CASE("the table has the same bits for any number of threads") {
  MarketHistory history = history_of(200, 2, true);
  int before = threads();
  set_threads(1);
  Validation one = validate_normal(history);
  set_threads(2);
  Validation two = validate_normal(history);
  set_threads(before);
  REQUIRE(one.rows.size() == two.rows.size());
  for (std::size_t i = 0; i < one.rows.size(); ++i) {
    CHECK(one.rows[i].scenarios.value == two.rows[i].scenarios.value);
    CHECK(one.rows[i].z == two.rows[i].z);
  }
}

TEST_CASE("rows are judged by Bonferroni's inequality, and what never varies must be the same") {
  Validation table;
  table.rows.resize(4);
  table.rows[0].reference = table.rows[0].scenarios.value = 0.25;  // no error on either side
  table.rows[1].reference = 0.25, table.rows[1].scenarios.value = 0.26;
  table.rows[2].scenarios = {2.4, 0.8}, table.rows[2].reference_error = 0.6;
  table.rows[3].scenarios = {-2.6, 0.8}, table.rows[3].reference_error = 0.6;
  judge(table, 0.05);
  CHECK(table.critical_z == doctest::Approx(2.4977).epsilon(1e-4));
  CHECK(table.rows[0].pass);
  CHECK_FALSE(table.rows[1].pass);
  CHECK(table.rows[2].z == doctest::Approx(2.4));
  CHECK(table.rows[2].pass);
  CHECK_FALSE(table.rows[3].pass);
  CHECK(table.passed() == 2);
}

TEST_CASE("risk-neutral scenarios pass the martingale tests, others fail them") {
  // Rates that never move, and a series whose mean growth is the short rate's: a Black-Scholes world.
  MarketHistory history = history_of(200, 3, false);
  auto table = [&](const YieldCurve& curve, double expected_return) {
    ScenarioParameters parameters;
    parameters.model = ModelKind::normal;
    World world(parameters, history, curve, {{"equity", false, expected_return, ""}});
    Validation found;
    found.rows = martingale_rows(world, 7, 5);
    judge(found, 0.05);
    return found;
  };
  const YieldCurve flat({1, 30}, {0.03, 0.03}), steep({1, 30}, {0.01, 0.05});
  Validation right = table(flat, std::expm1(0.03));
  CHECK(right.rows.size() == 9);  // at 1, 5 and 7 years
  CHECK(right.passed() == right.rows.size());
  CHECK(right.rows[0].reference == doctest::Approx(std::exp(-0.03)));
  CHECK(right.rows[1].reference == doctest::Approx(std::exp(-0.33)));
  CHECK(right.rows[8].scenarios.value == doctest::Approx(1).epsilon(0.02));
  // A risk premium shows in the series alone; a curve that keeps its slope is no market without arbitrage.
  Validation premium = table(flat, 0.06);
  CHECK(premium.passed() == 6);
  CHECK_FALSE(premium.rows[8].pass);
  CHECK_FALSE(table(steep, 0.03).rows[1].pass);
}

TEST_CASE("rates between and outside the history's tenors are read by the study's method, on both sides") {
  // A hump at 10 years that cuts straight between 5 and 20 miss, and a short end that is not flat below 1.
  const PcgSequence random(4, Sequence::optimise);
  MarketHistory h = history_of(240, 3, false);
  h.tenors = {1, 5, 20};
  h.zero_rates.resize(241, 3);
  double level = 0.03;
  for (int t = 0; t <= 240; ++t) {
    const double rates[] = {level - 0.02, level + 0.01, level};
    for (int m = 0; m < 3; ++m) h.zero_rates(t, m) = rates[m];
    level += 0.05 * (0.03 - level) + 0.001 * inverse_normal(random.uniform(std::uint64_t(t)));
  }
  ScenarioParameters parameters;
  parameters.model = ModelKind::normal;
  const std::vector<double> now = {0.01, 0.04, 0.03};
  for (const Interpolation interpolation : {Interpolation::natural_cubic, Interpolation::monotone_convex}) {
    CAPTURE(int(interpolation));
    const CurveMethod method{interpolation};
    const World world(parameters, h, YieldCurve(h.tenors, now, method), {{"equity", true, {}, ""}});
    const Validation table = validate(world, h, 10, 7);
    double short_mean = 0, long_mean = 0, straight_mean = 0;
    for (Eigen::Index t = 0; t <= 240; ++t) {
      const YieldCurve curve(h.tenors, {h.zero_rates(t, 0), h.zero_rates(t, 1), h.zero_rates(t, 2)}, method);
      if (t > 0) {
        short_mean += curve.zero_rate(1.0 / 12) / 240;
        long_mean += curve.zero_rate(10) / 240;
        straight_mean += (2 * h.zero_rates(t, 1) + h.zero_rates(t, 2)) / 3 / 240;
      }
      if (t == 240) break;
      // The short rate that a series' excess is over is the same.
      const double excess = std::log1p(h.returns(t, 0)) - curve.zero_rate(1.0 / 12) / 12;
      CHECK(world.innovation_history().rows(t, 0) == doctest::Approx(excess).epsilon(1e-10));
    }
    auto mean_of = [&](const std::string& of) {
      for (const ValidationRow& r : table.rows) {
        if (r.of == of && r.statistic == "mean") return r;
      }
      FAIL(of);
      return table.rows.front();
    };
    CHECK(mean_of("short rate").reference == doctest::Approx(short_mean));
    CHECK(mean_of("10-year rate").reference == doctest::Approx(long_mean));
    CHECK(std::abs(long_mean - straight_mean) > 3e-4);
    for (const char* of : {"short rate", "10-year rate", "slope"}) {
      CAPTURE(of);
      CHECK(mean_of(of).scenarios.value == doctest::Approx(mean_of(of).reference).epsilon(0.15));
    }
  }
}

TEST_CASE("without a history the table holds the theory of a curve model with given parameters") {
  ScenarioParameters p;
  p.model = ModelKind::normal;
  p.steps_per_year = 4;
  p.measure = Measure::risk_neutral;
  p.curve_model = CurveModelKind::g2pp;
  p.g2pp.mean_reversion_x = 0.5, p.g2pp.volatility_x = 0.012;
  p.g2pp.mean_reversion_y = 0.06, p.g2pp.volatility_y = 0.009, p.g2pp.correlation = -0.7;
  const Validation table = validate(World(p, {}, YieldCurve({1}, {0.03}), {}), {}, 5, 1);
  CHECK(table.rows.size() == 4);  // cash and a bond at 1 and 5 years
  CHECK(table.passed() == 4);
  CHECK(table.steps == 20);
}

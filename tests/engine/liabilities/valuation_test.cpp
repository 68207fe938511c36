#include "engine/liabilities/valuation.h"

#include <cmath>
#include <numeric>

#include <doctest/doctest.h>

using namespace ballast;
using doctest::Approx;

namespace {

const CashFlows kBond{"bond", {1, 2, 3}, {5, 5, 105}, 0.0};

YieldCurve flat(double annual) { return YieldCurve({1.0}, {std::log1p(annual)}); }

/// PV after r(t), compounded m times a year, is raised by shift x weight(t).
template <class Weight>
double shifted_pv(const CashFlows& flows, const YieldCurve& curve, Compounding compounding, double shift,
                  Weight&& weight) {
  double pv = 0.0;
  for (std::size_t j = 0; j < flows.times.size(); ++j) {
    double t = flows.times[j];
    double rate = from_continuous(curve.zero_rate(t), compounding) + shift * weight(t);
    pv += flows.amounts[j] * std::exp(-(to_continuous(rate, compounding) + flows.spread) * t);
  }
  return pv;
}

/// A small generator of test cases; what it draws matters little, that it always draws the same does.
struct Cases {
  std::uint64_t state;
  double uniform(double low, double high) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return low + (high - low) * double(state >> 11) * 0x1p-53;
  }
  CashFlows book() {
    CashFlows flows;
    double t = 0.0;
    int count = 1 + int(uniform(0, 60));
    for (int j = 0; j < count; ++j) {
      t += uniform(0.01, 2.0);
      flows.times.push_back(t);
      flows.amounts.push_back(uniform(1, 100));
    }
    flows.spread = uniform(-0.01, 0.02);
    return flows;
  }
  YieldCurve curve() {
    std::vector<double> tenors, rates;
    double tenor = uniform(0.05, 0.5);
    for (int k = 0; k < 8; ++k) {
      tenors.push_back(tenor);
      rates.push_back(uniform(-0.02, 0.09));
      tenor *= uniform(1.3, 3.0);
    }
    return YieldCurve(tenors, rates);
  }
};

const std::vector<double> kKeyRates = {1, 2, 3, 5, 7, 10, 15, 20, 30, 50};

}  // namespace

TEST_CASE("the reference bond {5, 5, 105} at 3%") {
  LiabilityMeasures annual = measure(kBond, flat(0.03), Compounding::annual, {});
  CHECK(annual.pv == Approx(105.6572227097894).epsilon(1e-14));
  CHECK(annual.macaulay_duration == Approx(2.863504670671131).epsilon(1e-14));
  CHECK(annual.modified_duration == Approx(2.780101622010806).epsilon(1e-14));
  CHECK(annual.convexity == Approx(10.62580548268594).epsilon(1e-14));
  LiabilityMeasures continuous = measure(kBond, flat(0.03), Compounding::continuous, {});
  CHECK(continuous.pv == annual.pv);
  CHECK(continuous.modified_duration == annual.macaulay_duration);
  CHECK(std::abs(continuous.convexity - 8.4094) < 5e-5);
}

TEST_CASE("durations and convexity are what bumping and re-pricing finds, for random books, curves and compoundings") {
  Cases cases{1};
  for (int c = 0; c < 60; ++c) {
    CAPTURE(c);
    CashFlows book = cases.book();
    YieldCurve curve = cases.curve();
    auto compounding = static_cast<Compounding>(c % 3);
    LiabilityMeasures m = measure(book, curve, compounding, kKeyRates);
    // Central differences, extrapolated once (Richardson): truncation is of fourth order.
    auto first = [&](auto&& weight) {
      auto central = [&](double h) {
        return (shifted_pv(book, curve, compounding, h, weight) - shifted_pv(book, curve, compounding, -h, weight)) /
               (2 * h);
      };
      return (4 * central(1e-4) - central(2e-4)) / 3;
    };
    auto parallel = [](double) { return 1.0; };
    CHECK(-first(parallel) / m.pv == Approx(m.modified_duration).epsilon(1e-8));
    double h = 2e-4;
    auto second = [&](double s) {
      return (shifted_pv(book, curve, compounding, s, parallel) - 2 * m.pv +
              shifted_pv(book, curve, compounding, -s, parallel)) /
             (s * s);
    };
    CHECK((4 * second(h) - second(2 * h)) / 3 / m.pv == Approx(m.convexity).epsilon(1e-6));
    for (std::size_t k = 0; k < kKeyRates.size(); ++k) {
      double bumped = -first([&](double t) { return key_rate_weight(kKeyRates, k, t); }) / m.pv;
      CHECK(std::abs(bumped - m.key_rate_durations[k]) < 1e-8 * m.modified_duration + 1e-9);
    }
    double sum = std::accumulate(m.key_rate_durations.begin(), m.key_rate_durations.end(), 0.0);
    CHECK(std::abs(sum - m.modified_duration) < 1e-9);
  }
}

TEST_CASE("key rates are triangles, flat outside the end nodes, that sum to one") {
  std::vector<double> nodes = {1, 5, 10};
  CHECK(key_rate_weight(nodes, 0, 0.1) == 1.0);
  CHECK(key_rate_weight(nodes, 0, 2.0) == 0.75);
  CHECK(key_rate_weight(nodes, 1, 2.0) == 0.25);
  CHECK(key_rate_weight(nodes, 1, 5.0) == 1.0);
  CHECK(key_rate_weight(nodes, 2, 5.0) == 0.0);
  CHECK(key_rate_weight(nodes, 2, 70.0) == 1.0);
  for (double t = 0.0; t < 20; t += 0.37) {
    CHECK(key_rate_weight(nodes, 0, t) + key_rate_weight(nodes, 1, t) + key_rate_weight(nodes, 2, t) == Approx(1.0));
  }
  CHECK(key_rate_weight(std::vector<double>{7.0}, 0, 30.0) == 1.0);
}

TEST_CASE("the total of several liabilities adds PVs and weights durations by PV") {
  std::vector<CashFlows> all = {kBond, {"bullet", {2.5, 40}, {0, 1000}, 0.01}};
  YieldCurve curve({1, 30}, {0.02, 0.04});
  LiabilityMeasures a = measure(all[0], curve, Compounding::annual, kKeyRates);
  LiabilityMeasures b = measure(all[1], curve, Compounding::annual, kKeyRates);
  LiabilityMeasures total = measure_total(all, curve, Compounding::annual, kKeyRates);
  CHECK(b.pv == Approx(1000 * std::exp(-0.05 * 40)));  // spread on top of the flat end
  CHECK(total.pv == Approx(a.pv + b.pv).epsilon(1e-15));
  CHECK(total.convexity == Approx((a.pv * a.convexity + b.pv * b.convexity) / total.pv).epsilon(1e-14));
  CHECK(total.macaulay_duration == Approx((a.pv * a.macaulay_duration + b.pv * 40) / total.pv).epsilon(1e-14));
}

TEST_CASE("without value there is no duration") {
  for (const CashFlows& flows : {CashFlows{"nothing", {}, {}, 0.0}, CashFlows{"zeros", {1, 2}, {0, 0}, 0.0}}) {
    LiabilityMeasures m = measure(flows, flat(0.03), Compounding::annual, kKeyRates);
    CHECK(m.pv == 0.0);
    CHECK(std::isnan(m.macaulay_duration));
    CHECK(std::isnan(m.modified_duration));
    CHECK(std::isnan(m.convexity));
    CHECK(std::isnan(m.key_rate_durations[0]));
  }
}

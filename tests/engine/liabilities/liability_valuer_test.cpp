#include "engine/liabilities/liability_valuer.h"

#include <bit>
#include <cmath>
#include <cstdint>

#include <doctest/doctest.h>

#include "engine/liabilities/discounted_sums.h"
#include "engine/liabilities/valuation.h"
#include "scenarios/base/lane_math.h"
#include "tests/isa_levels.h"

using namespace ballast;
using doctest::Approx;

namespace {

const std::vector<double> kTenors = {1 / 12.0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 100};
const std::vector<double> kKeyRates = {1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50};

double pseudo_uniform(std::uint64_t& state) {
  state = state * 6364136223846793005ull + 1442695040888963407ull;
  return double(state >> 11) * 0x1p-53;
}

LaneArray random_curves(std::size_t tenors, std::size_t lanes, std::uint64_t seed) {
  LaneArray rates(tenors, lanes);
  for (std::size_t lane = 0; lane < rates.lanes(); ++lane) {
    double level = -0.01 + 0.08 * pseudo_uniform(seed);
    for (std::size_t k = 0; k < tenors; ++k) rates(k, lane) = level + 0.02 * (pseudo_uniform(seed) - 0.5);
  }
  return rates;
}

YieldCurve curve_of(const LaneArray& rates, std::size_t lane) {
  std::vector<double> z;
  for (std::size_t k = 0; k < rates.rows(); ++k) z.push_back(rates(k, lane));
  return YieldCurve({kTenors.begin(), kTenors.begin() + std::ptrdiff_t(rates.rows())}, z);
}

CashFlows monthly(int months, double spread) {
  CashFlows flows;
  flows.spread = spread;
  for (int m = 1; m <= months; ++m) {
    flows.times.push_back(m / 12.0);
    flows.amounts.push_back(100 * std::exp(-m / 360.0) * (1 + 0.1 * std::sin(m)));
  }
  return flows;
}

/// The flows still to come, counted from at_time.
CashFlows aged(const CashFlows& flows, double at_time) {
  CashFlows left;
  left.spread = flows.spread;
  for (std::size_t j = 0; j < flows.times.size(); ++j) {
    if (flows.times[j] <= at_time + kSameTime) continue;
    left.times.push_back(flows.times[j] - at_time);
    left.amounts.push_back(flows.amounts[j]);
  }
  return left;
}

bool same_bits(const LaneArray& a, const LaneArray& b) {
  for (std::size_t r = 0; r < a.rows(); ++r) {
    for (std::size_t lane = 0; lane < a.lanes(); ++lane) {
      if (std::bit_cast<std::uint64_t>(a(r, lane)) != std::bit_cast<std::uint64_t>(b(r, lane))) return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("the kernel agrees with the slow valuation to 1e-12 on every lane, time and compounding") {
  CashFlows pensions = monthly(720, 0.0), annuity = monthly(200, 0.012);
  annuity.times[3] += 0.01;
  LaneArray rates = random_curves(kTenors.size(), 40, 7);
  for (double at_time : {0.0, 1.0, 59.5, 59.99}) {
    for (auto compounding : {Compounding::annual, Compounding::semiannual, Compounding::continuous}) {
      CAPTURE(at_time);
      LiabilityValuer full({&pensions, &annuity}, kTenors, at_time, compounding, kKeyRates, true);
      LiabilityValuer brief({&pensions, &annuity}, kTenors, at_time, compounding, kKeyRates, false);
      LaneArray out(full.rows(), 40), two(brief.rows(), 40);
      REQUIRE(full.rows() == 4 + kKeyRates.size());
      REQUIRE(brief.rows() == 2);
      full.value(rates, out);
      brief.value(rates, two);
      std::vector<CashFlows> left = {aged(pensions, at_time), aged(annuity, at_time)};
      for (std::size_t lane = 0; lane < rates.lanes(); ++lane) {
        LiabilityMeasures m = measure_total(left, curve_of(rates, lane), compounding, kKeyRates);
        REQUIRE(out(LiabilityValuer::kPv, lane) == Approx(m.pv).epsilon(1e-12));
        REQUIRE(out(LiabilityValuer::kMacaulay, lane) == Approx(m.macaulay_duration).epsilon(1e-12));
        REQUIRE(out(LiabilityValuer::kModified, lane) == Approx(m.modified_duration).epsilon(1e-12));
        REQUIRE(out(LiabilityValuer::kConvexity, lane) == Approx(m.convexity).epsilon(1e-12));
        for (std::size_t k = 0; k < kKeyRates.size(); ++k) {
          REQUIRE(std::abs(out(LiabilityValuer::kKeyRates + k, lane) - m.key_rate_durations[k]) <
                  1e-12 * m.modified_duration);
        }
        REQUIRE(two(LiabilityValuer::kPv, lane) == out(LiabilityValuer::kPv, lane));
        REQUIRE(two(LiabilityValuer::kMacaulay, lane) == out(LiabilityValuer::kMacaulay, lane));
      }
    }
  }
}

TEST_CASE("a flow due at the time is paid, one due after it is not") {
  CashFlows flows{"two", {1.0 + 1.0 / 12.0, 2.0}, {10, 20}, 0.0};
  LaneArray rates(1, 16), out(2, 16);
  std::vector<double> tenor = {5.0};
  LiabilityValuer paid({&flows}, tenor, 13.0 / 12.0, Compounding::annual, {}, false);
  paid.value(rates, out);
  CHECK(paid.flows() == 1);
  CHECK(out(0, 0) == 20.0);
  CHECK(out(1, 0) == Approx(11.0 / 12.0));
  LiabilityValuer before({&flows}, tenor, 1.0833, Compounding::annual, {}, false);
  before.value(rates, out);
  CHECK(out(0, 15) == 30.0);
}

TEST_CASE("after the last flow PV is 0 and the durations are NaN") {
  CashFlows flows{"one", {1.0}, {10}, 0.0};
  LiabilityValuer valuer({&flows}, kTenors, 1.0, Compounding::annual, kKeyRates, true);
  LaneArray rates = random_curves(kTenors.size(), 16, 3), out(valuer.rows(), 16);
  valuer.value(rates, out);
  CHECK(out(0, 5) == 0.0);
  for (std::size_t row = 1; row < out.rows(); ++row) CHECK(std::isnan(out(row, 5)));
}

TEST_CASE("without key rates and with one tenor the full measures are there") {
  CashFlows bond{"bond", {1, 2, 3}, {5, 5, 105}, 0.0};
  std::vector<double> tenor = {1.0};
  LiabilityValuer valuer({&bond}, tenor, 0.0, Compounding::annual, {}, true);
  LaneArray rates(1, 16), out(valuer.rows(), 16);
  rates.fill(std::log1p(0.03));
  valuer.value(rates, out);
  CHECK(valuer.rows() == 4);
  CHECK(out(0, 3) == Approx(105.6572227097894).epsilon(1e-13));
  CHECK(out(2, 3) == Approx(2.780101622010806).epsilon(1e-13));
  CHECK(out(3, 3) == Approx(10.62580548268594).epsilon(1e-13));
}

TEST_CASE("flows at the same time with the same spread are added, others are kept apart") {
  CashFlows a{"a", {1, 2}, {1, 1}, 0.0}, b{"b", {1, 2}, {1, 1}, 0.01}, c{"c", {1, 2.5}, {1, 1}, 0.0};
  LiabilityValuer valuer({&a, &b, &c}, kTenors, 0.0, Compounding::annual, {}, false);
  CHECK(valuer.flows() == 5);
}

TEST_CASE("a lane's bits depend neither on its place, nor on the lanes beside it, nor on the instruction set") {
  CashFlows pensions = monthly(720, 0.004);
  LiabilityValuer valuer({&pensions}, kTenors, 0.0, Compounding::annual, kKeyRates, true);
  LaneArray rates = random_curves(kTenors.size(), 1024, 11), out(valuer.rows(), 1024);
  valuer.value(rates, out);
  LaneArray few(kTenors.size(), 16), few_out(valuer.rows(), 16);
  for (std::size_t k = 0; k < kTenors.size(); ++k) {
    for (std::size_t lane = 0; lane < 16; ++lane) few(k, lane) = rates(k, 1000 - 7 * lane);
  }
  valuer.value(few, few_out);
  for (std::size_t row = 0; row < out.rows(); ++row) {
    for (std::size_t lane = 0; lane < 16; ++lane) REQUIRE(few_out(row, lane) == out(row, 1000 - 7 * lane));
  }
  test::on_each_isa([&] {
    LaneArray again(valuer.rows(), 1024);
    valuer.value(rates, again);
    CHECK(same_bits(again, out));
  });
}

TEST_CASE("the kernels' exp is exp_lanes, and NaN where the rate is NaN") {
  LaneArray rates(1, 1024), first(1, 1024), second(1, 1024), expected(1, 1024);
  for (std::size_t lane = 0; lane < 1024; ++lane) rates(0, lane) = -700.0 + 1.37 * double(lane);
  rates(0, 1023) = std::nan("");
  rates(0, 1022) = 0.0;
  const DiscountedTerm term[] = {{1.0, 1.0, 0.0, 1.0, 2.0}};
  DiscountedSums(std::vector<double>{1.0}, {}, term).evaluate({rates}, first.row(0), second.row(0));
  exp_lanes(rates.row(0), expected.row(0), 1024);
  for (std::size_t lane = 0; lane < 1023; ++lane) {
    REQUIRE(first(0, lane) == expected(0, lane));
    REQUIRE(second(0, lane) == 2 * expected(0, lane));
  }
  CHECK(std::isnan(first(0, 1023)));
}

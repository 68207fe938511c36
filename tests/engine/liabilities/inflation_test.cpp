#include <cmath>

#include <doctest/doctest.h>

#include "engine/liabilities/expected_flows.h"
#include "engine/liabilities/inflation_growth.h"
#include "engine/liabilities/liability_book.h"
#include "engine/liabilities/liability_path.h"
#include "scenarios/base/error.h"

using namespace ballast;
using doctest::Approx;

namespace {

const std::vector<double> kTenors = {0.25, 1, 5, 10, 30};

double normal_cdf(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

/// Undiscounted Black (1976) call.
double black_call(double forward, double strike, double deviation) {
  double d1 = std::log(forward / strike) / deviation + deviation / 2;
  return forward * normal_cdf(d1) - strike * normal_cdf(d1 - deviation);
}

LiabilityTerms pensions(const IndexRule& before, const IndexRule& after, int switch_year) {
  LiabilityTerms terms;
  terms.fixed.name = "pensions";
  terms.fixed.spread = 0.003;
  terms.fixed.times = {2.0};
  terms.fixed.amounts = {7.0};
  IndexedFlows flows{before, after, switch_year, {}, {}};
  for (int k = 1; k <= 40; ++k) {
    flows.times.push_back(k / 2.0);
    flows.amounts.push_back(100 + k);
  }
  terms.indexed.push_back(flows);
  terms.floating = {{0.0, 0.5, 400}, {0.5, 1.5, 400}, {7.25, 8.0, -250}};
  return terms;
}

const IndexRule kUncapped{}, kLimited{true, 0.0, 0.03, 0.015}, kSticky{true, -0.5, 0.025, 0.0};

/// One market on all lanes of a block, or another one on each.
struct Block {
  LaneArray curve{kTenors.size(), 16}, breakeven{kTenors.size(), 16}, index{1, 16}, cash{1, 16};
  explicit Block(double shift = 0.0) {
    for (std::size_t k = 0; k < kTenors.size(); ++k) {
      for (std::size_t lane = 0; lane < 16; ++lane) {
        double own = 0.002 * double(lane);
        curve(k, lane) = 0.02 + 0.003 * double(k) + own + shift;
        breakeven(k, lane) = 0.018 + 0.001 * double(k) + own / 2 + shift / 2;
      }
    }
    index.fill(1.0);
    cash.fill(1.01);
  }
  MarketBlock market() const { return {curve, index.row(0), &breakeven}; }
  MarketState state(std::size_t lane) const {
    std::vector<double> z, b;
    for (std::size_t k = 0; k < kTenors.size(); ++k) z.push_back(curve(k, lane)), b.push_back(breakeven(k, lane));
    return {YieldCurve(kTenors, z), YieldCurve(kTenors, b), index(0, lane), {}};
  }
};

}  // namespace

TEST_CASE("caps and floors are Black's; no volatility is the clamped forward") {
  for (double forward : {0.97, 1.02, 1.05}) {
    for (double deviation : {0.005, 0.02, 0.1}) {
      double put = black_call(forward, 1.0, deviation) - forward + 1.0;
      ClampedGrowth both = black_clamp(forward, deviation, 1.0, 1.03);
      CHECK(both.value == Approx(forward + put - black_call(forward, 1.03, deviation)).epsilon(1e-14));
      double up = black_clamp(forward * 1.0001, deviation, 1.0, 1.03).value,
             down = black_clamp(forward / 1.0001, deviation, 1.0, 1.03).value;
      CHECK(both.exposure == Approx(std::log(up / down) / (2 * std::log(1.0001))).epsilon(1e-5));
    }
    CHECK(black_clamp(forward, 0.0, 1.0, 1.03).value == std::min(1.03, std::max(1.0, forward)));
    CHECK(black_clamp(forward, 1e-9, 1.0, 1.03).value == Approx(std::min(1.03, std::max(1.0, forward))).epsilon(1e-8));
    CHECK(black_clamp(forward, 0.02, -INFINITY, INFINITY).value == forward);
  }
}

TEST_CASE("linked flows at no volatility are the deterministic value; d ln PV / d inflation by bumping") {
  LiabilityTerms terms = pensions(kUncapped, kUncapped, 0);
  MarketState market = Block().state(3);
  double expected = 7 * std::exp(-(market.curve.zero_rate(2) + 0.003) * 2);
  for (int k = 1; k <= 40; ++k) {
    double t = k / 2.0;
    expected += (100 + k) * std::exp((market.breakeven.zero_rate(t) - market.curve.zero_rate(t) - 0.003) * t);
  }
  terms.floating.clear();
  ExpectedFlows flows = expected_flows(terms, market);
  CHECK(measure_expected({&flows, 1}, market.curve, Compounding::annual, {}).pv == Approx(expected).epsilon(1e-13));
  for (const IndexRule& rule : {kUncapped, kLimited, IndexRule{true, 0.0, 0.2, 0.02}}) {
    LiabilityTerms limited = pensions(kUncapped, rule, 4);
    auto at = [&](double shift) {
      MarketState moved = market;
      std::vector<double> b;
      for (double t : kTenors) b.push_back(market.breakeven.zero_rate(t) + shift);
      moved.breakeven = YieldCurve(kTenors, b);
      ExpectedFlows linked = expected_flows(limited, moved);
      return measure_expected({&linked, 1}, market.curve, Compounding::annual, {});
    };
    double bumped = (at(1e-5).pv - at(-1e-5).pv) / 2e-5 / at(0).pv;
    CHECK(at(0).inflation_duration == Approx(bumped).epsilon(1e-6));
  }
}

TEST_CASE("on the first step of a path the block is worth what the slow valuation of each lane says") {
  for (auto [before, after, years] : {std::tuple{kUncapped, kUncapped, 0}, std::tuple{kLimited, kLimited, 0},
                                      std::tuple{kUncapped, kLimited, 3}, std::tuple{kSticky, kUncapped, 7}}) {
    std::vector<double> keys = {1, 5, 10};
    MeasureParameters measures;
    measures.key_rates = keys;
    LiabilityPlan plan({pensions(before, after, years)}, kTenors, {}, 4, 80, {{0, true, true}}, measures);
    Block block;
    LiabilityPath path(plan, 16, block.market());
    LaneArray out(plan.valuer(0)->rows(), 16), one(1, 16);
    path.value(block.market(), out);
    path.value_one(block.market(), 0, one.row(0));
    for (std::size_t lane = 0; lane < 16; ++lane) {
      MarketState market = block.state(lane);
      ExpectedFlows flows = expected_flows(pensions(before, after, years), market);
      LiabilityMeasures m = measure_expected({&flows, 1}, market.curve, Compounding::annual, keys);
      REQUIRE(out(LiabilityValuer::kPv, lane) == Approx(m.pv).epsilon(1e-12));
      REQUIRE(one(0, lane) == Approx(m.pv).epsilon(1e-12));
      REQUIRE(out(LiabilityValuer::kMacaulay, lane) == Approx(m.macaulay_duration).epsilon(1e-12));
      REQUIRE(out(LiabilityValuer::kModified, lane) == Approx(m.modified_duration).epsilon(1e-12));
      REQUIRE(out(LiabilityValuer::kConvexity, lane) == Approx(m.convexity).epsilon(1e-12));
      REQUIRE(out(plan.valuer(0)->inflation_row(), lane) == Approx(m.inflation_duration).epsilon(1e-10));
      for (std::size_t k = 0; k < keys.size(); ++k) {
        REQUIRE(out(LiabilityValuer::kKeyRates + k, lane) == Approx(m.key_rate_durations[k]).epsilon(1e-11));
      }
    }
  }
}

TEST_CASE("a path pays and values what a slow walk through its years does") {
  // Quarters; prices rise 1%, 0.1%, 2%... a quarter; curves shift. Caps at 3% a year, floors at 0, switch after 3
  // years.
  const IndexRule certain{true, 0.0, 0.03, 0.0};
  LiabilityTerms terms = pensions(kUncapped, certain, 3);
  MeasureParameters measures;
  LiabilityPlan plan({terms}, kTenors, {}, 4, 40, {{22, true, false}}, measures);
  Block block;
  LiabilityPath path(plan, 16, block.market());
  std::vector<double> index = {1.0};  // by quarter, of lane 5
  std::vector<Block> history;
  history.emplace_back();
  auto limited = [&](int year) {  // growth of the limited index to an anniversary
    double growth = 1.0;
    for (int y = 1; y <= year; ++y) {
      growth *= std::min(1.03, std::max(1.0, index[std::size_t(4 * y)] / index[std::size_t(4 * y - 4)]));
    }
    return growth;
  };
  for (int step = 1; step <= 22; ++step) {
    Block now(0.0007 * step);
    index.push_back(index.back() * (1 + (step * 7 % 5) * 0.004 - 0.002));
    now.index.fill(index.back());
    path.step(now.market(), now.cash.row(0));
    double t = step / 4.0, due = 0;
    if (step == 8) due += 7;
    if (step % 2 == 0) {
      double growth = t < 3 ? index.back() : index[12] * limited(int(t)) / limited(3);
      due += (100 + step / 2) * growth;
    }
    auto forward = [&](int at, double start, double end) {
      MarketState market = history[std::size_t(at)].state(5);
      double now_years = at / 4.0;
      return market.curve.discount(start - now_years) / market.curve.discount(end - now_years) - 1;
    };
    if (step == 2) due += 400 * forward(0, 0, 0.5);
    if (step == 6) due += 400 * forward(2, 0.5, 1.5);
    CHECK(path.payments()[5] == Approx(due).epsilon(1e-12));
    history.push_back(std::move(now));
  }
  LaneArray out(plan.valuer(22)->rows(), 16);
  path.value(history.back().market(), out);
  MarketState market = history.back().state(5);
  double pv = 0, now = 5.5;
  auto ahead = [&](double t) { return std::exp(market.breakeven.zero_rate(t - now) * (t - now)); };
  for (int k = 12; k <= 40; ++k) {
    double t = k / 2.0, growth = index[12] * limited(5) / limited(3);
    double last = index[20], next = 0;
    for (int year = 6; year <= int(t); ++year) {
      next = index[22] * ahead(year);
      growth *= std::min(1.03, std::max(1.0, next / last));
      last = next;
    }
    pv += (100 + k) * growth * std::exp(-(market.curve.zero_rate(t - now) + 0.003) * (t - now));
  }
  auto df = [&](double t) { return std::exp(-(market.curve.zero_rate(t - now) + 0.003) * (t - now)); };
  pv += -250 * (std::exp(-0.003 * 0.75) * df(7.25) - df(8));
  CHECK(out(LiabilityValuer::kPv, 5) == Approx(pv).epsilon(1e-12));
}

TEST_CASE("payments that follow prices need inflation") {
  LiabilityParameters liability;
  liability.name = "linked";
  liability.bullet = BulletParameters{};
  liability.bullet->amount = 1;
  liability.bullet->time_years = 10;
  liability.bullet->indexation = IndexationParameters{};
  InputFiles files = InputFiles::embedded({});
  MarketState now{YieldCurve({1.0}, {0.02}), {}, 1.0, {}};
  CHECK_THROWS_WITH_AS(LiabilityBook({liability}, std::nullopt, now, files),
                       doctest::Contains("follows prices, and there is no inflation"), InputError);
}

#include <cmath>
#include <cstdint>
#include <string>

#include <doctest/doctest.h>

#include "engine/liabilities/instrument_sensitivities.h"
#include "engine/liabilities/liability_book.h"
#include "engine/liabilities/liability_valuer.h"
#include "scenarios/market/curve_quotes.h"

// Bump and reprice over random books of all structures, under every construction of the curve.

using namespace ballast;
using doctest::Approx;

namespace {

class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  double between(double low, double high) {
    state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
    return low + (high - low) * double(state_ >> 11) * 0x1p-53;
  }

 private:
  std::uint64_t state_;
};

const std::vector<double> kTenors = {0.25, 1, 2, 5, 10, 20, 30}, kKeyRates = {1, 3, 5, 10, 15, 25, 40};

std::vector<CurveMethodRequest> all_requests() {
  std::vector<CurveMethodRequest> all;
  for (int k = 0; k <= int(Interpolation::svensson); ++k) {
    CurveMethodRequest request;
    request.interpolation = Interpolation(k);
    request.extrapolation = Extrapolation::flat_forward;
    if (request.interpolation == Interpolation::smith_wilson) {
      request.extrapolation = Extrapolation::smith_wilson;
      request.ufr = 0.034;
    }
    all.push_back(request);
  }
  return all;
}

/// lives: for the pension scheme.
std::vector<LiabilityParameters> random_book(Random& random, Random& lives) {
  std::vector<LiabilityParameters> book(8);
  for (std::size_t i = 0; i < book.size(); ++i) {
    book[i].name = std::to_string(i);
    book[i].discount.spread = i % 2 ? random.between(0, 0.01) : 0.0;
  }
  IndexationParameters limited;
  limited.floor = 0.0;
  limited.cap = random.between(0.02, 0.05);
  limited.volatility = random.between(0.005, 0.02);
  book[0].bullet = BulletParameters{random.between(1, 100), random.between(0.3, 40), {}, {}};
  book[1].annuity = AnnuityParameters{};
  book[1].annuity->amount = random.between(1, 10);
  book[1].annuity->years = std::floor(random.between(1, 50));
  book[1].annuity->payments_per_year = 12;
  book[1].annuity->indexation = limited;
  book[2].perpetuity = PerpetuityParameters{};
  book[2].perpetuity->amount = random.between(0.5, 1);
  book[3].life_annuity = LifeAnnuityParameters{};
  book[3].life_annuity->amount = random.between(1, 10);
  book[3].life_annuity->age = random.between(30, 80);
  book[3].life_annuity->mortality.gompertz_makeham = MakehamParameters{0.0003, 1.7e-5, 0.1035};
  book[3].life_annuity->indexation = IndexationParameters{};
  book[4].loan = LoanParameters{};
  book[4].loan->principal = random.between(-50, 100);
  book[4].loan->years = std::floor(random.between(2, 20));
  book[4].loan->floating = true;
  book[4].loan->rate = 0.01;
  book[5].loan = book[4].loan;
  book[5].loan->floating = false;
  book[5].loan->amortisation = Amortisation::annuity;
  book[6].deposits = DepositParameters{};
  book[6].deposits->balance = random.between(10, 100);
  book[6].deposits->core_share = random.between(0.3, 1);
  book[6].deposits->core_years = random.between(1, 6);
  book[6].deposits->pass_through = random.between(0, 0.5);
  book[7].pension_cohort = PensionCohortParameters{};
  PensionCohortParameters& scheme = *book[7].pension_cohort;
  scheme.members = {"members.csv"};
  scheme.mortality.gompertz_makeham = MakehamParameters{0.0003, 1.7e-5, 0.1035};
  scheme.salary_growth = lives.between(0, 0.03);
  scheme.future_service = lives.between(0, 1) < 0.5;
  scheme.salary_follows_inflation = lives.between(0, 1) < 0.5;
  scheme.revaluation = IndexationParameters{};
  scheme.indexation = limited;
  scheme.survivor_share = lives.between(0, 0.7);
  return book;
}

/// The members of the scheme in a random book.
std::string random_members(Random& random) {
  std::string csv = "age,status,salary,service_years,pension\n";
  for (int k = 0; k < 6; ++k) {
    csv += std::to_string(random.between(25, 60)) + ",active," + std::to_string(random.between(0.5, 3)) + "," +
           std::to_string(random.between(0, 20)) + ",\n";
    csv += std::to_string(random.between(40, 64)) + ",deferred,,," + std::to_string(random.between(0.1, 1)) + "\n";
    csv += std::to_string(random.between(66, 95)) + ",pensioner,,," + std::to_string(random.between(0.2, 1)) + "\n";
  }
  return csv;
}

/// Present values of flows when the annual rate at t is shift(t) higher.
template <class Shift>
double shifted_pv(const std::vector<LiabilityTerms>& book, const MarketState& market, Shift shift) {
  double pv = 0;
  for (const LiabilityTerms& terms : book) {
    CashFlows flows = expected_flows(terms, market).flows;
    for (std::size_t j = 0; j < flows.times.size(); ++j) {
      double t = flows.times[j], rate = std::expm1(market.curve.zero_rate(t)) + shift(t);
      pv += flows.amounts[j] * std::exp(-(std::log1p(rate) + flows.spread) * t);
    }
  }
  return pv;
}

}  // namespace

TEST_CASE("analytic measures agree with bumping and re-pricing, and key rates add up, for all books and curves") {
  Random random(20261125), lives(1875);
  for (const CurveMethodRequest& request : all_requests()) {
    std::string interpolation = name_of(*request.interpolation);
    CAPTURE(interpolation);
    for (int round = 0; round < 3; ++round) {
      std::vector<double> zero;
      double level = random.between(0.02, 0.04);
      for (double t : kTenors)
        zero.push_back(level + 0.006 * std::exp(-t / 5) * random.between(-1, 1) + random.between(0, 0.0003));
      CurveQuotes quotes{kTenors, zero, Quote::zero, Compounding::annual, request};
      MarketState market{quotes.curve(), YieldCurve({1, 30}, {0.01, 0.012}), 1.0, {}};
      InputFiles files = InputFiles::embedded({{"members.csv", random_members(lives)}});
      LiabilityBook book(random_book(random, lives), parse_date("2025-12-31"), market, files);
      LiabilityMeasures m = book.measure(market, Compounding::annual, kKeyRates).total;

      constexpr double h = 1e-4;
      double up = shifted_pv(book.terms(), market, [](double) { return h; });
      double down = shifted_pv(book.terms(), market, [](double) { return -h; });
      CHECK(m.modified_duration == Approx((down - up) / (2 * h * m.pv)).epsilon(1e-4));
      CHECK(m.convexity == Approx((down + up - 2 * m.pv) / (h * h * m.pv)).epsilon(1e-4));
      CHECK(m.effective_duration == Approx((down - up) / (2 * h * m.pv)).epsilon(1e-9));
      CHECK(m.dv01 == Approx((down - up) / 2).epsilon(1e-9));
      double sum = 0;
      for (std::size_t k = 0; k < kKeyRates.size(); ++k) {
        auto bump = [&](double sign) {
          return shifted_pv(book.terms(), market,
                            [&](double t) { return sign * h * key_rate_weight(kKeyRates, k, t); });
        };
        CHECK(m.key_rate_durations[k] == Approx((bump(-1) - bump(1)) / (2 * h * m.pv)).epsilon(1e-4).scale(0.01));
        sum += m.key_rate_durations[k];
      }
      CHECK(std::abs(sum - m.modified_duration) < 1e-9);

      // Expected inflation bumped, nominal rates as they are.
      auto inflated = [&](double shift) {
        MarketState moved = market;
        std::vector<double> rates = market.breakeven.zero_rates();
        for (double& rate : rates) rate += shift;
        moved.breakeven = YieldCurve(market.breakeven.tenors(), rates);
        return book.pv(moved);
      };
      CHECK(m.inflation_duration == Approx((inflated(h) - inflated(-h)) / (2 * h * m.pv)).epsilon(1e-4));

      // On a block the flows of fixed amounts have the same measures.
      std::vector<const CashFlows*> fixed;
      std::vector<CashFlows> copies;
      for (const LiabilityTerms& terms : book.terms()) copies.push_back(terms.fixed);
      for (const CashFlows& flows : copies) fixed.push_back(&flows);
      LiabilityValuer valuer(fixed, market.curve.tenors(), 0.0, Compounding::annual, kKeyRates, true, false,
                             &market.curve);
      LaneArray rates(market.curve.tenors().size(), 16), out(valuer.rows(), 16);
      for (std::size_t k = 0; k < rates.rows(); ++k) std::fill_n(rates.row(k), 16, market.curve.zero_rates()[k]);
      valuer.value(rates, out);
      LiabilityMeasures alone = measure_total(copies, market.curve, Compounding::annual, kKeyRates);
      CHECK(out(LiabilityValuer::kPv, 7) == Approx(alone.pv).epsilon(1e-10));
      CHECK(out(LiabilityValuer::kModified, 7) == Approx(alone.modified_duration).epsilon(1e-9));
      double keys = 0;
      for (std::size_t k = 0; k < kKeyRates.size(); ++k) keys += out(LiabilityValuer::kKeyRates + k, 7);
      CHECK(std::abs(keys - out(LiabilityValuer::kModified, 7)) < 1e-9);

      // An instrument's sensitivity is the change of value between the curves of its quote bumped up and down.
      auto changes = instrument_sensitivities(book, quotes, market);
      auto bumped = [&](double by) {
        CurveQuotes moved = quotes.with_estimates_of(market.curve);
        moved.quotes[4] += by;
        MarketState there = market;
        there.curve = moved.curve();
        return book.pv(there);
      };
      double change = 0;
      for (const auto& of_liability : changes) change += of_liability[4];
      CHECK(change == Approx((bumped(h) - bumped(-h)) / 2).epsilon(1e-9).scale(0.01));
    }
  }
}

TEST_CASE("the reference bond: closed form to 1e-9") {
  CashFlows bond{"bond", {1, 2, 3}, {5, 5, 105}, 0.0};
  LiabilityMeasures m = measure(bond, YieldCurve({1.0}, {std::log1p(0.03)}), Compounding::annual, {});
  CHECK(m.pv == Approx(105.6572227097894).epsilon(1e-12));
  CHECK(m.macaulay_duration == Approx(2.863504670671131).epsilon(1e-12));
  CHECK(m.modified_duration == Approx(2.780101622010806).epsilon(1e-12));
  CHECK(m.convexity == Approx(10.62580548268594).epsilon(1e-12));
}

// Bonds and annuities that textbooks, tables and spreadsheets give numbers of.
#include <cmath>

#include <doctest/doctest.h>

#include "engine/liabilities/liability_book.h"
#include "engine/liabilities/valuation.h"

using namespace ballast;
using doctest::Approx;

namespace {

/// Coupons of a bond of 100 at the ends of half years.
CashFlows semiannual_bond(double coupon, int years) {
  CashFlows bond;
  for (int k = 1; k <= 2 * years; ++k) {
    bond.times.push_back(k / 2.0);
    bond.amounts.push_back(50 * coupon + (k == 2 * years ? 100 : 0));
  }
  return bond;
}

LiabilityMeasures at_yield(const CashFlows& bond, double yield) {
  return measure(bond, YieldCurve({1.0}, {to_continuous(yield, Compounding::semiannual)}), Compounding::semiannual, {});
}

bool agrees(double found, double published, double half_unit) { return std::abs(found - published) <= half_unit; }

/// Whole-life annuities due of 1 a year under mu(x) = A + B c^x: what the structure pays in arrears, and 1 now.
class Annuities {
 public:
  Annuities(double a, double b, double c, double interest) : interest_(interest) { law_ = {a, b, std::log(c)}; }

  double due(double age, std::optional<double> other = {}, double years = 0) const {
    LiabilityParameters liability;
    liability.name = "annuity";
    liability.life_annuity = LifeAnnuityParameters{};
    LifeAnnuityParameters& annuity = *liability.life_annuity;
    annuity.amount = 1;
    annuity.age = age;
    annuity.payments_per_year = 1;
    annuity.mortality.gompertz_makeham = law_;
    if (years > 0) annuity.years = years - 1;
    if (other) {
      annuity.joint = JointLifeParameters{};
      annuity.joint->age = *other;
      annuity.joint->to_first = annuity.joint->to_second = 0;
    }
    InputFiles files = InputFiles::embedded({});
    const MarketState now{YieldCurve({1.0}, {std::log1p(interest_)}), {}, 1.0, {}};
    return 1 + LiabilityBook({liability}, parse_date("2025-12-31"), now, files).pv(now);
  }

 private:
  MakehamParameters law_;
  double interest_;
};

}  // namespace

TEST_CASE("bonds: durations and convexities of Fabozzi's table, of Hull's, and of Excel's examples") {
  // Fabozzi, Bond Markets, Analysis and Strategies, ch. 4: six bonds at a yield of 9%.
  struct Row {
    double coupon;
    int years;
    double price, macaulay, modified;
  };
  for (const Row& row : {Row{0.09, 5, 100.0000, 4.13, 3.96}, Row{0.09, 25, 100.0000, 10.33, 9.88},
                         Row{0.06, 5, 88.1309, 4.35, 4.16}, Row{0.06, 25, 70.3570, 11.10, 10.62},
                         Row{0.00, 5, 64.3928, 5.00, 4.78}, Row{0.00, 25, 11.0710, 25.00, 23.92}}) {
    const LiabilityMeasures m = at_yield(semiannual_bond(row.coupon, row.years), 0.09);
    CAPTURE(row.coupon);
    CAPTURE(row.years);
    CHECK(agrees(m.pv, row.price, 6e-5));
    CHECK(agrees(m.macaulay_duration, row.macaulay, 0.0051));
    CHECK(agrees(m.modified_duration, row.modified, 0.0051));
    CHECK(m.effective_duration == Approx(m.modified_duration).epsilon(1e-5));
  }
  CHECK(agrees(at_yield(semiannual_bond(0.09, 5), 0.09).convexity, 19.45, 0.0051));
  CHECK(agrees(at_yield(semiannual_bond(0.09, 25), 0.09).convexity, 160.72, 0.0051));
  CHECK(agrees(at_yield(semiannual_bond(0.0, 25), 0.09).convexity, 583.78, 0.0051));

  // Excel's documentation: DURATION and MDURATION of 2008-01-01 to 2016-01-01, 8%, 9%, semiannual.
  const LiabilityMeasures eight = at_yield(semiannual_bond(0.08, 8), 0.09);
  CHECK(agrees(eight.macaulay_duration, 5.993775, 5e-7));
  CHECK(agrees(eight.modified_duration, 5.73567, 5e-6));
  // PRICE of 2008-02-15 to 2017-11-15, 5.75%, 6.5%, semiannual, 30/360: half of the first period is over.
  CashFlows stub = semiannual_bond(0.0575, 10);
  for (double& time : stub.times) time -= 0.25;
  CHECK(agrees(at_yield(stub, 0.065).pv - 2.875 / 2, 94.63436162, 5e-9));

  // Hull, 'Interest rates', Table 4.6: three years, 10% semiannual, 12% continuous.
  const LiabilityMeasures hull =
      measure(semiannual_bond(0.1, 3), YieldCurve({1.0}, {0.12}), Compounding::continuous, {});
  CHECK(agrees(hull.pv, 94.213, 5e-4));
  CHECK(agrees(hull.macaulay_duration, 2.653, 5e-4));
  CHECK(hull.modified_duration == Approx(hull.macaulay_duration).epsilon(1e-14));
}

TEST_CASE("life annuities: the Society of Actuaries' Standard Ultimate and Illustrative Life Tables") {
  // Standard Ultimate Life Table (Dickson, Hardy & Waters, Actuarial Mathematics for Life Contingent Risks, app. D),
  // 5%.
  const Annuities ultimate(0.00022, 2.7e-6, 1.124, 0.05);
  for (auto [age, published] : {std::pair{20, 19.9664}, {40, 18.4578}, {60, 14.9041}, {65, 13.5498}, {70, 12.0083}}) {
    CAPTURE(age);
    CHECK(agrees(ultimate.due(age), published, 6e-5));
  }
  CHECK(agrees(ultimate.due(60, {}, 10), 7.9555, 6e-5));
  CHECK(agrees(ultimate.due(65, {}, 10), 7.8435, 6e-5));
  CHECK(agrees(ultimate.due(60, {}, 20), 12.3816, 6e-5));
  CHECK(agrees(ultimate.due(60, 60), 13.2497, 6e-5));  // while both live
  CHECK(agrees(ultimate.due(65, 65), 11.6831, 6e-5));
  // Illustrative Life Table (Bowers et al., Actuarial Mathematics, 2nd ed. 1997, app. 2A), 6%.
  const Annuities illustrative(0.0007, 0.00005, std::pow(10, 0.04), 0.06);
  for (auto [age, published] : {std::pair{20, 16.5133}, {35, 15.3926}, {40, 14.8166}, {60, 11.1454}, {65, 9.8969}}) {
    CAPTURE(age);
    CHECK(agrees(illustrative.due(age), published, 1.1e-4));
  }
}

// Curves that others have published, from the quotes that they were made of.
#include <array>
#include <cmath>

#include <doctest/doctest.h>

#include "scenarios/market/bond.h"
#include "scenarios/market/curve_quotes.h"

using namespace ballast;
using doctest::Approx;

TEST_CASE("Smith-Wilson: EIOPA's euro curve of 31 July 2022 from its swaps, alpha and every published year") {
  // EIOPA_RFR_20220731_Term_Structures.xlsx, sheet RFR_spot_no_VA: UFR 3.45%, last liquid point 20 years, alpha
  // 0.126079, and spot rates rounded to five digits. The swap rates, less 10 basis points for credit risk, are those
  // that EIOPA_RFR_20220731_Qb_SW.xlsx implies; there are none at 13, 14 and 16 to 19 years.
  constexpr std::array published = {
      0.00860, 0.01046, 0.01089, 0.01175, 0.01252, 0.01316, 0.01384, 0.01439, 0.01507, 0.01561, 0.01601, 0.01671,
      0.01719, 0.01739, 0.01737, 0.01720, 0.01696, 0.01672, 0.01656, 0.01649, 0.01655, 0.01670, 0.01691, 0.01718,
      0.01748, 0.01781, 0.01815, 0.01850, 0.01885, 0.01921, 0.01956, 0.01990, 0.02024, 0.02057, 0.02089, 0.02120,
      0.02150, 0.02180, 0.02208, 0.02236, 0.02262, 0.02288, 0.02312, 0.02336, 0.02359, 0.02381, 0.02403, 0.02424,
      0.02444, 0.02463, 0.02481, 0.02499, 0.02517, 0.02533, 0.02550, 0.02565, 0.02581, 0.02595, 0.02609, 0.02623,
      0.02637, 0.02650, 0.02662, 0.02674, 0.02686, 0.02697, 0.02709, 0.02719, 0.02730, 0.02740, 0.02750, 0.02760,
      0.02769, 0.02778, 0.02787, 0.02796, 0.02804, 0.02813, 0.02821, 0.02828, 0.02836, 0.02843, 0.02851, 0.02858,
      0.02865, 0.02872, 0.02878, 0.02885, 0.02891, 0.02897, 0.02903, 0.02909, 0.02915, 0.02921, 0.02926, 0.02932,
      0.02937, 0.02942, 0.02947, 0.02952};
  CurveQuotes quotes;
  quotes.tenors = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20};
  quotes.quotes = {0.0085985, 0.01045, 0.01088, 0.01173, 0.01248, 0.01310, 0.01376,
                   0.01429,   0.01494, 0.01545, 0.01583, 0.01647, 0.01711, 0.01640};
  quotes.quote = Quote::swap;
  quotes.request.interpolation = Interpolation::smith_wilson;
  quotes.request.extrapolation = Extrapolation::smith_wilson;
  quotes.request.ufr = 0.0345;
  const YieldCurve curve = quotes.curve();
  CHECK(std::abs(curve.method().alpha - 0.126079) < 1e-6);
  for (std::size_t t = 1; t <= published.size(); ++t) {
    CAPTURE(t);
    CHECK(std::abs(std::expm1(curve.zero_rate(double(t))) - published[t - 1]) < 0.6e-5);  // its rounding
  }
}

TEST_CASE("Svensson: the ECB's spot rates of 6 September 2004, half of them from the other half") {
  // European Central Bank, yield curve of AAA-rated government bonds: continuous spot rates at 3 months to 30 years,
  // made by Svensson's formula.
  const std::vector<double> tenors = {0.25, 0.5, 0.75, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 20, 25, 30};
  const std::vector<double> rates = {0.020342, 0.021219, 0.022104, 0.022988, 0.026413, 0.029516,
                                     0.032232, 0.034572, 0.036574, 0.038285, 0.039749, 0.041007,
                                     0.042092, 0.043853, 0.045764, 0.047793, 0.049045, 0.049887};
  CurveQuotes half;
  for (std::size_t k = 0; k < tenors.size(); ++k) {
    if (k % 2 == 0 || tenors[k] == 30) half.tenors.push_back(tenors[k]), half.quotes.push_back(rates[k]);
  }
  half.compounding = Compounding::continuous;
  half.request.interpolation = Interpolation::svensson;
  const YieldCurve curve = half.curve();
  for (std::size_t k = 0; k < tenors.size(); ++k) {
    CAPTURE(tenors[k]);
    CHECK(std::abs(curve.zero_rate(tenors[k]) - rates[k]) < 5e-6);  // a twentieth of a basis point
  }
}

TEST_CASE("monotone convex: Hagan and West's curve has the discrete forwards of their table") {
  // Hagan & West 2006, Applied Mathematical Finance 13(2): terms, zero rates, capitalisation factors and forwards.
  const std::vector<double> terms = {0.1, 1, 4, 9, 20, 30}, zero = {0.081, 0.07, 0.044, 0.07, 0.04, 0.03};
  const double factors[] = {1.008133, 1.072508, 1.192438, 1.877611, 2.225541, 2.459603};
  const double forwards[] = {0.081, 0.0688, 0.0353, 0.0908, 0.0155, 0.0100};
  CurveMethod method;
  method.interpolation = Interpolation::monotone_convex;
  const YieldCurve curve(terms, zero, method);
  double before = 0.0;
  for (std::size_t k = 0; k < terms.size(); ++k) {
    CHECK(std::abs(1 / curve.discount(terms[k]) - factors[k]) < 6e-7);
    const double start = k == 0 ? 0.0 : terms[k - 1], grown = curve.zero_rate(terms[k]) * terms[k];
    CHECK(std::abs((grown - before) / (terms[k] - start) - forwards[k]) < 6e-5);
    before = grown;
    // What the paper asks of the method here: forwards stay positive, and continuous at the terms.
    for (double t = start + 0.01; t < terms[k]; t += 0.01) REQUIRE(curve.forward_rate(t) > 0);
    if (terms[k] < 30) CHECK(curve.forward_rate(terms[k] - 1e-9) == Approx(curve.forward_rate(terms[k])).epsilon(1e-6));
  }
}

TEST_CASE("par yield and price of Hull's two-year bond") {
  // Hull, Options, Futures, and Other Derivatives, 'Interest rates': zero rates 5.0, 5.8, 6.4, 6.8% continuous at 6 to
  // 24 months; a 6% bond is worth 98.39, the two-year par yield is 6.87% semiannual.
  const YieldCurve curve({0.5, 1, 1.5, 2}, {0.05, 0.058, 0.064, 0.068});
  CHECK(std::abs(curve.par_yield(2, 2) - 0.0687) < 5e-5);
  double price = 100 * curve.discount(2);
  for (double t : {0.5, 1.0, 1.5, 2.0}) price += 3 * curve.discount(t);
  CHECK(std::abs(price - 98.39) < 0.006);
}

#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/market/bond.h"
#include "scenarios/market/curve_map.h"
#include "scenarios/market/curve_quotes.h"
#include "scenarios/market/history_files.h"
#include "scenarios/market/monotone_convex.h"
#include "scenarios/market/negative_forwards.h"
#include "scenarios/market/nelson_siegel.h"
#include "scenarios/market/smith_wilson.h"
#include "scenarios/market/tenor_header.h"

using namespace ballast;
using doctest::Approx;

namespace {

const std::vector<double> kTenors = {0.5, 1, 2, 5, 10, 20, 30};
const std::vector<double> kZero = {-0.004, -0.002, 0.006, 0.018, 0.027, 0.024, 0.026};

CurveMethodRequest request_of(Interpolation interpolation, Extrapolation extrapolation = Extrapolation::flat_forward) {
  CurveMethodRequest request;
  request.interpolation = interpolation;
  request.extrapolation = extrapolation;
  if (interpolation == Interpolation::smith_wilson) request.extrapolation = Extrapolation::smith_wilson;
  if (request.extrapolation == Extrapolation::smith_wilson) request.ufr = 0.033;
  return request;
}

std::vector<CurveMethodRequest> all_requests() {
  std::vector<CurveMethodRequest> all;
  for (auto i : {Interpolation::linear_zero, Interpolation::log_linear_discount, Interpolation::natural_cubic,
                 Interpolation::monotone_convex}) {
    for (auto e : {Extrapolation::flat_zero, Extrapolation::flat_forward, Extrapolation::smith_wilson}) {
      all.push_back(request_of(i, e));
    }
  }
  for (auto i : {Interpolation::smith_wilson, Interpolation::nelson_siegel, Interpolation::svensson}) {
    all.push_back(request_of(i));
  }
  return all;
}

bool fits(const CurveMethodRequest& request) { return *request.interpolation >= Interpolation::nelson_siegel; }

std::string name(const CurveMethodRequest& request) {
  return std::string(name_of(*request.interpolation)) + " " + name_of(request.extrapolation);
}

}  // namespace

TEST_CASE("every method meets its zero rates, and forwards are the slope of ln P") {
  for (const CurveMethodRequest& request : all_requests()) {
    CAPTURE(name(request));
    YieldCurve curve = CurveQuotes{kTenors, kZero, Quote::zero, Compounding::continuous, request}.curve();
    for (std::size_t k = 0; k < kTenors.size() && !fits(request); ++k) {
      CHECK(curve.zero_rate(kTenors[k]) == Approx(kZero[k]).epsilon(1e-10));
    }
    for (double t : {0.1, 0.7, 1.3, 3.0, 4.9, 7.7, 15.0, 25.0, 29.9, 31.0, 50.0, 90.0}) {
      CAPTURE(t);
      double h = 1e-5, slope = (std::log(curve.discount(t - h)) - std::log(curve.discount(t + h))) / (2 * h);
      CHECK(curve.forward_rate(t) == Approx(slope).epsilon(1e-6).scale(0.01));
    }
    CHECK(curve.forward_rate(0.01) < 0);  // negative forwards are allowed
  }
}

TEST_CASE("par and swap quotes are priced at 1 by every interpolation that is no fit") {
  std::vector<double> par = {-0.001, 0.004, 0.011, 0.02, 0.027, 0.025, 0.026};
  for (const CurveMethodRequest& request : all_requests()) {
    if (fits(request)) continue;
    CAPTURE(name(request));
    for (auto compounding : {Compounding::annual, Compounding::semiannual}) {
      YieldCurve curve = CurveQuotes{kTenors, par, Quote::par, compounding, request}.curve();
      int frequency = periods_per_year(compounding);
      for (std::size_t k = 0; k < par.size(); ++k) {
        CHECK(curve.par_yield(kTenors[k], frequency) == Approx(par[k]).epsilon(1e-9).scale(0.01));
      }
    }
  }
}

TEST_CASE("monotone convex: Hagan and West's properties") {
  // The mean of the forwards over an interval is the discrete forward; the pieces integrate to 0 in all four regions.
  for (auto [g0, g1] :
       {std::pair{-0.02, 0.02}, {-0.01, 0.05}, {0.03, -0.001}, {0.02, 0.01}, {0.02, -0.09}, {-0.02, -0.03}}) {
    CAPTURE(g0);
    CAPTURE(g1);
    double sum = 0;
    constexpr int kPieces = 200000;
    for (int k = 0; k < kPieces; ++k) sum += convex_piece(g0, g1, (k + 0.5) / kPieces).value / kPieces;
    CHECK(std::abs(sum) < 1e-9);
    for (double x : {0.05, 0.3, 0.5, 0.66, 0.9}) {
      double h = 1e-6;
      double slope = (convex_piece(g0, g1, x + h).integral - convex_piece(g0, g1, x - h).integral) / (2 * h);
      CHECK(slope == Approx(convex_piece(g0, g1, x).value).epsilon(1e-6).scale(0.01));
    }
    CHECK(convex_piece(g0, g1, 1 - 1e-12).integral == Approx(0).scale(1).epsilon(1e-10));
  }
  // Forwards are continuous at the tenors (the paper's point against others).
  MonotoneConvex curve(kTenors, kZero);
  for (double t : {1.0, 2.0, 5.0, 10.0, 20.0}) {
    CHECK(curve.forward(t - 1e-9) == Approx(curve.forward(t + 1e-9)).epsilon(1e-6));
  }
}

TEST_CASE("Smith-Wilson: EIOPA's Swiss franc curve of 31 May 2019, every published year from 26 to 65 within 1 bp") {
  // Spot rates published by EIOPA, annual compounding; UFR 2.9%, alpha 0.128562, last liquid point 25 years.
  const double published[] = {
      -0.00803, -0.00814, -0.00778, -0.00725, -0.00652, -0.00565, -0.0048, -0.00391, -0.00313, -0.00214, -0.0014,
      -0.00067, -8e-05,   0.00051,  0.00108,  0.00157,  0.00197,  0.00228, 0.0025,   0.00264,  0.00271,  0.00274,
      0.0028,   0.00291,  0.00309,  0.00337,  0.00372,  0.00412,  0.00455, 0.00501,  0.00548,  0.00596,  0.00644,
      0.00692,  0.00739,  0.00786,  0.00831,  0.00876,  0.00919,  0.00961, 0.01002,  0.01042,  0.01081,  0.01118,
      0.01154,  0.01189,  0.01223,  0.01255,  0.01287,  0.01318,  0.01347, 0.01376,  0.01403,  0.0143,   0.01456,
      0.01481,  0.01505,  0.01528,  0.01551,  0.01573,  0.01594,  0.01615, 0.01635,  0.01655,  0.01673};
  CurveQuotes quotes;
  for (int t = 1; t <= 25; ++t) quotes.tenors.push_back(t), quotes.quotes.push_back(published[t - 1]);
  quotes.request = request_of(Interpolation::smith_wilson);
  quotes.request.ufr = 0.029;
  quotes.request.alpha = 0.128562;
  YieldCurve curve = quotes.curve();
  for (int t = 26; t <= 65; ++t) {
    CAPTURE(t);
    CHECK(std::abs(std::expm1(curve.zero_rate(t)) - published[t - 1]) < 1e-4);
  }
  // The calibrated alpha: the rates are rounded to five digits, so it is near the published one only.
  quotes.request.alpha.reset();
  YieldCurve calibrated = quotes.curve();
  MESSAGE("alpha calibrated to the rounded rates: ", calibrated.method().alpha);
  CHECK(calibrated.method().alpha == Approx(0.128562).epsilon(0.02));
  double limit = std::log1p(0.029);
  CHECK(std::abs(calibrated.forward_rate(65) - limit) == Approx(1e-4).epsilon(1e-4));
}

TEST_CASE("Smith-Wilson from swaps is the curve of all its payment dates") {
  CurveQuotes quotes{{1, 2, 3, 5, 10, 20},
                     {0.01, 0.012, 0.014, 0.018, 0.022, 0.024},
                     Quote::swap,
                     Compounding::annual,
                     request_of(Interpolation::smith_wilson)};
  YieldCurve curve = quotes.curve();
  CHECK(curve.tenors().size() == 20);
  YieldCurve again(curve.tenors(), curve.zero_rates(), curve.method());
  for (double t : {0.4, 3.7, 12.5, 20.0, 44.0, 100.0})
    CHECK(again.zero_rate(t) == Approx(curve.zero_rate(t)).epsilon(1e-12));
  CHECK(curve.par_yield(20, 1) == Approx(0.024).epsilon(1e-10));
}

TEST_CASE("Nelson-Siegel and Svensson find the curves that are theirs") {
  std::vector<double> tenors = {0.25, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30}, ns, sv;
  auto level = [](double x) { return (1 - std::exp(-x)) / x; };
  for (double t : tenors) {
    double x = t / 1.8, y = t / 9.5;
    ns.push_back(0.04 - 0.02 * level(x) + 0.01 * (level(x) - std::exp(-x)));
    sv.push_back(ns.back() + 0.015 * (level(y) - std::exp(-y)));
  }
  CHECK(fit_decays(tenors, ns, false).first == Approx(1.8).epsilon(1e-4));
  Decays found = fit_decays(tenors, sv, true);
  CHECK(NelsonSiegel(tenors, sv, found.first, found.second).squared_error() < 1e-12);
  CHECK(NelsonSiegel(tenors, sv, found.first, found.second).zero_rate(4.4) ==
        Approx(0.04 - 0.02 * level(4.4 / 1.8) + 0.01 * (level(4.4 / 1.8) - std::exp(-4.4 / 1.8)) +
               0.015 * (level(4.4 / 9.5) - std::exp(-4.4 / 9.5)))
            .epsilon(1e-4));
}

TEST_CASE("fits of noisy rates stay near them where no tenor holds them") {
  std::vector<double> tenors = {0.25, 1, 2, 5, 10, 20, 30};
  std::uint64_t state = 1987;
  auto noise = [&](double size) {
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return size * (double(state >> 11) * 0x1p-52 - 1.0);
  };
  for (int k = 0; k < 20; ++k) {
    std::vector<double> zero;
    double slope = noise(0.006);
    for (double t : tenors) zero.push_back(0.03 + slope * std::exp(-t / 5) + noise(0.0003));
    Decays decays = fit_decays(tenors, zero, true);
    NelsonSiegel curve(tenors, zero, decays.first, decays.second);
    for (double t : {0.0, 1 / 365.0, 1 / 12.0, 0.15, 50.0, 200.0}) {
      CAPTURE(t);
      CHECK(std::abs(curve.zero_rate(t) - 0.03) < 0.025);
    }
  }
}

TEST_CASE("on blocks of curves every method is what it is on one") {
  std::vector<double> block_tenors = {0.25, 0.5, 1, 2, 3, 5, 7, 10, 20, 30, 40};
  std::vector<double> times = {0.0, 0.1, 0.5, 1.7, 6.0, 19.0, 30.0, 33.0, 80.0};
  for (const CurveMethodRequest& request : all_requests()) {
    CAPTURE(name(request));
    YieldCurve like = CurveQuotes{kTenors, kZero, Quote::zero, Compounding::continuous, request}.curve();
    LaneArray rates(block_tenors.size(), 32), out(times.size(), 16);
    for (std::size_t k = 0; k < block_tenors.size(); ++k) {
      for (std::size_t lane = 0; lane < 32; ++lane) {
        rates(k, lane) = 0.01 + 0.001 * double((7 * k + 3 * lane) % 11) + 0.0004 * double(lane);
      }
    }
    CurveMap(block_tenors, like, times).evaluate(rates, 16, out);
    for (std::size_t lane = 16; lane < 32; ++lane) {
      bool all = like.method().linear_flat();
      std::vector<double> tenors = all ? block_tenors : like.tenors(), zero;
      for (std::size_t k = 0; k < block_tenors.size(); ++k) {
        if (all || std::find(tenors.begin(), tenors.end(), block_tenors[k]) != tenors.end())
          zero.push_back(rates(k, lane));
      }
      YieldCurve one(tenors, zero, like.method());
      for (std::size_t i = 1; i < times.size(); ++i) {
        CHECK(out(i, lane - 16) == Approx(one.zero_rate(times[i])).epsilon(1e-10));
      }
    }
  }
}

TEST_CASE("headers name tenors as the files that people download do") {
  auto years = [](const char* header) { return tenor_of_header(header, TenorUnit::years); };
  CHECK(years("10") == 10.0);
  CHECK(tenor_of_header("120", TenorUnit::months) == 10.0);
  CHECK(years("BC_3MONTH") == 0.25);
  CHECK(years("BC_30YEAR") == 30.0);
  CHECK(years("BC_30YEARDISPLAY") == 0.0);
  CHECK(years("1.5 Month") == 0.125);
  CHECK(years("10 Yr") == 10.0);
  CHECK(years("120_month") == 10.0);
  CHECK(years("DGS10") == 10.0);
  CHECK(years("DGS3MO") == 0.25);
  CHECK(years("YC.B.U2.EUR.4F.G_N_A.SV_C_YM.SR_10Y") == 10.0);
  CHECK(!years("year"));
  CHECK(!years("equity"));
  CHECK(!years("BETA0"));
}

TEST_CASE("maturities may be dates, counted as the study says; tenors beyond the last liquid point are left out") {
  InputFiles files =
      InputFiles::embedded({{"c.csv", "Maturity,Rate\n2026-07-01,0.02\n2028-01-01,0.03\n2036-01-01,0.04\n"}});
  CurveFile parameters;
  parameters.file = {"c.csv"};
  parameters.day_count = DayCount::thirty_360;
  parameters.last_tenor = 5;
  auto quotes = read_curve_file(parameters, parse_date("2026-01-01"), files);
  CHECK(quotes.tenors == std::vector<double>{0.5, 2.0});
  CHECK_THROWS_WITH_AS(read_curve_file(parameters, std::nullopt, files), doctest::Contains("no valuation date"),
                       InputError);
  Date from = *parse_date("2024-02-29"), to = *parse_date("2025-03-31");
  CHECK(year_fraction(from, to, DayCount::act_365f) == 396 / 365.0);
  CHECK(year_fraction(from, to, DayCount::act_360) == 396 / 360.0);
  CHECK(year_fraction(from, to, DayCount::act_act) == Approx(307 / 366.0 + 89 / 365.0));
  CHECK(year_fraction(from, to, DayCount::thirty_360) == (360 + 30 + 2) / 360.0);
}

TEST_CASE("negative forwards are reported, not refused") {
  CHECK(negative_forwards(YieldCurve({1, 10}, {0.01, 0.02})).empty());
  CHECK(negative_forwards(YieldCurve({1, 2, 3}, {-0.01, 0.0, 0.01})) ==
        "the forward rate is negative from 0.0833 to 0.917 years, the lowest -0.0100");
}

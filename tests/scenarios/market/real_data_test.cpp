#include <cmath>
#include <filesystem>
#include <iomanip>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/market/bond.h"
#include "scenarios/market/history.h"
#include "tests/folders.h"

using namespace ballast;

namespace {

const std::string kShared = ballast::shared_folder();
const std::string kUsHistory = "us_joint_monthly_195305_201811.csv";

bool has_shared_data() {
  if (std::filesystem::exists(kShared + "/data")) return true;
  MESSAGE("left out: the folder of real data is not here");
  return false;
}

CurveFile us_par_yields() {
  CurveFile curve;
  curve.file = {kUsHistory};
  curve.quote = Quote::par;
  curve.compounding = Compounding::semiannual;
  curve.columns = {{"cmt_3m", 0.25}, {"cmt_6m", 0.5}, {"cmt_12m", 1},   {"cmt_24m", 2},   {"cmt_36m", 3},
                   {"cmt_60m", 5},   {"cmt_84m", 7},  {"cmt_120m", 10}, {"cmt_240m", 20}, {"cmt_360m", 30}};
  return curve;
}

SeriesFile series_file(std::string name, std::optional<Unit> unit = {}) {
  return SeriesFile{.file = {std::move(name)}, .unit = unit, .missing = {}};
}

YieldCurve curve_at(const MarketHistory& history, Eigen::Index row) {
  Eigen::VectorXd rates = history.zero_rates.row(row).transpose();
  return YieldCurve(history.tenors, {rates.data(), rates.data() + rates.size()});
}

double mean(const std::vector<double>& x) {
  double sum = 0;
  for (double v : x) sum += v;
  return sum / double(x.size());
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  double mx = mean(x), my = mean(y), xx = 0, yy = 0, xy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
    xy += (x[i] - mx) * (y[i] - my);
  }
  return xy / std::sqrt(xx * yy);
}

/// Annual mean of monthly returns, in percent.
double annual_percent(const std::vector<double>& monthly) { return 1200 * mean(monthly); }

}  // namespace

TEST_CASE("the US history is read as returns and par yields, which are re-priced") {
  if (!has_shared_data()) return;
  MarketParameters market;
  market.returns = series_file(kUsHistory);
  market.curve_history = us_par_yields();
  InputFiles files(kShared + "/data");
  MarketHistory h = read_history(market, {"equity_mkt_tr", "gold_ret", "cmt_120m"}, 12, {}, files);
  CHECK(h.periods() == 786);  // the first month's curve only starts the second
  CHECK(to_string(h.start) == "1953-05-31");
  CHECK(to_string(h.dates.back()) == "2018-11-30");
  CHECK(h.returns(0, 0) == -0.0171);
  double worst = 0;
  for (Eigen::Index i = 1; i < h.zero_rates.rows(); ++i) {
    worst = std::max(worst, std::abs(curve_at(h, i).par_yield(10, 2) - h.returns(i - 1, 2)));
  }
  MESSAGE("largest error of the 10-year par yield converted to zero rates and back: " << worst);
  CHECK(worst < 1e-14);
  CHECK(read_curve(market, parse_date("2018-11-30"), files).par_yield(30, 2) == doctest::Approx(0.033).epsilon(1e-13));
}

// What the columns govt_*_tr are: a par bond with semi-annual coupons, bought at the yield of the month before and
// valued a month later, accrued interest included, with all its flows discounted at the *new yield of the same pillar*.
// In closed form [P(coupon = old yield, at the new yield, 20 half-years) (1 + new yield / 2)^(1/6)] - 1. So (A), with
// the yields taken back from the converted zero curves, must give the column to its printed digits.
//
// A fund re-priced off the zero curve (C) differs in two ways, both real. It rolls down: after a month it is a bond of
// 9 years and 11 months. And a bond whose coupon is no longer the par yield is not worth what that single yield says,
// because its coupons are discounted at their own rates: (B) is that alone, the bond valued at its full maturity off
// the zero curve, with a month of interest. B's correlation with the column, and the difference C - B, the roll-down,
// are shown.
TEST_CASE("a constant-maturity par bond reproduces the US history's bond returns up to roll-down") {
  if (!has_shared_data()) return;
  MarketParameters market;
  market.returns = series_file(kUsHistory);
  market.curve_history = us_par_yields();
  InputFiles files(kShared + "/data");
  const double dt = 1.0 / 12;
  struct Bond {
    std::string series;
    double years;
    double least_correlation;  ///< of (B)
  };
  for (const Bond& bond :
       {Bond{"govt_5y_tr", 5, 0.9999}, Bond{"govt_10y_tr", 10, 0.9999}, Bond{"govt_20y_tr", 20, 0.9997}}) {
    CAPTURE(bond.series);
    MarketHistory h = read_history(market, {bond.series}, 12, {}, files);
    std::vector<double> column, at_yield, same_maturity, rolled;
    double worst = 0;
    for (Eigen::Index i = 0; i < h.periods(); ++i) {
      YieldCurve before = curve_at(h, i), after = curve_at(h, i + 1);
      double coupon = before.par_yield(bond.years, 2), yield = after.par_yield(bond.years, 2);
      YieldCurve flat({1}, {to_continuous(yield, Compounding::semiannual)});
      column.push_back(h.returns(i, 0));
      at_yield.push_back(bond_price(flat, bond.years, coupon, 2, dt) - 1);
      same_maturity.push_back(bond_price(after, bond.years, coupon, 2) * std::pow(1 + yield / 2, 2 * dt) - 1);
      rolled.push_back(bond_price(after, bond.years, coupon, 2, dt) - 1);
      worst = std::max(worst, std::abs(at_yield.back() - column.back()));
    }
    auto show = [&](const std::string& what, const std::vector<double>& returns) {
      MESSAGE(bond.series << " " << what << ": correlation with the column " << std::setprecision(8)
                          << correlation(returns, column) << ", mean " << std::setprecision(4)
                          << annual_percent(returns) << "% a year, the column's " << annual_percent(column) << "%");
    };
    show("(A) at the same pillar's yield", at_yield);
    show("(B) of full maturity off the zero curve", same_maturity);
    show("(C) aged a month off the zero curve", rolled);
    CHECK(worst < 5e-7);  // the column has six significant digits
    CHECK(correlation(at_yield, column) > 0.9999);
    CHECK(std::abs(annual_percent(at_yield) - annual_percent(column)) < 1e-4);
    CHECK(correlation(same_maturity, column) > bond.least_correlation);
    CHECK(correlation(rolled, column) > 0.999);
    double roll_down = annual_percent(rolled) - annual_percent(same_maturity);
    MESSAGE(bond.series << ": roll-down " << roll_down << "% a year");
    CHECK(roll_down > 0);  // the curve mostly rises
    CHECK(std::abs(annual_percent(rolled) - roll_down - annual_percent(column)) < 0.08);
  }
}

TEST_CASE("daily US Treasury par yields in percent, 0.0 for missing, become monthly curves") {
  if (!has_shared_data()) return;
  MarketParameters market;
  market.curve_history.emplace();
  CurveFile& curve = *market.curve_history;
  curve.file = {"us_treasury_par_daily.csv"};
  curve.quote = Quote::par;
  curve.compounding = Compounding::semiannual;
  curve.unit = Unit::percent;
  curve.missing = std::vector<double>{0.0};
  curve.columns = {{"BC_3MONTH", 0.25}, {"BC_6MONTH", 0.5}, {"BC_1YEAR", 1},   {"BC_2YEAR", 2},   {"BC_3YEAR", 3},
                   {"BC_5YEAR", 5},     {"BC_7YEAR", 7},    {"BC_10YEAR", 10}, {"BC_20YEAR", 20}, {"BC_30YEAR", 30}};
  InputFiles files(kShared + "/data");
  MarketHistory h = read_history(market, {}, 12, {}, files);
  CHECK(to_string(h.start) == "1990-01-31");
  CHECK(to_string(h.dates.back()) == "2022-02-28");  // March ends on the 11th
  CHECK(h.periods() == 385);
  CHECK(h.zero_rates.allFinite());
  for (const std::string& note : h.notes) MESSAGE(note);
  CHECK(read_curve(market, parse_date("2022-03-11"), files).par_yield(10, 2) == doctest::Approx(0.02).epsilon(1e-13));

  curve.missing.reset();
  curve.unit.reset();
  CHECK_THROWS_AS(read_history(market, {}, 12, {}, files), InputError);
}

TEST_CASE("daily ECB zero curves with tenors in months become monthly curves") {
  if (!has_shared_data()) return;
  MarketParameters market;
  market.curve_history.emplace();
  CurveFile& curve = *market.curve_history;
  curve.file = {"ecb_eur_zero_curve_daily.csv"};
  curve.compounding = Compounding::continuous;
  for (int months : {3, 12, 24, 60, 120, 240, 360}) curve.columns[std::to_string(months)] = months / 12.0;
  InputFiles files(kShared + "/data");
  MarketHistory h = read_history(market, {}, 12, {}, files);
  CHECK(to_string(h.start) == "2004-09-30");
  CHECK(to_string(h.dates.back()) == "2024-04-30");
  CHECK(h.tenors == std::vector<double>{0.25, 1, 2, 5, 10, 20, 30});
  CHECK(read_history(market, {}, 252, {}, files).periods() == 5029);
  CHECK(read_curve(market, {}, files).zero_rate(30) == 0.026094);
}

TEST_CASE("a year and a month are the date; curves a month earlier start the first return") {
  if (!has_shared_data()) return;
  MarketParameters market;
  market.returns = series_file(kUsHistory);
  market.curve_history.emplace();
  market.curve_history->file = {"ust_cmt_monthly_1953_2019.csv"};
  market.curve_history->quote = Quote::par;
  market.curve_history->compounding = Compounding::semiannual;
  market.curve_history->columns = {{"3_month", 0.25}, {"12_month", 1}, {"120_month", 10}};
  InputFiles files(kShared + "/data");
  MarketHistory h = read_history(market, {"equity_mkt_tr"}, 12, {}, files);
  CHECK(h.periods() == 787);
  CHECK(to_string(h.start) == "1953-04-30");
  CHECK(h.returns(0, 0) == 0.0069);
}

TEST_CASE("returns in percent, prices with missing values, and a history of gold are read") {
  if (!has_shared_data()) return;
  InputFiles files(kShared + "/data");
  MarketParameters french;
  french.returns = series_file("fama_french_3factors_monthly_pct.csv");
  try {
    read_history(french, {"Mkt-RF", "RF"}, 12, {}, files);
    FAIL("percent was read as decimals");
  } catch (const InputError& error) {
    CHECK(error.problems().size() == 2);
    CHECK(error.problems()[0].column == 6);
    CHECK(error.problems()[0].message.find("declare `unit: percent`") != std::string::npos);
  }
  french.returns->unit = Unit::percent;
  MarketHistory h = read_history(french, {"Mkt-RF", "RF"}, 12, {}, files);
  CHECK(h.returns(0, 0) == doctest::Approx(0.0296).epsilon(1e-15));

  MarketParameters shiller;
  shiller.prices = series_file("shiller_sp500_monthly.csv");
  shiller.prices->missing = std::vector<double>{0.0};
  CHECK(read_history(shiller, {"SP500", "Dividend"}, 12, {}, files).periods() > 1800);
  MarketParameters gold;
  gold.prices = series_file("gold_monthly.csv");
  CHECK(read_history(gold, {"price"}, 12, {}, files).periods() > 2300);
}

TEST_CASE("the toy's files are read: twelve months are enough") {
  if (!has_shared_data()) return;
  InputFiles files(kShared + "/data/seed_toy");
  MarketParameters toy;
  toy.returns = series_file("market_returns_monthly.csv");
  toy.curve.emplace();
  toy.curve->file = {"yield_curve.csv"};
  CHECK(series_names(toy, files) == std::vector<std::string>{"Equity_Return", "Bond_Return"});
  CHECK(read_history(toy, {"Equity_Return", "Bond_Return"}, 12, {}, files).periods() == 12);
  CHECK(read_curve(toy, {}, files).discount(10) == doctest::Approx(std::pow(1.041894139298565, -10)).epsilon(1e-13));

  toy.returns = series_file("market_returns_daily.csv");
  MarketHistory daily = read_history(toy, {"Equity_Return"}, 12, {}, files);
  CHECK(daily.periods() == 12);
  CHECK(to_string(daily.dates.back()) == "2024-12-31");
  toy.returns.reset();
  toy.prices = series_file("asset_prices.csv");
  CHECK(read_history(toy, {"Equity_A", "Bond_B"}, 12, {}, files).periods() == 12);
  CHECK(read_history(toy, {"Equity_A", "Bond_B"}, 252, {}, files).periods() == 261);
}

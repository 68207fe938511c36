#include "engine/stress/stress_plan.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <doctest/doctest.h>

#include "engine/liabilities/valuation.h"
#include "scenarios/base/error.h"
#include "scenarios/market/bond.h"

using namespace ballast;

namespace {

using Portfolios = std::vector<std::pair<std::string, std::vector<double>>>;

/// Equity, a bond-like series of duration 6 at the 5-year rate, a 10-year par bond and cash, 20 years of months.
StressedBalance example_balance() {
  StressedBalance balance;
  auto add = [&](const char* name, auto&& set) {
    AssetParameters parameters;
    parameters.name = name;
    set(parameters);
    balance.asset_parameters.push_back(parameters);
  };
  add("equity", [](AssetParameters& p) {
    p.series = "equity";
    p.asset_class = AssetClass::equity_type_1;
  });
  add("credit", [](AssetParameters& p) {
    p.series = "credit";
    p.duration = DurationParameter{};
  });
  add("bond", [](AssetParameters& p) { p.constant_maturity_years = 10; });
  add("cash", [](AssetParameters& p) { p.cash = true; });
  balance.assets = resolve_assets(balance.asset_parameters, true);
  balance.curve = YieldCurve({1, 5, 10, 30}, {0.02, 0.025, 0.03, 0.032});
  balance.liabilities = LiabilityBook({CashFlows{"pensions", {1, 8, 25}, {100, 200, 400}, 0.0}});
  balance.initial_assets = 500;
  MarketHistory& history = balance.history;
  constexpr int kMonths = 240;
  history.start = *parse_date("1999-12-31");
  history.tenors = {1, 5, 10};
  history.zero_rates.resize(kMonths + 1, 3);
  history.returns.resize(kMonths, 2);
  history.series = {"equity", "credit"};
  std::mt19937_64 engine(7);
  std::normal_distribution<double> normal;
  history.zero_rates.row(0) << 0.02, 0.03, 0.035;
  for (int t = 0; t < kMonths; ++t) {
    history.dates.push_back(*parse_date(std::to_string(2000 + t / 12) + "-" + (t % 12 < 9 ? "0" : "") +
                                        std::to_string(t % 12 + 1) + "-28"));
    for (int k = 0; k < 3; ++k) history.zero_rates(t + 1, k) = history.zero_rates(t, k) + 0.002 * normal(engine);
    history.returns(t, 0) = 0.005 + 0.04 * normal(engine);
    history.returns(t, 1) =
        std::expm1(0.003 - 6 * (history.zero_rates(t + 1, 1) - history.zero_rates(t, 1)) + 0.001 * normal(engine));
  }
  return balance;
}

StressParameters standard(const std::string& name) {
  StressParameters stress;
  stress.standard = name;
  return stress;
}

const StressRow& row_of(const std::vector<StressRow>& rows, const std::string& name) {
  auto found = std::find_if(rows.begin(), rows.end(), [&](const StressRow& row) { return row.name == name; });
  REQUIRE(found != rows.end());
  return *found;
}

std::string error_of(const std::vector<StressParameters>& stresses, const StressedBalance& balance) {
  try {
    StressPlan plan(stresses, balance);
  } catch (const InputError& wrong) {
    return wrong.what();
  }
  return "";
}

}  // namespace

TEST_CASE("regressed duration finds the tenor and the slope") {
  StressedBalance balance = example_balance();
  auto found = regress_duration(balance.history, 1);
  REQUIRE(found);
  CHECK(found->tenor == 5);
  CHECK(found->duration == doctest::Approx(6).epsilon(0.02));  // standard error 0.032
  CHECK(found->t_statistic > 100);
  CHECK(regress_duration(balance.history, 0)->t_statistic < 3);
}

TEST_CASE("a parallel shift, by hand") {
  StressedBalance balance = example_balance();
  StressParameters own;
  own.name = "up";
  own.parallel_shift = 0.01;
  own.asset_returns = {{"equity", -0.2}};
  StressPlan plan({own}, balance);
  std::vector<double> weights = {0.4, 0.3, 0.2, 0.1};
  auto rows = plan.rows(Portfolios{{"current", weights}});
  const StressRow& row = row_of(rows, "up");
  YieldCurve up(balance.curve.tenors(), {0.03, 0.035, 0.04, 0.042});
  double coupon = balance.curve.par_yield(10, 2), duration = regress_duration(balance.history, 1)->duration;
  double change = 0.4 * -0.2 + 0.3 * -duration * 0.01 + 0.2 * (bond_price(up, 10, coupon, 2) - 1);
  double pv = 0, base = 0;
  for (int j = 0; j < 3; ++j) {
    const CashFlows& pensions = balance.liabilities.terms()[0].fixed;
    double t = pensions.times[std::size_t(j)], cf = pensions.amounts[std::size_t(j)];
    pv += cf * up.discount(t);
    base += cf * balance.curve.discount(t);
  }
  CHECK(row.assets == doctest::Approx(500 * (1 + change)).epsilon(1e-12));
  CHECK(row.liability_pv == doctest::Approx(pv).epsilon(1e-12));
  CHECK(row.change_surplus == doctest::Approx(500 * change - (pv - base)).epsilon(1e-10));
  CHECK(row.funding_ratio == doctest::Approx(500 * (1 + change) / pv).epsilon(1e-12));
  for (double shift : row.rate_shocks) CHECK(shift == doctest::Approx(0.01).epsilon(1e-10));
  CHECK(row_of(rows, "base").change_surplus == 0);
}

TEST_CASE("Solvency II's capital is the root of the correlated losses") {
  StressPlan plan({standard("solvency2_2015")}, example_balance());
  auto rows = plan.rows(Portfolios{{"current", {0.4, 0.3, 0.2, 0.1}}});
  auto loss = [&](const char* name) {
    return std::max(0.0, -row_of(rows, std::string("solvency2_2015 ") + name).change_surplus);
  };
  CHECK(loss("equity_type_1") == doctest::Approx(0.39 * 0.4 * 500));
  CHECK(loss("equity_type_2") == 0);
  double down = loss("interest_down"), equity = loss("equity_type_1");
  REQUIRE(down > loss("interest_up"));
  CHECK(-row_of(rows, "solvency2_2015 market_scr").change_surplus ==
        doctest::Approx(std::sqrt(down * down + equity * equity + down * equity)));
}

TEST_CASE("the worst windows of the history, by brute force") {
  StressedBalance balance = example_balance();
  StressParameters worst;
  worst.historical = HistoricalStressParameters{3, 0.5};
  StressPlan plan({worst}, balance);
  auto rows = plan.rows(Portfolios{{"current", {1.0, 0.0, 0.0, 0.0}}});
  REQUIRE(rows.size() == 4);
  // The least surplus over all windows of six months: equity's return, liabilities on today's curve plus the change.
  double least = 1e9;
  for (int first = 0; first + 6 <= 240; ++first) {
    double growth = 1;
    for (int t = first; t < first + 6; ++t) growth *= 1 + balance.history.returns(t, 0);
    Eigen::RowVectorXd shift = balance.history.zero_rates.row(first + 6) - balance.history.zero_rates.row(first);
    double pv = 0;
    for (auto [t, cf, change] :
         {std::tuple(1.0, 100.0, shift[0]), std::tuple(8.0, 200.0, shift[1] * 0.4 + shift[2] * 0.6),
          std::tuple(25.0, 400.0, shift[2])}) {
      pv += cf * std::exp(-(balance.curve.zero_rate(t) + change) * t);
    }
    least = std::min(least, 500 * growth - pv);
  }
  CHECK(rows[1].surplus == doctest::Approx(least).epsilon(1e-9));
  CHECK(rows[1].surplus <= rows[2].surplus);
  CHECK(rows[2].surplus <= rows[3].surplus);
}

TEST_CASE("what cannot be stressed is said") {
  StressedBalance balance = example_balance();
  CHECK(error_of({standard("irrbb_2024/EUX")}, balance).find("irrbb_2024 has no currency 'EUX'; did you mean 'EUR'?") !=
        std::string::npos);
  CHECK(error_of({standard("irrbb_2024")}, balance).find("needs a currency") != std::string::npos);
  CHECK(error_of({standard("irrbb_2025/EUR")}, balance).find("is not a family of stresses") != std::string::npos);
  balance.asset_parameters[1].duration.reset();
  CHECK(error_of({standard("irrbb_2024/EUR")}, balance).find("moved like a bond of duration 6.0") != std::string::npos);
  balance.asset_parameters[1].duration = DurationParameter{0.0};
  CHECK(error_of({standard("irrbb_2024/EUR")}, balance) == "");
  balance.curve = {};
  CHECK(error_of({standard("irrbb_2024/EUR")}, balance).find("need a yield curve") != std::string::npos);
}

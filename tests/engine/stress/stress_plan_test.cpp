#include "engine/stress/stress_plan.h"

#include <cmath>

#include <doctest/doctest.h>

#include "scenarios/market/bond.h"
#include "tests/engine/stress/stress_fixture.h"

using namespace ballast;
using namespace ballast::test;

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
  auto rows = rows_of(plan, Portfolios{{"current", weights}});
  const StressRow& row = row_of(rows, "up");
  YieldCurve up(balance.market.curve.tenors(), {0.03, 0.035, 0.04, 0.042});
  double coupon = balance.market.curve.par_yield(10, 2), duration = regress_duration(balance.history, 1)->duration;
  double change = 0.4 * -0.2 + 0.3 * -duration * 0.01 + 0.2 * (bond_price(up, 10, coupon, 2) - 1);
  double pv = 0, base = 0;
  for (int j = 0; j < 3; ++j) {
    const CashFlows& pensions = balance.liabilities.terms()[0].fixed;
    double t = pensions.times[std::size_t(j)], cf = pensions.amounts[std::size_t(j)];
    pv += cf * up.discount(t);
    base += cf * balance.market.curve.discount(t);
  }
  CHECK(row.assets == doctest::Approx(500 * (1 + change)).epsilon(1e-12));
  CHECK(row.liability_pv == doctest::Approx(pv).epsilon(1e-12));
  CHECK(row.change_surplus == doctest::Approx(500 * change - (pv - base)).epsilon(1e-10));
  CHECK(row.funding_ratio == doctest::Approx(500 * (1 + change) / pv).epsilon(1e-12));
  for (double shift : row.rate_shocks) CHECK(shift == doctest::Approx(0.01).epsilon(1e-10));
  CHECK(row_of(rows, "base").change_surplus == 0);
}

TEST_CASE("the worst windows of the history, by brute force") {
  StressedBalance balance = example_balance();
  StressParameters worst;
  worst.historical = HistoricalStressParameters{3, 0.5, {}, {}};
  StressPlan plan({worst}, balance);
  auto rows = rows_of(plan, Portfolios{{"current", {1.0, 0.0, 0.0, 0.0}}});
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
      pv += cf * std::exp(-(balance.market.curve.zero_rate(t) + change) * t);
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
  auto declare = [&](std::optional<DurationParameter> duration) {
    balance.asset_parameters[1].duration = duration;
    balance.exposures =
        rate_exposures(balance.assets, balance.asset_parameters, balance.market.curve, {}, balance.history);
  };
  declare({});
  CHECK(error_of({standard("irrbb_2024/EUR")}, balance).find("moved like a bond of duration 6.0") != std::string::npos);
  declare(DurationParameter{0.0});
  CHECK(error_of({standard("irrbb_2024/EUR")}, balance) == "");
  balance.market.curve = {};
  CHECK(error_of({standard("irrbb_2024/EUR")}, balance).find("need a yield curve") != std::string::npos);
}

TEST_CASE("every stress has a name of its own") {
  const StressedBalance balance = example_balance();
  auto own = [](const std::string& name, double shift) {
    StressParameters stress;
    stress.name = name;
    stress.parallel_shift = shift;
    return stress;
  };
  StressParameters grid, reverse;
  grid.name = "both";
  grid.grid = StressGridParameters{};
  grid.grid->assets = {"equity"};
  reverse.reverse = ReverseStressParameters{};
  CHECK(error_of({own("up", 0.01), own("up", 0.02), own("other", 0.01)}, balance) ==
        "error: stress[1]: 'up' is already the name of a stress; names must differ");
  CHECK(error_of({own("base", 0.01)}, balance).find("stress[0]: 'base' is already") != std::string::npos);
  CHECK(error_of({standard("irrbb_2024/EUR"), standard("irrbb_2024/EUR")}, balance)
            .find("'irrbb_2024/EUR parallel_up' is") != std::string::npos);
  CHECK(error_of({grid, own("up", 0.01), grid}, balance).find("stress[2].grid: 'both' is already") !=
        std::string::npos);
  CHECK(error_of({reverse, reverse}, balance).find("stress[1].reverse: 'reverse: funding ratio 1' is already") !=
        std::string::npos);
  // One of the worst windows, asked for by its dates as well, is one stress.
  StressParameters worst, dated;
  worst.historical = HistoricalStressParameters{};
  worst.historical->windows = 1;
  const Portfolios portfolios{{"current", {0.4, 0.3, 0.2, 0.1}}};
  const std::string window = rows_of(StressPlan({worst}, balance), portfolios)[1].name;
  dated.historical = HistoricalStressParameters{};
  dated.historical->from = parse_date(window.substr(11, 10));
  dated.historical->to = parse_date(window.substr(25, 10));
  const std::vector<StressRow> rows = rows_of(StressPlan({dated, worst}, balance), portfolios);
  REQUIRE(rows.size() == 2);
  CHECK(rows[1].name == window);
}

TEST_CASE("a window by its dates is the compounded returns between them") {
  StressedBalance balance = example_balance();
  StressParameters dated;
  dated.name = "spring";
  dated.historical = HistoricalStressParameters{};
  dated.historical->from = *parse_date("2003-02-28");
  dated.historical->to = *parse_date("2003-06-15");
  StressPlan plan({dated}, balance);
  auto rows = rows_of(plan, Portfolios{{"current", {1.0, 0.0, 0.0, 0.0}}});
  double growth = 1;
  for (int t = 38; t < 41; ++t) growth *= 1 + balance.history.returns(t, 0);  // March, April and May of 2003
  CHECK(row_of(rows, "spring").asset_shocks[0] == doctest::Approx(growth - 1).epsilon(1e-12));
  CHECK(row_of(rows, "spring").rate_shocks[2] ==
        doctest::Approx(balance.history.zero_rates(41, 2) - balance.history.zero_rates(38, 2)).epsilon(1e-10));
  dated.historical->from = *parse_date("1993-02-28");
  CHECK(error_of({dated}, balance).find("is not in the history; the history is of 1999-12-31 to 2019-12-28") !=
        std::string::npos);
  dated.historical->from = *parse_date("2003-06-01");
  CHECK(error_of({dated}, balance).find("holds no whole period") != std::string::npos);
}

TEST_CASE("a grid: its centre is the base, its corners are the stresses of one's own") {
  StressedBalance balance = example_balance();
  StressParameters grid, corner;
  grid.name = "equity and rates";
  grid.grid = StressGridParameters{{-0.3, 0.0}, {-0.01, 0.0, 0.02}, {}};
  corner.name = "corner";
  corner.parallel_shift = 0.02;
  corner.asset_returns = {{"equity", -0.3}};
  StressPlan plan({grid, corner}, balance);
  StressOutcome outcome = plan.apply(Portfolios{{"optimal", {0.4, 0.3, 0.2, 0.1}}, {"current", {0.1, 0.2, 0.3, 0.4}}});
  REQUIRE(outcome.grids.size() == 2);
  for (const StressGrid& table : outcome.grids) {
    const StressRow* base = nullptr;
    const StressRow* stressed = nullptr;
    for (const StressRow& row : outcome.rows) {
      if (row.portfolio == table.portfolio) (row.name == "base" ? base : stressed) = &row;
    }
    CHECK(table.assets_moved == std::vector<std::string>{"equity"});
    CHECK(table.surplus[4] == base->surplus);
    CHECK(table.funding_ratio[2] == stressed->funding_ratio);
  }
  grid.grid->assets = {"equty"};
  CHECK(error_of({grid}, balance).find("assets: 'equty' is not an asset of the study; did you mean 'equity'?") !=
        std::string::npos);
}

TEST_CASE("a shock of nothing changes nothing, and a small one what duration and convexity say") {
  StressedBalance balance = example_balance();
  const std::vector<double> weights = {0.1, 0.3, 0.5, 0.1};
  auto change = [&](double shift) {
    StressParameters own;
    own.name = "shift";
    own.parallel_shift = shift;
    return row_of(rows_of(StressPlan({own}, balance), Portfolios{{"current", weights}}), "shift");
  };
  CHECK(change(0).change_surplus == 0);
  double duration = 0, convexity = 0;
  for (std::size_t a = 0; a < weights.size(); ++a) {
    AssetMeasures m = balance.exposures[a].measures(balance.market.curve, Compounding::continuous, {});
    duration += weights[a] * m.modified_duration;
    convexity += weights[a] * m.convexity;
  }
  LiabilityMeasures owed = balance.liabilities.measure(balance.market, Compounding::continuous, {}).total;
  for (double shift : {-0.002, 0.001, 0.003}) {
    StressRow row = change(shift);
    double cubic = std::abs(shift * shift * shift);
    CHECK(std::abs(row.change_assets / 500 - (-duration * shift + convexity * shift * shift / 2)) < 200 * cubic);
    double expected = owed.pv * (-owed.modified_duration * shift + owed.convexity * shift * shift / 2);
    CHECK(std::abs(row.change_liability_pv - expected) < 3000 * owed.pv * cubic);
  }
}

#include "engine/stress/stress_plan.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <doctest/doctest.h>

#include "engine/liabilities/valuation.h"
#include "engine/stress/historical_windows.h"
#include "scenarios/base/error.h"
#include "scenarios/market/bond.h"
#include "scenarios/stress/solvency2.h"

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
  balance.market.curve = YieldCurve({1, 5, 10, 30}, {0.02, 0.025, 0.03, 0.032});
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
  balance.exposures =
      rate_exposures(balance.assets, balance.asset_parameters, balance.market.curve, {}, balance.history);
  return balance;
}

std::vector<StressRow> rows_of(const StressPlan& plan, const Portfolios& portfolios) {
  return plan.apply(portfolios).rows;
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

TEST_CASE("Solvency II's capital is the root of the correlated losses") {
  StressPlan plan({standard("solvency2_2015")}, example_balance());
  auto rows = rows_of(plan, Portfolios{{"current", {0.4, 0.3, 0.2, 0.1}}});
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

TEST_CASE("spread risk falls on what has a credit quality, by its duration") {
  StressedBalance balance = example_balance();
  balance.asset_parameters[1].credit_quality = CreditQuality::step_3;
  balance.asset_parameters[2].credit_quality = CreditQuality::step_0;
  StressPlan plan({standard("solvency2_2015")}, balance);
  auto rows = rows_of(plan, Portfolios{{"current", {0.4, 0.3, 0.2, 0.1}}});
  const StressRow& spread = row_of(rows, "solvency2_2015 spread");
  auto duration = [&](std::size_t a) {
    return balance.exposures[a].measures(balance.market.curve, Compounding::annual, {}).modified_duration;
  };
  CHECK(duration(1) == doctest::Approx(6 / 1.025).epsilon(0.03));
  CHECK(spread.asset_shocks[1] == doctest::Approx(-(0.125 + 0.015 * (duration(1) - 5))));
  CHECK(spread.asset_shocks[2] == doctest::Approx(-(0.045 + 0.005 * (duration(2) - 5))));
  CHECK(spread.asset_shocks[0] == 0);
  CHECK(spread.change_liability_pv == 0);
}

TEST_CASE("what a bank reports: the largest of the six declines in economic value") {
  StressPlan plan({standard("irrbb_2024/EUR")}, example_balance());
  StressOutcome outcome = plan.apply(Portfolios{{"current", {0.0, 0.0, 1.0, 0.0}}});
  REQUIRE(outcome.capital.size() == 1);
  const CapitalResult& eve = outcome.capital[0];
  double largest = 0;
  for (const StressRow& row : outcome.rows) largest = std::max(largest, -row.change_surplus);
  CHECK(largest > 0);
  CHECK(eve.capital == largest);
  CHECK(eve.risks ==
        std::vector<std::string>{"parallel_up", "parallel_down", "steepener", "flattener", "short_up", "short_down"});
  CHECK(eve.available == outcome.rows[0].surplus);
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

namespace {

/// The example balance with a corporate bond and an index-linked one beside, and a pension for life owed.
StressedBalance richer_balance() {
  StressedBalance balance = example_balance();
  AssetParameters corporate, linker;
  corporate.name = "corporate";
  corporate.corporate_bond = CorporateBondParameters{7, "bbb", 0.002};
  linker.name = "linker";
  linker.inflation_linked = ConstantMaturityParameters{12, BondKind::par, 2};
  balance.asset_parameters.push_back(corporate);
  balance.asset_parameters.push_back(linker);
  balance.assets = resolve_assets(balance.asset_parameters, true);
  balance.market.breakeven = YieldCurve({1, 30}, {0.02, 0.021});
  MarketHistory& history = balance.history;
  history.spread_names = {"bbb"};
  history.spreads.resize(history.periods() + 1, 1);
  for (Eigen::Index t = 0; t <= history.periods(); ++t)
    history.spreads(t, 0) = 0.012 + 0.004 * std::sin(0.3 * double(t));
  const double spreads[] = {0.015};
  balance.exposures = rate_exposures(balance.assets, balance.asset_parameters, balance.market.curve,
                                     balance.market.breakeven, history, spreads);
  LiabilityParameters life;
  life.name = "life";
  life.life_annuity = LifeAnnuityParameters{};
  life.life_annuity->amount = 30;
  life.life_annuity->age = 65;
  life.life_annuity->mortality.gompertz_makeham = MakehamParameters{0.0003, 1.7e-5, 0.1035};
  life.life_annuity->indexation = IndexationParameters{};
  InputFiles none = InputFiles::embedded({});
  balance.liabilities = LiabilityBook({life}, parse_date("2019-12-31"), balance.market, none);
  return balance;
}

const std::vector<double> kRicher = {0.1, 0.2, 0.1, 0.1, 0.3, 0.2};

StressParameters own(const char* name) {
  StressParameters stress;
  stress.name = name;
  return stress;
}

StressRow only_row(const StressParameters& stress, const StressedBalance& balance) {
  return row_of(rows_of(StressPlan({stress}, balance), Portfolios{{"current", kRicher}}), *stress.name);
}

}  // namespace

TEST_CASE("a spread shock acts on what bears credit risk, through its spread duration") {
  StressedBalance balance = richer_balance();
  balance.asset_parameters[1].credit_quality = CreditQuality::step_2;
  StressParameters wider = own("wider");
  wider.spread_shift = SpreadShift{0.01, {}};
  StressRow row = only_row(wider, balance);
  // A par bond at 1.5% over the curve: its spread duration is its duration in continuous rates, its yield its coupon.
  auto price = [&](double shift) {
    auto zero_rate = [&](double t) { return balance.market.curve.zero_rate(t) + 0.015; };
    double coupon = par_coupon(7, 2, zero_rate), sum = 0.0;
    for (int k = 1; k <= 14; ++k) {
      sum += (coupon / 2 + (k == 14)) * std::exp(-(zero_rate(k / 2.0) + shift) * k / 2.0);
    }
    return sum;
  };
  CHECK(price(0) == doctest::Approx(1).epsilon(1e-14));
  CHECK(row.asset_shocks[4] == doctest::Approx(price(0.01) - 1).epsilon(1e-12));
  double duration = balance.exposures[4].measures(balance.market.curve, Compounding::continuous, {}).modified_duration;
  CHECK(duration == doctest::Approx((price(-1e-5) - price(1e-5)) / 2e-5).epsilon(1e-6));
  CHECK(row.asset_shocks[1] == doctest::Approx(-0.01 * balance.exposures[1].series.duration));
  for (std::size_t a : {0, 2, 3, 5}) CHECK(row.asset_shocks[a] == 0);
  CHECK(row.change_liability_pv == 0);

  // With rates at once it is their sum, exactly; by asset, only that one moves.
  StressParameters both = own("both");
  both.parallel_shift = 0.005;
  both.spread_shift = SpreadShift{{}, {{"corporate", 0.01}}};
  StressRow row_of_both = only_row(both, balance);
  CHECK(row_of_both.asset_shocks[4] == doctest::Approx(price(0.015) - 1).epsilon(1e-12));
  CHECK(row_of_both.asset_shocks[1] == doctest::Approx(-0.005 * balance.exposures[1].series.duration));

  // Solvency II: without a quality it is unrated; 7 years at 3% and 1.7% a year above five.
  StressRow spread =
      row_of(rows_of(StressPlan({standard("solvency2_2015")}, balance), Portfolios{{"current", kRicher}}),
             "solvency2_2015 spread");
  double modified = balance.exposures[4].measures(balance.market.curve, Compounding::annual, {}).modified_duration;
  CHECK(spread.asset_shocks[4] == doctest::Approx(-solvency2_spread_stress(CreditQuality::unrated, modified)));

  StressParameters wrong = own("wrong");
  wrong.spread_shift = SpreadShift{{}, {{"equity", 0.01}}};
  CHECK(error_of({wrong}, balance).find("'equity' bears no credit risk") != std::string::npos);
  wrong.spread_shift = SpreadShift{0.01, {}};
  CHECK(error_of({wrong}, example_balance()).find("no asset bears credit risk") != std::string::npos);
}

TEST_CASE("a window of the history brings its change of spreads to corporate bonds") {
  StressedBalance balance = richer_balance();
  StressedMarket market = replay_window(balance, {10, 12}, "window");
  double widened = balance.history.spreads(22, 0) - balance.history.spreads(10, 0);
  CHECK(std::abs(widened) > 0.0005);
  CHECK(market.asset_change[4] ==
        doctest::Approx(balance.exposures[4].price_change(balance.market.curve, market.state.curve, 0, widened)));
}

TEST_CASE("a shift of expected inflation: linked payments and bonds by their inflation durations") {
  StressedBalance balance = richer_balance();
  double h = 1e-4;
  StressParameters up = own("up");
  up.inflation_shift = h;
  StressRow row = only_row(up, balance);
  LiabilityMeasures owed = balance.liabilities.measure(balance.market, Compounding::annual, {}).total;
  CHECK(owed.inflation_duration > 5);
  CHECK(row.change_liability_pv == doctest::Approx(owed.pv * owed.inflation_duration * h).epsilon(2e-3));
  const AssetFlows& linker = *balance.exposures[5].flows;
  CHECK(row.asset_shocks[5] == doctest::Approx(linker.value(balance.market.curve, h) - 1).epsilon(1e-9));
  CHECK(row.asset_shocks[5] > 5 * h);
  for (std::size_t a : {0, 1, 2, 3, 4}) CHECK(row.asset_shocks[a] == 0);
  CHECK(row.rate_shocks[0] == 0);
  balance.market.breakeven = {};
  CHECK(error_of({up}, balance).find("has no expected inflation") != std::string::npos);
}

TEST_CASE("a longevity stress re-values what is paid for life, and nothing else") {
  StressedBalance balance = richer_balance();
  StressParameters longer = own("longer lives");
  longer.mortality_factor = 0.8;
  StressRow row = only_row(longer, balance);
  MarketState lives = balance.market;
  lives.longevity.mortality_factor = 0.8;
  CHECK(row.liability_pv == doctest::Approx(balance.liabilities.pv(lives)).epsilon(1e-12));
  CHECK(row.change_liability_pv > 0.02 * balance.liabilities.pv(balance.market));
  CHECK(row.change_assets == 0);
}

TEST_CASE("one family with two floors is two stresses") {
  StressedBalance balance = richer_balance();
  StressParameters floored = standard("irrbb_2024/EUR");
  floored.floor = RateFloor::zero;
  auto rows = rows_of(StressPlan({standard("irrbb_2024/EUR"), floored}, balance), Portfolios{{"current", kRicher}});
  CHECK(row_of(rows, "irrbb_2024/EUR floor zero parallel_up").assets ==
        row_of(rows, "irrbb_2024/EUR parallel_up").assets);
}

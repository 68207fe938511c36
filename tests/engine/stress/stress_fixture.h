#pragma once

#include <algorithm>
#include <cmath>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "engine/stress/stress_plan.h"
#include "scenarios/base/error.h"

namespace ballast::test {

using Portfolios = std::vector<std::pair<std::string, std::vector<double>>>;

/// Equity, a bond-like series of duration 6 at the 5-year rate, a 10-year par bond and cash, 20 years of months.
inline StressedBalance example_balance() {
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

inline std::vector<StressRow> rows_of(const StressPlan& plan, const Portfolios& portfolios) {
  return plan.apply(portfolios).rows;
}

inline StressParameters standard(const std::string& name) {
  StressParameters stress;
  stress.standard = name;
  return stress;
}

inline const StressRow& row_of(const std::vector<StressRow>& rows, const std::string& name) {
  auto found = std::find_if(rows.begin(), rows.end(), [&](const StressRow& row) { return row.name == name; });
  REQUIRE(found != rows.end());
  return *found;
}

inline std::string error_of(const std::vector<StressParameters>& stresses, const StressedBalance& balance) {
  try {
    StressPlan plan(stresses, balance);
  } catch (const InputError& wrong) {
    return wrong.what();
  }
  return "";
}

/// The example balance with a corporate bond and an index-linked one beside, and a pension for life owed.
inline StressedBalance richer_balance() {
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

inline const std::vector<double> kRicher = {0.1, 0.2, 0.1, 0.1, 0.3, 0.2};

inline StressParameters own(const char* name) {
  StressParameters stress;
  stress.name = name;
  return stress;
}

inline StressRow only_row(const StressParameters& stress, const StressedBalance& balance) {
  return row_of(rows_of(StressPlan({stress}, balance), Portfolios{{"current", kRicher}}), *stress.name);
}

}  // namespace ballast::test

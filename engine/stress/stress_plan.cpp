#include "engine/stress/stress_plan.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/stress/rate_shifts.h"
#include "scenarios/base/error.h"
#include "scenarios/base/suggest.h"
#include "scenarios/market/bond.h"

namespace ballast {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// A regressed duration counts when it is this long and this significant.
constexpr double kLeastDuration = 1.0, kLeastTStatistic = 3.0;

template <class E>
std::optional<E> named(const std::string& text) {
  for (std::size_t k = 0; k < std::size(EnumNames<E>::value); ++k) {
    if (text == EnumNames<E>::value[k]) return E(k);
  }
  return std::nullopt;
}

std::string with_guess(std::string message, const std::string& wrong, const std::vector<std::string>& right) {
  std::string guess = did_you_mean(wrong, right);
  return guess.empty() ? message : message + "; " + guess;
}

/// The table and the currency's shocks that "irrbb_2024/EUR" names. Throws std::invalid_argument.
IrrbbShockSizes irrbb_sizes(IrrbbTable table, const std::string& currency) {
  std::vector<std::string> names;
  for (const IrrbbShockSizes& sizes : irrbb_table(table)) {
    if (sizes.currency == currency) return sizes;
    names.push_back(sizes.currency);
  }
  throw std::invalid_argument(
      currency.empty() ? fmt::format("'{}' needs a currency, such as {}/EUR", name_of(table), name_of(table))
                       : with_guess(fmt::format("{} has no currency '{}'", name_of(table), currency), currency, names));
}

}  // namespace

StressPlan::StressPlan(const std::vector<StressParameters>& stresses, const StressedBalance& balance)
    : balance_(balance) {
  markets_.push_back({"base", balance.curve, std::vector<double>(balance.assets.size(), 0.0)});
  std::vector<Problem> problems;
  auto attempt = [&](const std::string& path, auto&& add) {
    try {
      add();
    } catch (const std::invalid_argument& wrong) {
      problems.push_back(key_error(path, wrong.what()).problems()[0]);
    } catch (const InputError& wrong) {
      problems.insert(problems.end(), wrong.problems().begin(), wrong.problems().end());
    }
  };
  attempt("assets", [&] { resolve_sensitivities(); });
  bool sensitive = problems.empty();
  for (std::size_t i = 0; i < stresses.size(); ++i) {
    const StressParameters& stress = stresses[i];
    std::string path = fmt::format("stress[{}]", i);
    if (stress.standard) {
      attempt(path + ".standard", [&] { add_standard(stress); });
    } else if (stress.historical) {
      attempt(path + ".historical", [&] { add_historical(*stress.historical); });
    } else {
      attempt(path, [&] { add_own(stress); });
    }
  }
  if (sensitive && problems.empty() && moves_rates()) {
    for (std::size_t a = 0; a < balance.assets.size(); ++a) {
      const Asset& asset = balance.assets[a];
      if (asset.kind != AssetKind::series || balance.asset_parameters[a].duration) continue;
      std::optional<RateSensitivity> found = regress_duration(balance.history, asset.series_index);
      if (!found || std::abs(found->duration) <= kLeastDuration || found->t_statistic <= kLeastTStatistic) continue;
      if (found->duration < 0) continue;  // falls with rates, as equity often does: no bond
      problems.push_back(
          key_error(fmt::format("assets[{}].series", a),
                    fmt::format("'{}' moved like a bond of duration {:.1f} (t = {:.1f}), and rates are stressed: say "
                                "duration: auto, or a number of years (0: it does not react)",
                                asset.name, found->duration, found->t_statistic))
              .problems()[0]);
    }
  }
  if (!problems.empty()) throw InputError(std::move(problems));
}

void StressPlan::resolve_sensitivities() {
  sensitivities_.resize(balance_.assets.size());
  for (std::size_t a = 0; a < balance_.assets.size(); ++a) {
    const AssetParameters& parameters = balance_.asset_parameters[a];
    if (!parameters.duration) continue;
    RateSensitivity& sensitivity = sensitivities_[a];
    if (parameters.duration->years) {
      sensitivity = {*parameters.duration->years, 0.0, std::abs(*parameters.duration->years), 0.0};
    } else {
      std::optional<RateSensitivity> found = regress_duration(balance_.history, balance_.assets[a].series_index);
      if (!found) {
        throw key_error(fmt::format("assets[{}].duration", a),
                        "'auto' needs a history of curves: add market.curve_history, or give a number of years");
      }
      sensitivity = *found;
      notes_.push_back(fmt::format("{}: duration {:.2f} years by regression on the {}-year rate (t = {:.1f})",
                                   parameters.name, found->duration, found->tenor, found->t_statistic));
    }
    sensitivity.convexity = parameters.convexity.value_or(0.0);
  }
}

bool StressPlan::moves_rates() const {
  for (const StressedMarket& market : markets_) {
    for (double t : balance_.curve.tenors()) {
      if (market.curve.zero_rate(t) != balance_.curve.zero_rate(t)) return true;
    }
  }
  return false;  // a window of the history brings the series' own returns
}

void StressPlan::add_standard(const StressParameters& stress) {
  std::size_t slash = stress.standard->find('/');
  std::string family = stress.standard->substr(0, slash);
  std::string currency = slash == std::string::npos ? "" : stress.standard->substr(slash + 1);
  auto variant = named<Solvency2Variant>(family);
  auto table = named<IrrbbTable>(family);
  if (!variant && !table) {
    std::vector<std::string> families(std::begin(EnumNames<IrrbbTable>::value), std::end(EnumNames<IrrbbTable>::value));
    families.insert(families.end(), std::begin(EnumNames<Solvency2Variant>::value),
                    std::end(EnumNames<Solvency2Variant>::value));
    throw std::invalid_argument(with_guess(
        fmt::format("'{}' is not a family of stresses ({})", family, fmt::join(families, ", ")), family, families));
  }
  if (balance_.curve.empty()) {
    throw std::invalid_argument("stressed rates need a yield curve: add market.curve or market.curve_history");
  }
  if (table) {
    for (const RateShock& shock : irrbb_shocks(irrbb_sizes(*table, currency), stress.floor)) {
      markets_.push_back(rates_stressed(*stress.standard + " " + shock.name, shock));
    }
    return;
  }
  if (slash != std::string::npos) {
    throw std::invalid_argument(fmt::format("'{}' takes no currency (its shocks are of one's own curve)", family));
  }
  add_solvency2(*variant, stress.symmetric_adjustment);
}

void StressPlan::add_solvency2(Solvency2Variant variant, double symmetric_adjustment) {
  std::string name = name_of(variant);
  capitals_.push_back({name, markets_.size()});
  for (const RateShock& shock : solvency2_rate_shocks(variant)) {
    markets_.push_back(rates_stressed(name + " " + shock.name, shock));
  }
  auto add = [&](const char* risk, AssetClass of, double fall) {
    markets_.push_back(class_stressed(name + " " + risk, of, fall));
  };
  add("equity_type_1", AssetClass::equity_type_1, kEquityType1 + symmetric_adjustment);
  add("equity_type_2", AssetClass::equity_type_2, kEquityType2 + symmetric_adjustment);
  add("property", AssetClass::property, kProperty);
  for (std::size_t a = 0; a < balance_.assets.size(); ++a) {
    const AssetParameters& parameters = balance_.asset_parameters[a];
    if (balance_.assets[a].kind != AssetKind::series || parameters.asset_class || parameters.duration) continue;
    notes_.push_back(fmt::format("{}: {} has no class and counts as equity of type 2", name, parameters.name));
  }
  notes_.push_back(name +
                   ": market risk of interest rates, equity and property; spread, currency and concentration "
                   "risk are not in it");
  if (variant == Solvency2Variant::solvency2_review2020) {
    notes_.push_back(name + ": EIOPA's advice of 2020 for the review, not the factors of the law");
  }
}

void StressPlan::add_own(const StressParameters& stress) {
  StressedMarket market{*stress.name, balance_.curve, {}};
  if (stress.parallel_shift || !stress.rate_shifts.empty()) {
    if (balance_.curve.empty()) {
      throw std::invalid_argument("stressed rates need a yield curve: add market.curve or market.curve_history");
    }
    market =
        rates_stressed(*stress.name, stress.parallel_shift ? shift_shock(*stress.name, {0.0}, {*stress.parallel_shift})
                                                           : shift_shock(*stress.name, stress.rate_shifts));
  } else {
    market.asset_change.assign(balance_.assets.size(), 0.0);
  }
  std::vector<std::string> names;
  for (const Asset& asset : balance_.assets) names.push_back(asset.name);
  for (const auto& [name, change] : stress.asset_returns) {
    auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) {
      throw std::invalid_argument(
          with_guess(fmt::format("asset_returns: '{}' is not an asset of the study", name), name, names));
    }
    if (!(change >= -1)) {
      throw std::invalid_argument(fmt::format("asset_returns: '{}' cannot lose more than all ({})", name, change));
    }
    market.asset_change[std::size_t(at - names.begin())] = change;
  }
  markets_.push_back(std::move(market));
}

void StressPlan::add_historical(const HistoricalStressParameters& stress) {
  double periods = stress.years * balance_.history.periods_per_year;
  int whole = int(std::lround(periods));
  if (balance_.history.periods() == 0) throw std::invalid_argument("'historical' needs a history: add market.returns");
  if (whole < 1 || std::abs(periods - whole) > 1e-6) {
    throw std::invalid_argument(fmt::format("'years' is not a whole number of the history's periods ({} a year)",
                                            balance_.history.periods_per_year));
  }
  if (whole > balance_.history.periods()) {
    throw std::invalid_argument(
        fmt::format("a window of {} periods is longer than the history ({})", whole, balance_.history.periods()));
  }
  historical_.push_back({stress.windows, whole});
}

StressedMarket StressPlan::rates_stressed(const std::string& name, const RateShock& shock) const {
  StressedMarket market{name, shocked_curve(balance_.curve, shock), {}};
  for (std::size_t a = 0; a < balance_.assets.size(); ++a) market.asset_change.push_back(asset_change(a, market.curve));
  return market;
}

StressedMarket StressPlan::class_stressed(const std::string& name, AssetClass stressed_class, double fall) const {
  StressedMarket market{name, balance_.curve, {}};
  for (std::size_t a = 0; a < balance_.assets.size(); ++a) {
    const AssetParameters& parameters = balance_.asset_parameters[a];
    AssetClass own =
        parameters.asset_class.value_or(parameters.duration ? AssetClass::fixed_income : AssetClass::equity_type_2);
    bool hit = balance_.assets[a].kind == AssetKind::series && own == stressed_class;
    market.asset_change.push_back(hit ? -fall : 0.0);
  }
  return market;
}

double StressPlan::asset_change(std::size_t a, const YieldCurve& stressed) const {
  const Asset& asset = balance_.assets[a];
  auto bullet = [&](double years) { return stressed.discount(years) / balance_.curve.discount(years) - 1; };
  switch (asset.kind) {
    case AssetKind::cash:
      return 0.0;
    case AssetKind::zero_coupon:
      return bullet(asset.zero_coupon_years);
    case AssetKind::constant_maturity: {
      const ConstantMaturityParameters& bond = asset.bond;
      if (bond.bond == BondKind::zero) return bullet(bond.years);
      double coupon = balance_.curve.par_yield(bond.years, bond.frequency);
      return bond_price(stressed, bond.years, coupon, bond.frequency) - 1;
    }
    case AssetKind::series: {
      double tenor = sensitivities_[a].tenor;
      return std::max(-1.0,
                      sensitivities_[a].price_change(stressed.zero_rate(tenor) - balance_.curve.zero_rate(tenor)));
    }
  }
  throw std::logic_error("unknown kind of asset");
}

/// The window as one sudden stress: the series' returns over it, and the curve's change added to today's.
StressedMarket StressPlan::window(Eigen::Index first, int periods) const {
  const MarketHistory& history = balance_.history;
  Eigen::Index last = first + periods;
  std::string name =
      fmt::format("historical {} to {}", to_string(first == 0 ? history.start : history.dates[std::size_t(first - 1)]),
                  to_string(history.dates[std::size_t(last - 1)]));
  StressedMarket market{name, balance_.curve, std::vector<double>(balance_.assets.size(), 0.0)};
  if (!history.tenors.empty() && !balance_.curve.empty()) {
    std::vector<double> shifts;
    for (Eigen::Index k = 0; k < history.zero_rates.cols(); ++k) {
      shifts.push_back(history.zero_rates(last, k) - history.zero_rates(first, k));
    }
    market = rates_stressed(name, shift_shock(name, history.tenors, shifts));
  }
  for (std::size_t a = 0; a < balance_.assets.size(); ++a) {
    if (balance_.assets[a].kind != AssetKind::series) continue;
    auto returns = history.returns.col(Eigen::Index(balance_.assets[a].series_index)).segment(first, periods).array();
    market.asset_change[a] = (1 + returns).prod() - 1;
  }
  return market;
}

double StressPlan::surplus(const StressedMarket& market, const std::vector<double>& weights) const {
  double value = balance_.initial_assets;
  for (std::size_t a = 0; a < weights.size(); ++a)
    value += balance_.initial_assets * weights[a] * market.asset_change[a];
  if (balance_.liabilities.empty()) return value;
  return value - balance_.liabilities.pv({market.curve, {}, 1.0, {}});
}

std::vector<StressedMarket> StressPlan::worst_windows(const Historical& asked,
                                                      const std::vector<double>& weights) const {
  Eigen::Index count = balance_.history.periods() - asked.periods + 1;
  std::vector<std::pair<double, Eigen::Index>> ranked;
  for (Eigen::Index first = 0; first < count; ++first) {
    ranked.emplace_back(surplus(window(first, asked.periods), weights), first);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<Eigen::Index> chosen;
  for (const auto& [unused, first] : ranked) {
    bool apart = std::all_of(chosen.begin(), chosen.end(),
                             [&, at = first](Eigen::Index other) { return std::abs(other - at) >= asked.periods; });
    if (apart) chosen.push_back(first);
    if (chosen.size() == std::size_t(asked.windows)) break;
  }
  std::vector<StressedMarket> windows;
  for (Eigen::Index first : chosen) windows.push_back(window(first, asked.periods));
  return windows;
}

StressRow StressPlan::row(const StressedMarket& market, const std::string& portfolio,
                          const std::vector<double>& weights) const {
  StressRow row;
  row.name = market.name;
  row.portfolio = portfolio;
  auto sheet = [&](const StressedMarket& at, double& assets, double& pv, double& duration) {
    assets = balance_.initial_assets;
    for (std::size_t a = 0; a < weights.size(); ++a)
      assets += balance_.initial_assets * weights[a] * at.asset_change[a];
    pv = 0.0;
    duration = kNan;
    if (balance_.liabilities.empty()) return;
    LiabilityMeasures measures = balance_.liabilities.measure({at.curve, {}, 1.0, {}}, Compounding::annual, {}).total;
    pv = measures.pv;
    duration = measures.macaulay_duration;
  };
  double base_assets, base_pv, base_duration;
  sheet(markets_[0], base_assets, base_pv, base_duration);
  sheet(market, row.assets, row.liability_pv, row.liability_duration);
  row.surplus = row.assets - row.liability_pv;
  row.funding_ratio = row.liability_pv != 0 ? row.assets / row.liability_pv : kNan;
  row.change_assets = row.assets - base_assets;
  row.change_liability_pv = row.liability_pv - base_pv;
  row.change_surplus = row.surplus - (base_assets - base_pv);
  row.change_funding_ratio = base_pv != 0 ? row.funding_ratio - base_assets / base_pv : kNan;
  row.asset_shocks = market.asset_change;
  for (double t : balance_.curve.tenors()) {
    row.rate_shocks.push_back(market.curve.zero_rate(t) - balance_.curve.zero_rate(t));
  }
  return row;
}

StressRow StressPlan::capital_row(const Capital& capital, const std::string& portfolio,
                                  const std::vector<double>& weights) const {
  double base = surplus(markets_[0], weights);
  auto loss = [&](std::size_t k) { return std::max(0.0, base - surplus(markets_[capital.first + k], weights)); };
  double needed = solvency2_market_capital(loss(0), loss(1), solvency2_equity_capital(loss(2), loss(3)), loss(4));
  StressRow row;
  row.name = capital.name + " market_scr";
  row.portfolio = portfolio;
  row.assets = row.liability_pv = row.liability_duration = row.funding_ratio = kNan;
  row.change_assets = row.change_liability_pv = row.change_funding_ratio = kNan;
  row.surplus = base - needed;
  row.change_surplus = -needed;
  row.asset_shocks.assign(weights.size(), kNan);
  row.rate_shocks.assign(balance_.curve.tenors().size(), kNan);
  return row;
}

std::vector<StressRow> StressPlan::rows(
    const std::vector<std::pair<std::string, std::vector<double>>>& portfolios) const {
  std::vector<StressedMarket> markets = markets_;
  for (const Historical& asked : historical_) {
    for (StressedMarket& market : worst_windows(asked, portfolios.at(0).second)) markets.push_back(std::move(market));
  }
  std::vector<StressRow> rows;
  for (const StressedMarket& market : markets) {
    for (const auto& [name, weights] : portfolios) rows.push_back(row(market, name, weights));
  }
  for (const Capital& capital : capitals_) {
    for (const auto& [name, weights] : portfolios) rows.push_back(capital_row(capital, name, weights));
  }
  return rows;
}

}  // namespace ballast

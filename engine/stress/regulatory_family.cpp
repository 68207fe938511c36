#include "engine/stress/regulatory_family.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "scenarios/stress/irrbb.h"
#include "scenarios/stress/solvency2.h"

namespace ballast {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

template <class E>
std::optional<E> named(const std::string& text) {
  for (std::size_t k = 0; k < std::size(EnumNames<E>::value); ++k) {
    if (text == EnumNames<E>::value[k]) return E(k);
  }
  return std::nullopt;
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

RegulatoryFamily irrbb_family(const StressedBalance& balance, const std::string& title, const IrrbbShockSizes& sizes,
                              RateFloor floor) {
  RegulatoryFamily family{title, {}, CapitalRule::largest, {}};
  for (const RateShock& shock : irrbb_shocks(sizes, floor)) {
    family.markets.push_back(rates_stressed(balance, title + " " + shock.name, shock));
  }
  family.notes = {title + ": change in economic value only (no earnings measure, no behavioural options)"};
  return family;
}

/// Series of one class fall.
StressedMarket class_stressed(const StressedBalance& balance, const std::string& name, AssetClass stressed_class,
                              double fall) {
  StressedMarket market = unstressed(balance, name);
  for (std::size_t a = 0; a < balance.assets.size(); ++a) {
    bool hit = balance.assets[a].kind == AssetKind::series && balance.class_of(a) == stressed_class;
    if (hit) market.asset_change[a] = -fall;
  }
  return market;
}

/// What bears credit risk falls by its quality and duration.
StressedMarket spreads_stressed(const StressedBalance& balance, const std::string& name) {
  StressedMarket market = unstressed(balance, name);
  for (std::size_t a = 0; a < balance.assets.size(); ++a) {
    std::optional<CreditQuality> quality = balance.quality_of(a);
    if (!quality) continue;
    double duration = balance.exposures[a].measures(balance.market.curve, Compounding::annual, {}).modified_duration;
    market.asset_change[a] = -solvency2_spread_stress(*quality, duration);
  }
  return market;
}

std::vector<std::string> solvency2_notes(const StressedBalance& balance, const std::string& name,
                                         Solvency2Variant variant) {
  std::vector<std::string> notes;
  for (std::size_t a = 0; a < balance.assets.size(); ++a) {
    const AssetParameters& parameters = balance.asset_parameters[a];
    if (parameters.corporate_bond && !parameters.credit_quality) {
      notes.push_back(fmt::format("{}: {} has no credit_quality and counts as unrated", name, parameters.name));
    }
    if (balance.assets[a].kind != AssetKind::series) continue;
    if (!parameters.asset_class && !parameters.duration) {
      notes.push_back(fmt::format("{}: {} has no class and counts as equity of type 2", name, parameters.name));
    }
    if (balance.class_of(a) == AssetClass::fixed_income && !parameters.credit_quality) {
      notes.push_back(fmt::format("{}: {} has no credit_quality and bears no spread risk", name, parameters.name));
    }
  }
  notes.push_back(name +
                  ": one currency, no concentration; the loss-absorbing capacity of technical provisions and "
                  "taxes is not in it");
  if (variant == Solvency2Variant::solvency2_review2020) {
    notes.push_back(name + ": EIOPA's advice of 2020 for the review, not the factors of the law");
  }
  return notes;
}

/// The order of the markets is that of MarketLosses.
RegulatoryFamily solvency2_family(const StressedBalance& balance, const std::string& title, Solvency2Variant variant,
                                  double symmetric_adjustment) {
  RegulatoryFamily family{title, {}, CapitalRule::correlated, solvency2_notes(balance, title, variant)};
  for (const RateShock& shock : solvency2_rate_shocks(variant)) {
    family.markets.push_back(rates_stressed(balance, title + " " + shock.name, shock));
  }
  auto add = [&](const char* risk, AssetClass of, double fall) {
    family.markets.push_back(class_stressed(balance, title + " " + risk, of, fall));
  };
  add("equity_type_1", AssetClass::equity_type_1, kEquityType1 + symmetric_adjustment);
  add("equity_type_2", AssetClass::equity_type_2, kEquityType2 + symmetric_adjustment);
  add("property", AssetClass::property, kProperty);
  family.markets.push_back(spreads_stressed(balance, title + " spread"));
  return family;
}

}  // namespace

RegulatoryFamily regulatory_family(const StressedBalance& balance, const StressParameters& stress,
                                   const std::string& title) {
  const std::size_t slash = stress.standard->find('/');
  const std::string family = stress.standard->substr(0, slash);
  const std::string currency = slash == std::string::npos ? "" : stress.standard->substr(slash + 1);
  if (auto table = named<IrrbbTable>(family)) {
    return irrbb_family(balance, title, irrbb_sizes(*table, currency), stress.floor);
  }
  if (auto variant = named<Solvency2Variant>(family)) {
    if (slash != std::string::npos) {
      throw std::invalid_argument(fmt::format("'{}' takes no currency (its shocks are of one's own curve)", family));
    }
    return solvency2_family(balance, title, *variant, stress.symmetric_adjustment);
  }
  std::vector<std::string> families(std::begin(EnumNames<IrrbbTable>::value), std::end(EnumNames<IrrbbTable>::value));
  families.insert(families.end(), std::begin(EnumNames<Solvency2Variant>::value),
                  std::end(EnumNames<Solvency2Variant>::value));
  throw std::invalid_argument(with_guess(
      fmt::format("'{}' is not a family of stresses ({})", family, fmt::join(families, ", ")), family, families));
}

CapitalResult family_capital(const StressedBalance& balance, const std::string& name, CapitalRule rule,
                             std::span<const StressedMarket> markets, const std::string& portfolio,
                             const std::vector<double>& weights) {
  CapitalResult result;
  result.name = name;
  result.portfolio = portfolio;
  result.rule = name_of(rule);
  result.available = value_sheet(balance, unstressed(balance, ""), weights).surplus();
  std::vector<double> losses;
  for (const StressedMarket& market : markets) {
    losses.push_back(result.available - value_sheet(balance, market, weights).surplus());
    result.risks.push_back(market.name.substr(name.size() + 1));
    result.losses.push_back(std::max(0.0, losses.back()));
  }
  if (rule == CapitalRule::largest) {
    result.capital = *std::max_element(result.losses.begin(), result.losses.end());
  } else {
    result.capital = solvency2_market_capital({losses[0], losses[1], losses[2], losses[3], losses[4], losses[5]}).total;
  }
  return result;
}

StressRow capital_row(const StressedBalance& balance, const CapitalResult& capital) {
  StressRow row;
  row.name = capital.name + " market_scr";
  row.portfolio = capital.portfolio;
  row.assets = row.liability_pv = row.liability_duration = row.funding_ratio = kNan;
  row.change_assets = row.change_liability_pv = row.change_funding_ratio = kNan;
  row.surplus = capital.available - capital.capital;
  row.change_surplus = -capital.capital;
  row.asset_shocks.assign(balance.assets.size(), kNan);
  row.rate_shocks.assign(balance.market.curve.tenors().size(), kNan);
  return row;
}

}  // namespace ballast

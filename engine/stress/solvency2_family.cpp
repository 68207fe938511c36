#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/stress/stress_family.h"
#include "scenarios/stress/solvency2.h"

// Solvency II's standard formula for market risk: a stress a module, aggregated by the correlation matrix.

namespace ballast {
namespace {

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
FamilyMarkets stress_solvency2(const StressedBalance& balance, const FamilyRequest& asked, Solvency2Variant variant) {
  if (asked.parameters.standard->find('/') != std::string::npos) {
    throw std::invalid_argument(
        fmt::format("'{}' takes no currency (its shocks are of one's own curve)", name_of(variant)));
  }
  FamilyMarkets family{{}, solvency2_notes(balance, asked.title, variant)};
  for (const RateShock& shock : solvency2_rate_shocks(variant)) {
    family.markets.push_back(rates_stressed(balance, asked.title + " " + shock.name, shock));
  }
  auto add = [&](const char* risk, AssetClass of, double fall) {
    family.markets.push_back(class_stressed(balance, asked.title + " " + risk, of, fall));
  };
  add("equity_type_1", AssetClass::equity_type_1, kEquityType1 + asked.parameters.symmetric_adjustment);
  add("equity_type_2", AssetClass::equity_type_2, kEquityType2 + asked.parameters.symmetric_adjustment);
  add("property", AssetClass::property, kProperty);
  family.markets.push_back(spreads_stressed(balance, asked.title + " spread"));
  return family;
}

double correlated_capital(std::span<const double> losses) {
  return solvency2_market_capital({losses[0], losses[1], losses[2], losses[3], losses[4], losses[5]}).total;
}

}  // namespace

std::vector<StressFamily> solvency2_families() {
  std::vector<StressFamily> families;
  for (std::size_t k = 0; k < std::size(EnumNames<Solvency2Variant>::value); ++k) {
    auto stress = [variant = Solvency2Variant(k)](const StressedBalance& balance, const FamilyRequest& asked) {
      return stress_solvency2(balance, asked, variant);
    };
    families.push_back({EnumNames<Solvency2Variant>::value[k], "correlated", "market_scr", stress, correlated_capital});
  }
  return families;
}

}  // namespace ballast

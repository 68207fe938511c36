#pragma once

#include <string>
#include <vector>

#include "engine/liabilities/liability_book.h"
#include "engine/output/results.h"
#include "engine/portfolio/assets.h"
#include "engine/portfolio/rate_sensitivity.h"
#include "scenarios/market/history.h"
#include "scenarios/stress/rate_shock.h"

namespace ballast {

/// What is stressed: the balance sheet at the valuation date.
struct StressedBalance {
  std::vector<Asset> assets;
  std::vector<AssetParameters> asset_parameters;  ///< the study's entry of each asset
  std::vector<RateExposure> exposures;            ///< of each asset
  MarketState market;                             ///< now; its curve empty without one
  LiabilityBook liabilities;
  double initial_assets = 1.0;
  MarketHistory history;

  /// The class that the study gives a series, or else fixed_income when it has a duration, or else equity_type_2.
  AssetClass class_of(std::size_t asset) const;
  /// The credit quality that the study gives an asset, of a corporate bond unrated where it gives none; empty or
  /// government: no spread stress moves it.
  std::optional<CreditQuality> quality_of(std::size_t asset) const;
  bool bears_spread(std::size_t asset) const;
  std::vector<std::string> asset_names() const;
};

/// A market after a stress.
struct StressedMarket {
  std::string name;
  MarketState state;
  std::vector<double> asset_change;  ///< relative change in value, one an asset
  double inflation_shift = 0.0;      ///< of state.breakeven
  std::vector<double> spread_shift;  ///< of each asset's credit spread; empty: none
};

/// The market as it is, under a name.
StressedMarket unstressed(const StressedBalance& balance, const std::string& name);

/// Rates shocked, and every asset re-priced. Throws std::invalid_argument without a curve.
StressedMarket rates_stressed(const StressedBalance& balance, const std::string& name, const RateShock& shock);

/// Shifts expected inflation at all terms of a stressed market, and re-prices what follows it. Throws
/// std::invalid_argument where the study has none.
void shift_inflation(const StressedBalance& balance, double shift, StressedMarket& market);

/// Shifts the credit spread of single assets, one number an asset, and re-prices them.
void shift_spreads(const StressedBalance& balance, const std::vector<double>& shifts, StressedMarket& market);

/// Shifts the simulated credit spreads (by spread_index), and re-prices what follows them.
void shift_simulated_spreads(const StressedBalance& balance, const Eigen::VectorXd& shifts, StressedMarket& market);

/// Assets, liabilities and their difference in a market.
struct SheetValue {
  double assets = 0.0, liability_pv = 0.0;
  double liability_duration = 0.0;  ///< Macaulay, years; NaN without liabilities
  double surplus() const { return assets - liability_pv; }
  double funding_ratio() const;  ///< NaN where nothing is owed
};
SheetValue value_sheet(const StressedBalance& balance, const StressedMarket& market,
                       const std::vector<double>& weights);

/// The sheet in a market beside the unstressed one.
StressRow stress_row(const StressedBalance& balance, const StressedMarket& market, const std::string& portfolio,
                     const std::vector<double>& weights);

/// The index of an asset. Throws std::invalid_argument with a guess when the study has none of that name; key: the
/// study key that names it.
std::size_t asset_index(const StressedBalance& balance, const std::string& name, const char* key);

/// A message that ends in a guess at what was meant.
std::string with_guess(std::string message, const std::string& wrong, const std::vector<std::string>& right);

}  // namespace ballast

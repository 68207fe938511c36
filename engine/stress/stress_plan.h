#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/liabilities/liability_book.h"
#include "engine/output/results.h"
#include "engine/portfolio/assets.h"
#include "engine/stress/rate_sensitivity.h"
#include "engine/stress/stress_parameters.h"
#include "scenarios/market/history.h"
#include "scenarios/stress/solvency2.h"

namespace ballast {

/// What is stressed: the balance sheet at the valuation date.
struct StressedBalance {
  std::vector<Asset> assets;
  std::vector<AssetParameters> asset_parameters;  ///< the study's entry of each asset
  YieldCurve curve;                               ///< empty without one
  LiabilityBook liabilities;
  double initial_assets = 1.0;
  MarketHistory history;
};

/// A market after a stress.
struct StressedMarket {
  std::string name;
  YieldCurve curve;                  ///< empty without one
  std::vector<double> asset_change;  ///< relative change in value, one an asset
};

/// The stresses of a study, checked and made definite. Sources: scenarios/stress/STRESSES.md.
class StressPlan {
 public:
  /// Errors, all at once: InputError with key paths stress[i] for an unknown family, currency or asset, for rates
  /// stressed without a curve, and for a series that moves with rates (regressed duration above 1 year, |t| above 3)
  /// whose duration is not declared.
  StressPlan(const std::vector<StressParameters>& stresses, const StressedBalance& balance);

  /// One row a stress and portfolio, "base" first; then the capital of Solvency II. The worst windows of the history
  /// are those of the first portfolio.
  std::vector<StressRow> rows(const std::vector<std::pair<std::string, std::vector<double>>>& portfolios) const;

  const std::vector<std::string>& notes() const { return notes_; }

 private:
  struct Capital {
    std::string name;
    std::size_t first;  ///< interest up, interest down, equity type 1, type 2, property, from here on
  };
  struct Historical {
    int windows, periods;
  };

  void add_standard(const StressParameters& stress);
  void add_solvency2(Solvency2Variant variant, double symmetric_adjustment);
  void add_own(const StressParameters& stress);
  void add_historical(const HistoricalStressParameters& stress);
  StressedMarket rates_stressed(const std::string& name, const RateShock& shock) const;
  StressedMarket class_stressed(const std::string& name, AssetClass stressed_class, double fall) const;
  StressedMarket window(Eigen::Index first, int periods) const;
  double asset_change(std::size_t asset, const YieldCurve& stressed) const;
  void resolve_sensitivities();
  bool moves_rates() const;
  StressRow row(const StressedMarket& market, const std::string& portfolio, const std::vector<double>& weights) const;
  double surplus(const StressedMarket& market, const std::vector<double>& weights) const;
  std::vector<StressedMarket> worst_windows(const Historical& asked, const std::vector<double>& weights) const;
  StressRow capital_row(const Capital& capital, const std::string& portfolio, const std::vector<double>& weights) const;

  StressedBalance balance_;
  std::vector<RateSensitivity> sensitivities_;  ///< one an asset; of series only
  std::vector<StressedMarket> markets_;         ///< base first
  std::vector<Capital> capitals_;
  std::vector<Historical> historical_;
  std::vector<std::string> notes_;
};

}  // namespace ballast

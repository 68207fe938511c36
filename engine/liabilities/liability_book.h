#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/liabilities/liability_structure.h"
#include "engine/liabilities/market_state.h"
#include "engine/liabilities/valuation.h"

namespace ballast {

/// Measures of each liability and of all together, in one market.
struct BookMeasures {
  std::vector<LiabilityMeasures> each;
  LiabilityMeasures total;
};

/// All that is owed: the study's liabilities, their files read. Valued in any one market here, on blocks of simulated
/// ones by LiabilityPath. Copies share what was read.
class LiabilityBook {
 public:
  LiabilityBook() = default;
  /// now: the market at the valuation date.
  /// Errors, those of all liabilities at once: InputError with file:line:column, or key paths liabilities[i]; among
  /// them payments that follow prices where there is no inflation.
  LiabilityBook(const std::vector<LiabilityParameters>& liabilities, std::optional<Date> valuation,
                const MarketState& now, InputFiles& files);
  /// Of flows that are known.
  explicit LiabilityBook(const std::vector<CashFlows>& liabilities);

  std::size_t size() const { return names_.size(); }
  bool empty() const { return names_.empty(); }
  const std::vector<std::string>& names() const { return names_; }
  /// Whether some payment follows the price index.
  bool needs_inflation() const;

  /// What each pays. Interest of periods that begin at the valuation date is set by its curve, and fixed.
  const std::vector<LiabilityTerms>& terms() const { return terms_; }
  std::vector<LiabilityTerms> terms(const LongevityShock& shock) const;

  /// Present values, each, and of all together.
  std::vector<double> values(const MarketState& market) const;
  double pv(const MarketState& market) const;
  /// As of valuation.h.
  BookMeasures measure(const MarketState& market, Compounding compounding, std::span<const double> key_rates) const;

 private:
  void add(const std::string& name, std::shared_ptr<const LiabilityStructure> structure);
  LiabilityTerms known_terms(const LiabilityStructure& structure, const LongevityShock& shock) const;

  YieldCurve curve_;  ///< at the valuation date
  std::vector<std::string> names_;
  std::vector<std::shared_ptr<const LiabilityStructure>> structures_;
  std::vector<LiabilityTerms> terms_;
};

}  // namespace ballast

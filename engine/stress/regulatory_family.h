#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/output/results.h"
#include "engine/stress/stress_parameters.h"
#include "engine/stress/stressed_balance.h"

namespace ballast {

/// How the capital follows from the losses of a family.
enum class CapitalRule { largest, correlated };
template <>
struct EnumNames<CapitalRule> {
  static constexpr const char* value[] = {"largest", "correlated"};
};

/// A regulator's stresses of one balance sheet. Sources: scenarios/stress/STRESSES.md.
struct RegulatoryFamily {
  std::string name;                     ///< as results name it
  std::vector<StressedMarket> markets;  ///< one a shock, called "NAME SHOCK"
  CapitalRule rule = CapitalRule::largest;
  std::vector<std::string> notes;  ///< what a reader should know
};

/// The family that stress.standard names ("irrbb_2024/EUR", "solvency2_2015"), called `title` in the results. Throws
/// std::invalid_argument for a family or currency that there is not, and without a curve.
RegulatoryFamily regulatory_family(const StressedBalance& balance, const StressParameters& stress,
                                   const std::string& title);

/// The surplus that a portfolio loses in each of the family's markets, and the capital that follows: the largest loss
/// (IRRBB), or Solvency II's aggregation.
CapitalResult family_capital(const StressedBalance& balance, const std::string& name, CapitalRule rule,
                             std::span<const StressedMarket> markets, const std::string& portfolio,
                             const std::vector<double>& weights);

/// The capital as a row of the stress table.
StressRow capital_row(const StressedBalance& balance, const CapitalResult& capital);

}  // namespace ballast

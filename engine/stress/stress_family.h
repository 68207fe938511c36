#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/output/results.h"
#include "engine/stress/stress_parameters.h"
#include "engine/stress/stressed_balance.h"

namespace ballast {

/// What a study asks of a family.
struct FamilyRequest {
  const StressParameters& parameters;
  std::string currency;  ///< behind the slash of "irrbb_2024/EUR"; empty: none
  std::string title;     ///< as results name it
};

/// A family's stresses of one balance sheet.
struct FamilyMarkets {
  std::vector<StressedMarket> markets;  ///< one a shock, called "TITLE SHOCK"
  std::vector<std::string> notes;       ///< what a reader should know
};

/// A regulator's family of stresses. A new one is a file and a line of registry.def.
struct StressFamily {
  std::string name;          ///< in a study: "solvency2_2015"
  std::string capital_rule;  ///< how the capital follows from the losses: "largest", "correlated"
  std::string capital_row;   ///< its name in the stress table; empty where it is one of the losses
  /// Throws std::invalid_argument where the balance sheet or the request does not allow it.
  std::function<FamilyMarkets(const StressedBalance&, const FamilyRequest&)> stress;
  /// From the surplus lost in each market (a gain is negative), in their order.
  std::function<double(std::span<const double> losses)> capital;
};

/// The family that "irrbb_2024/EUR" names. Throws std::invalid_argument when there is none.
const StressFamily& stress_family(const std::string& standard);

/// The currency in it, or "".
std::string stress_currency(const std::string& standard);

/// The surplus that a portfolio loses in each of the family's markets, and the capital that follows.
CapitalResult family_capital(const StressedBalance& balance, const StressFamily& family, const std::string& title,
                             std::span<const StressedMarket> markets, const std::string& portfolio,
                             const std::vector<double>& weights);

/// The capital as a row of the stress table.
StressRow capital_row(const StressedBalance& balance, const StressFamily& family, const CapitalResult& capital);

// registry.def's families
#define BALLAST_STRESS_FAMILIES(name) std::vector<StressFamily> name##_families();
#include "engine/stress/registry.def"
#undef BALLAST_STRESS_FAMILIES

}  // namespace ballast

#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/liabilities/liability_structure.h"
#include "engine/liabilities/mortality_parameters.h"

namespace ballast {

/// Survival from the valuation date on. Between ages of a table the force of mortality is constant. Mortality decreases
/// by (1 - improvement) a year of calendar time: a table's q_x at the time the age is reached, a law's force always. A
/// longevity shock multiplies q_x (a law's force). A table ends in death: at its last age + 1 nobody is left.
class Mortality {
 public:
  /// column: of the table, where the parameters do not say ("": qx). Errors: InputError with file:line:column for ages
  /// that do not rise by one, q_x below 0 or above 1.
  Mortality(const MortalityParameters& parameters, const LiabilityContext& context, const std::string& column = "");

  /// Probabilities that somebody of age `age` now is alive at each of the times (years, ascending).
  std::vector<double> survival(double age, std::span<const double> times, const LongevityShock& shock = {}) const;

  double first_age() const { return first_age_; }  ///< of the table; 0 for a law
  double last_age() const;                         ///< nobody lives longer

 private:
  double cumulated_law(double age, double time) const;

  std::optional<MakehamParameters> law_;
  double first_age_ = 0.0;
  std::vector<double> q_, improvement_;  ///< by age, of a table
  double law_improvement_ = 0.0;
  double years_since_base_ = 0.0;
};

}  // namespace ballast

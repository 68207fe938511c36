#include "scenarios/validate/validation_row.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scenarios/random/normal.h"

namespace ballast {

std::size_t Validation::passed() const {
  return std::size_t(std::count_if(rows.begin(), rows.end(), [](const ValidationRow& row) { return row.pass; }));
}

void judge(Validation& validation, double level) {
  validation.level = level;
  if (validation.rows.empty()) return;
  validation.critical_z = -inverse_normal(level / (2.0 * double(validation.rows.size())));
  for (ValidationRow& row : validation.rows) {
    double difference = row.scenarios.value - row.reference;
    double error = std::hypot(row.scenarios.standard_error, row.reference_error);
    // What varies neither in the history nor in the scenarios is right when it is the same but for rounding.
    double rounding = 1e-12 * std::max(std::abs(row.reference), std::abs(row.scenarios.value));
    if (std::abs(difference) <= rounding) {
      row.z = 0.0;
    } else {
      row.z = error > 0 ? difference / error : std::copysign(std::numeric_limits<double>::infinity(), difference);
    }
    row.pass = std::abs(row.z) <= validation.critical_z;
  }
}

}  // namespace ballast

#pragma once

#include <string>

#include "scenarios/validate/validation_row.h"

namespace ballast {

/// validation.csv (FORMAT.md).
std::string validation_csv(const Validation& validation);

/// The table in one sentence: how many rows pass at which level, and which do not.
std::string validation_line(const Validation& validation);

}  // namespace ballast

#pragma once

#include <map>
#include <string>
#include <vector>

#include "scenarios/stress/rate_shock.h"

namespace ballast {

/// Shifts of continuous zero rates at ascending tenors (years), linear between, flat outside.
RateShock shift_shock(const std::string& name, std::vector<double> tenors, std::vector<double> shifts);

/// The same with the tenors as text, as a study writes them. Throws std::invalid_argument for one that is no positive
/// number.
RateShock shift_shock(const std::string& name, const std::map<std::string, double>& shifts);

}  // namespace ballast

#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace ballast {

/// Computes one scenario again from a results file alone (its resolved study, its embedded inputs, its weights) and
/// shows every step: short rate, curve, asset returns, payments, assets, liability value, funding ratio; then the
/// values that the file holds for this scenario, which are the same. inputs: the folder of the study, for input files
/// too large to be in the file (stored_inputs.h). Throws InputError for an unusable file, Error (64) for a scenario
/// that does not exist.
std::string replay_scenario(const std::string& results_file, bool optimise_set, std::uint64_t scenario,
                            const std::optional<std::string>& inputs = {});

}  // namespace ballast

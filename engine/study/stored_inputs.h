#pragma once

#include <optional>
#include <string>

#include "engine/output/results_provenance.h"
#include "scenarios/io/input_files.h"

namespace ballast {

/// The inputs of a results file (or shard): its own copies, and those too large for it from `folder`, the folder of the
/// study. Throws InputError (66) that names each of the latter with its SHA-256 when there is no folder. Reading one
/// from there throws InputError: 66 when it is missing, 65 when it is another file than the results were computed from.
InputFiles stored_inputs(const StoredStudy& stored, const std::string& results_file,
                         const std::optional<std::string>& folder);

}  // namespace ballast

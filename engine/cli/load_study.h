#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/config/overrides.h"
#include "engine/config/study_config.h"
#include "engine/config/study_positions.h"
#include "scenarios/io/input_files.h"

namespace ballast {

/// A study file as the commands work on it.
struct LoadedStudy {
  std::string file;  ///< as messages name it
  std::string text;
  std::string base_directory;  ///< that of the study file; of a study from a pipe: where the user stands
  StudyPositions positions;
  StudyConfig config;
  InputFiles files;

  /// Runs work on the study; errors that name a key come out with the key's line and column, others with the study's
  /// name.
  void with_positions(const std::function<void()>& work) const;
};

/// Reads and checks a study file; "-" is standard input. sweep_index: of the studies that its section `sweep` stands
/// for, from 1; empty: the study as it is. Throws InputError, and Error (64) for standard input of several ranks.
LoadedStudy load_study(const std::string& file, const std::vector<Override>& overrides,
                       std::optional<std::uint64_t> sweep_index = {});

/// Another study that the same file's section `sweep` stands for.
LoadedStudy load_swept_study(const LoadedStudy& study, const std::vector<Override>& overrides,
                             std::uint64_t sweep_index);

/// Throws Error (64) for a study with a section `sweep`: one of its studies has to be chosen.
void refuse_sweep(const LoadedStudy& study);

/// Weights of a CSV file (columns asset and weight or weight_optimal), in the order of the assets. Every asset must
/// occur; the weights must sum to 1 (1e-9). Throws InputError.
std::vector<double> read_weights(const std::string& file, const std::vector<std::string>& assets);

}  // namespace ballast

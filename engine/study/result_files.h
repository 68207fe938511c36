#pragma once

#include <string>

#include "engine/config/study_config.h"
#include "engine/output/results_file.h"

namespace ballast {

/// Creates the directory and its parents. Throws Error (73).
void create_output_directory(const std::string& directory);

/// Writes summary.json, the CSV files, report.html and study.resolved.yaml. In the resolved study, paths lead from the
/// output directory to the same files. base_directory: what the study's paths are relative to; empty: they are left as
/// they are. results.h5, complete already, takes its name together with them. Throws Error (73, 74), and then nothing
/// has.
void write_result_files(const Results& results, const StudyConfig& resolved, const std::string& base_directory,
                        const std::string& directory, ResultsFile& file);

}  // namespace ballast

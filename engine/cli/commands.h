#pragma once

#include <string>
#include <string_view>

#include "engine/cli/options.h"

namespace ballast {

// The commands. Each writes its results to standard output, returns 0, and throws what main() turns into messages and
// exit codes.
int run_command(const RunOptions& options);
int optimize_command(const OptimizeCommandOptions& options);
int merge_command(const MergeOptions& options);
int validate_command(const ValidateOptions& options);
int schema_command(const SchemaOptions& options);
int replay_command(const ReplayOptions& options);
int report_command(const ReportOptions& options);
int export_command(const ExportOptions& options);
int compare_command(const CompareOptions& options);
int calibrate_command(const CalibrateOptions& options);
int curve_command(const CurveOptions& options);

/// Whether -o names standard output: "-" or /dev/stdout.
bool is_standard_output(const std::string& output);
/// Writes what -o asks for to a file, or to standard output.
void write_output(const std::string& output, std::string_view text);

/// Dispatches the words after the program's name to its command; --help and --version as well. Throws Error(usage).
int dispatch(const std::vector<std::string>& words);

}  // namespace ballast

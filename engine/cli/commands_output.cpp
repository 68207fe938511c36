#include <cstdio>
#include <filesystem>

#include <fmt/format.h>

#include "engine/cli/commands.h"
#include "engine/output/partial_file.h"
#include "engine/report/export_tables.h"
#include "engine/report/report_page.h"
#include "engine/study/compare_results.h"

namespace ballast {

bool is_standard_output(const std::string& output) { return output == "-" || output == "/dev/stdout"; }

void write_output(const std::string& output, std::string_view text) {
  if (is_standard_output(output)) {
    fmt::print("{}", text);
  } else {
    write_file_atomically(output, text);
  }
}

int report_command(const ReportOptions& options) {
  std::string name = std::filesystem::path(options.file).filename().string();
  write_output(options.output, report_page_of(options.file, name));
  return 0;
}

int compare_command(const CompareOptions& options) {
  fmt::print("{}", compare_results(options.files));
  return 0;
}

int export_command(const ExportOptions& options) {
  if (options.csv) export_csv(options.file, *options.csv, options.scenarios);
  if (options.xlsx) export_xlsx(options.file, *options.xlsx);
  return 0;
}

}  // namespace ballast

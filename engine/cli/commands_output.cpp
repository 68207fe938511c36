#include <filesystem>

#include "engine/cli/commands.h"
#include "engine/output/export_tables.h"
#include "engine/output/partial_file.h"
#include "engine/output/report_page.h"

namespace ballast {

int report_command(const ReportOptions& options) {
  std::string name = std::filesystem::path(options.file).filename().string();
  write_file_atomically(options.output, report_page_of(options.file, name));
  return 0;
}

int export_command(const ExportOptions& options) {
  if (options.csv) export_csv(options.file, *options.csv, options.scenarios);
  if (options.xlsx) export_xlsx(options.file, *options.xlsx);
  return 0;
}

}  // namespace ballast

#include <filesystem>

#include "engine/cli/commands.h"
#include "engine/output/partial_file.h"
#include "engine/output/report_page.h"

namespace ballast {

int report_command(const ReportOptions& options) {
  std::string name = std::filesystem::path(options.file).filename().string();
  write_file_atomically(options.output, report_page_of(options.file, name));
  return 0;
}

}  // namespace ballast

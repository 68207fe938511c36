#include <cstdio>

#include <fmt/format.h>

#include "engine/cli/commands.h"
#include "engine/cli/load_study.h"
#include "engine/config/schema.h"
#include "engine/config/sweep.h"
#include "engine/study/validate_study.h"

namespace ballast {

int validate_command(const ValidateOptions& options) {
  LoadedStudy loaded = load_study(options.study, options.sets);
  std::uint64_t count = 0;
  loaded.with_positions([&] { count = sweep_count(loaded.config); });
  if (options.sweep_count) {
    fmt::print("{}\n", count);
    return 0;
  }
  if (!loaded.config.sweep.empty()) {
    for (std::uint64_t k = count; k >= 1; --k) loaded = load_swept_study(loaded, options.sets, k);
  }
  loaded.with_positions([&] { validate_study(loaded.config, loaded.files); });
  if (!options.quiet) {
    fmt::print("{}: sound{}\n", loaded.file, count > 1 ? fmt::format("; a sweep of {} studies", count) : "");
  }
  return 0;
}

int schema_command(const SchemaOptions& options) {
  fmt::print("{}", options.reference ? reference_markdown() : study_schema());
  return 0;
}

}  // namespace ballast

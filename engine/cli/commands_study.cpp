#include <cstdio>

#include <fmt/format.h>

#include "engine/cli/commands.h"
#include "engine/study/read_study.h"
#include "engine/study/schema.h"

namespace ballast {

int validate_command(const ValidateOptions& options) {
  read_study(options.study, load_study_text(options.study), options.sets);
  if (!options.quiet) fmt::print("{}: sound\n", options.study);
  return 0;
}

int schema_command(const SchemaOptions& options) {
  fmt::print("{}", options.reference ? reference_markdown() : study_schema());
  return 0;
}

}  // namespace ballast

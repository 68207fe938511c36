#include <cstdio>

#include <fmt/format.h>

#include "engine/cli/commands.h"
#include "engine/cli/load_study.h"
#include "engine/study/external_scenarios.h"
#include "engine/study/prepared_study.h"
#include "engine/study/schema.h"

namespace ballast {

int validate_command(const ValidateOptions& options) {
  LoadedStudy loaded = load_study(options.study, options.sets);
  loaded.with_positions([&] {
    if (loaded.config.scenarios.model == ModelKind::file) {
      read_external_scenarios(loaded.config, loaded.files);
    } else {
      prepare_study(loaded.config, loaded.files);
    }
  });
  if (!options.quiet) fmt::print("{}: sound\n", options.study);
  return 0;
}

int schema_command(const SchemaOptions& options) {
  fmt::print("{}", options.reference ? reference_markdown() : study_schema());
  return 0;
}

}  // namespace ballast

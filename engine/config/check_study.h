#pragma once

#include "engine/config/read_log.h"
#include "engine/config/study_config.h"

namespace ballast {

/// Checks what the sections of a study must agree on and what needs no file to be opened: names, horizons, weights,
/// which inputs the assets and liabilities need. A rule is left out where a key that it compares was refused before.
void check_study(const StudyConfig& config, ReadLog& log);

}  // namespace ballast

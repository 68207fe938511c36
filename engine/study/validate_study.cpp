#include "engine/study/validate_study.h"

#include <optional>

#include "engine/study/balance_durations.h"
#include "engine/study/external_scenarios.h"
#include "engine/study/optimise_weights.h"
#include "engine/study/prepared_study.h"
#include "engine/study/worst_case.h"

namespace ballast {

void validate_study(const StudyConfig& config, InputFiles& files) {
  OptimiseInputs inputs;
  std::optional<PreparedStudy> study;
  StudyConfig resolved = config;
  if (config.scenarios.model == ModelKind::file) {
    const ExternalScenarios external = read_external_scenarios(config, files);
    inputs.asset_names = external.asset_names;
    if (resolved.optimize) resolved.optimize->loss = loss_of(*resolved.optimize, !external.set.liability.empty());
  } else {
    study = prepare_study(config, files);
    resolved = study->config;
    inputs = {study->asset_names(), study->risk_free(), balance_durations(*study), {}};
  }
  if (!resolved.optimize) return;
  const WorstCase further(resolved, study ? &*study : nullptr, inputs.asset_names, files);
  check_constraints(resolved, inputs);
}

}  // namespace ballast

#include "engine/config/missing_inputs.h"

#include <vector>

#include "engine/config/input_paths.h"

namespace ballast {

InputError all_missing_inputs(const StudyConfig& config, InputFiles& files, const InputError& first) {
  std::vector<Problem> problems;
  auto try_to_read = [&](const InputPath& path) {
    try {
      files.read(path);
    } catch (const InputError& missing) {
      problems.insert(problems.end(), missing.problems().begin(), missing.problems().end());
    }
  };
  StudyConfig tried = config;
  for_each_input_path(tried.market, try_to_read);
  for_each_input_path(tried.liabilities, try_to_read);
  for_each_input_path(tried.optimize, try_to_read);
  return problems.empty() ? first : InputError(std::move(problems), ExitCode::missing_input);
}

}  // namespace ballast

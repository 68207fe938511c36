#include "engine/study/stored_inputs.h"

#include <vector>

#include <fmt/format.h>

#include "scenarios/base/error.h"

namespace ballast {

InputFiles stored_inputs(const StoredStudy& stored, const std::string& results_file,
                         const std::optional<std::string>& folder) {
  if (!folder && !stored.not_embedded.empty()) {
    std::vector<Problem> problems;
    for (const auto& [name, sha256] : stored.not_embedded) {
      Problem problem;
      problem.file = results_file;
      problem.message = fmt::format(
          "input '{}' is not in the file (it is larger than 16 MB; SHA-256 {}); give '--inputs DIR', the folder of the "
          "study",
          name, sha256);
      problems.push_back(problem);
    }
    throw InputError(problems, ExitCode::missing_input);
  }
  return InputFiles::embedded(stored.inputs, folder.value_or(""), stored.not_embedded);
}

}  // namespace ballast

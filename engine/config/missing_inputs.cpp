#include "engine/config/missing_inputs.h"

#include <map>
#include <optional>
#include <vector>

namespace ballast {
namespace {

/// Tries every input path of a described value.
struct PathTrier {
  InputFiles& files;
  std::vector<Problem>& problems;

  template <class T>
  void operator()(const char*, T& value, const Spec&) const {
    visit(value);
  }
  void visit(InputPath& path) const {
    if (path.empty()) return;
    try {
      files.read(path);
    } catch (const InputError& missing) {
      problems.insert(problems.end(), missing.problems().begin(), missing.problems().end());
    }
  }
  template <class T>
  void visit(T& value) const {
    if constexpr (Described<T>) T::describe(value, *this);
  }
  template <class T>
  void visit(std::optional<T>& value) const {
    if (value) visit(*value);
  }
  template <class T>
  void visit(std::vector<T>& values) const {
    for (T& value : values) visit(value);
  }
};

}  // namespace

InputError all_missing_inputs(const StudyConfig& config, InputFiles& files, const InputError& first) {
  std::vector<Problem> problems;
  StudyConfig tried = config;
  const PathTrier trier{files, problems};
  trier.visit(tried.market);
  trier.visit(tried.liabilities);
  trier.visit(tried.optimize);
  return problems.empty() ? first : InputError(std::move(problems), ExitCode::missing_input);
}

}  // namespace ballast

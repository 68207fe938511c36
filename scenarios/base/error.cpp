#include "scenarios/base/error.h"

#include <map>

namespace ballast {
namespace {

/// One line a problem; of a file with hundreds (dates in another format), the first twenty and how many more.
std::string all_lines(const std::vector<Problem>& problems) {
  constexpr int kShown = 20;
  std::map<std::string, int> of_file;
  for (const Problem& problem : problems) ++of_file[problem.file];
  std::map<std::string, int> shown;
  std::string text;
  for (const Problem& problem : problems) {
    const int number = ++shown[problem.file], all = of_file[problem.file];
    if (number > kShown + 1 && all > kShown + 1) continue;
    if (!text.empty()) text += '\n';
    if (number == kShown + 1 && all > kShown + 1) {
      text += (problem.file.empty() ? "" : problem.file + ": ") + "error: and " + std::to_string(all - kShown) +
              " more problems";
    } else {
      text += to_string(problem);
    }
  }
  return text;
}

}  // namespace

std::string to_string(const Problem& problem) {
  std::string text = problem.file;
  if (problem.line > 0) text += ':' + std::to_string(problem.line);
  if (problem.line > 0 && problem.column > 0) text += ':' + std::to_string(problem.column);
  if (!text.empty()) text += ": ";
  text += "error: ";
  if (problem.file.empty() && !problem.key_path.empty()) text += problem.key_path + ": ";
  return text + problem.message;
}

InputError::InputError(std::vector<Problem> problems, ExitCode code)
    : Error(code, all_lines(problems)), problems_(std::move(problems)) {}

InputError key_error(std::string key_path, std::string message) {
  Problem problem;
  problem.key_path = std::move(key_path);
  problem.message = std::move(message);
  return InputError(std::move(problem));
}

}  // namespace ballast

#include "scenarios/base/error.h"

namespace ballast {
namespace {

std::string all_lines(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) {
    if (!text.empty()) text += '\n';
    text += to_string(problem);
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

#include "engine/config/study_positions.h"

#include <algorithm>
#include <tuple>

namespace ballast {

const TextPosition* StudyPositions::find(const std::string& key_path) const {
  auto found = by_path_.find(key_path);
  return found == by_path_.end() ? nullptr : &found->second;
}

TextPosition StudyPositions::nearest(std::string key_path) const {
  while (true) {
    if (const TextPosition* at = find(key_path)) return *at;
    if (key_path.empty()) return {1, 1, 0};
    std::size_t end = key_path.find_last_of(".[");
    key_path.resize(end == std::string::npos ? 0 : end);
  }
}

Problem StudyPositions::problem(const std::string& file, TextPosition at, std::string key_path,
                                std::string message) const {
  if (at.source > 0) {
    return {overrides_.at(std::size_t(at.source - 1)), 0, 0, std::move(key_path), std::move(message)};
  }
  return {file, at.line, at.column, std::move(key_path), std::move(message)};
}

void sort_by_position(std::vector<Problem>& problems, const std::string& file) {
  // Those of other files follow in the order in which their reader put them.
  auto place = [&](const Problem& p) { return p.file == file ? std::tuple(0, p.line, p.column) : std::tuple(1, 0, 0); };
  std::stable_sort(problems.begin(), problems.end(),
                   [&](const Problem& a, const Problem& b) { return place(a) < place(b); });
}

InputError locate(const InputError& error, const StudyPositions& positions, const std::string& file) {
  std::vector<Problem> located = error.problems();
  for (Problem& problem : located) {
    if (!problem.file.empty() || problem.key_path.empty()) continue;
    bool written = positions.find(problem.key_path) != nullptr;
    std::string message = written ? problem.message : problem.key_path + ": " + problem.message;
    problem = positions.problem(file, positions.nearest(problem.key_path), problem.key_path, std::move(message));
  }
  sort_by_position(located, file);
  return InputError(std::move(located), error.code());
}

}  // namespace ballast

#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/config/yaml_document.h"
#include "scenarios/base/error.h"

namespace ballast {

/// Where each key of a study stands, by key path ("scenarios.block_bootstrap.kind", "assets[0].name"; the whole study
/// is ""). Keys that were left out have no position.
class StudyPositions {
 public:
  void remember(const std::string& key_path, TextPosition at) { by_path_[key_path] = at; }
  const TextPosition* find(const std::string& key_path) const;

  /// The position of the path itself or, if it was not written, of the section nearest above it.
  TextPosition nearest(std::string key_path) const;

  /// How the k-th override (from 1) is shown in errors, e.g. "--set scenarios.count=ten".
  void name_override(std::string shown) { overrides_.push_back(std::move(shown)); }

  /// A problem at this position: with line and column in the study file, or naming the override.
  Problem problem(const std::string& file, TextPosition at, std::string key_path, std::string message) const;

 private:
  std::map<std::string, TextPosition> by_path_;
  std::vector<std::string> overrides_;
};

/// Orders problems as a reader meets them: by line and column of the study, then those of overrides and other files.
void sort_by_position(std::vector<Problem>& problems, const std::string& file);

/// The same error with file, line and column for each problem that has only a key path. A key that the study does not
/// write is reported at the nearest section, and its path is put before the message.
InputError locate(const InputError& error, const StudyPositions& positions, const std::string& file);

}  // namespace ballast

#pragma once

#include <string>
#include <vector>

#include "engine/config/study_positions.h"
#include "engine/config/yaml_document.h"

namespace ballast {

/// A key of the study given on the command line, which replaces what the file says.
struct Override {
  std::string key_path;  ///< "scenarios.count", "assets[0].name"
  std::string value;     ///< YAML: a word, or a list or map in brackets
  std::string shown;     ///< how errors name it, e.g. "--set scenarios.count=ten"
};

/// "key.path[0].x=value" of the option --set. Throws Error(usage) where there is no key or no '='.
Override parse_override(const std::string& assignment);

/// Puts the overrides into the study's tree, in order; sections and list entries on the way are added as needed (an
/// entry only directly after the last one). What cannot be done is appended to `problems`.
void apply_overrides(const std::vector<Override>& overrides, YamlNode& root, StudyPositions& positions,
                     std::vector<Problem>& problems);

}  // namespace ballast

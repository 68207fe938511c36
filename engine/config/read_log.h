#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/config/study_positions.h"

namespace ballast {

/// Where a value stands while it is read: its key path, and the position that errors about it name.
struct Place {
  std::string path;
  TextPosition at;
  std::string shown_name;  ///< instead of the path's last key, when the user wrote a shorthand

  Place key(const YamlEntry& entry) const;
  Place item(std::size_t index, const YamlNode& node) const;
  std::string name() const;  ///< of the key in messages, with its index: "count", "key_rates[2]"
};

/// Collects the problems of a study, and which keys were read soundly, so that rules between keys are checked only
/// where their keys mean what they say.
class ReadLog {
 public:
  ReadLog(std::string file, StudyPositions& positions) : file_(std::move(file)), positions_(positions) {}

  /// A problem with what stands at this place: "'name' <what>".
  void refuse(const Place& place, std::string_view what);
  /// A problem in free words, after which the value at `unsound_path` is not what was meant.
  void report(TextPosition at, const std::string& unsound_path, std::string message);
  /// The same for a rule between keys, found by its key path.
  void report(const std::string& path, std::string message);
  /// Something already reported makes this unsound.
  void mark_unsound(const std::string& path) { unsound_.push_back(path); }

  void remember(const Place& place) { positions_.remember(place.path, place.at); }
  bool written(const std::string& path) const { return positions_.find(path) != nullptr; }

  /// Whether nothing at, above or below this path was refused.
  bool sound(const std::string& path) const;

  std::size_t count() const { return problems_.size(); }
  std::vector<Problem>& problems() { return problems_; }
  const std::string& file() const { return file_; }

  /// What to say of an unknown key instead of a guess, e.g. "'stress' is not available in this version"; by key path
  /// with [] for any index.
  std::map<std::string, std::string> answers;
  /// All key paths of a study (with [] for lists), to say where a misplaced key belongs.
  std::vector<std::string> known_paths;

  /// Refuses a key that the section does not have, with the best guess at what was meant.
  void unknown_key(const Place& section, const YamlEntry& entry, const std::vector<std::string>& known);

 private:
  std::string file_;
  StudyPositions& positions_;
  std::vector<Problem> problems_;
  std::vector<std::string> unsound_;
};

/// "assets[3].name" -> "assets[].name".
std::string without_indices(std::string_view path);

}  // namespace ballast

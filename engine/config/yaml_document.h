#pragma once

#include <string>
#include <vector>

#include "scenarios/base/error.h"

namespace ballast {

/// A place in the study's text, or in one of the overrides of the command line.
struct TextPosition {
  int line = 0;    ///< from 1
  int column = 0;  ///< from 1, in characters (not bytes)
  int source = 0;  ///< 0: the study file; k: the k-th override
};

struct YamlEntry;

/// A value of a study as written, with its position; no YAML library in sight.
struct YamlNode {
  /// unread: something that read_yaml() refused and reported
  enum class Kind { null, scalar, sequence, map, unread };
  Kind kind = Kind::null;
  std::string text;     ///< of a scalar
  bool quoted = false;  ///< the scalar stood in quotes or was a block (| or >): it is text, never a number
  TextPosition at;
  std::vector<YamlNode> items;     ///< of a sequence
  std::vector<YamlEntry> entries;  ///< of a map, in order, keys unique

  const YamlEntry* find(const std::string& key) const;
  YamlEntry* find(const std::string& key);
};

struct YamlEntry {
  std::string key;
  TextPosition at;  ///< of the key
  YamlNode value;
};

/// Where an error about this entry belongs: at a scalar's value, at the key of anything larger (or empty).
TextPosition position_of(const YamlEntry& entry);

/// Reads one YAML document. What YAML permits and a study does not, because it would be read differently from what was
/// meant, is appended to `problems` with line and column, and reading goes on: duplicate keys, merge keys (<<),
/// anchors, aliases, tags, keys that are not plain words. After a syntax error, text that is not UTF-8, nesting deeper
/// than 100, an empty file or a second document the node returned is what was understood up to there.
YamlNode read_yaml(const std::string& file_name, const std::string& text, std::vector<Problem>& problems);

}  // namespace ballast

#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "engine/config/read_log.h"
#include "engine/config/yaml_document.h"
#include "scenarios/base/date.h"
#include "scenarios/base/describe.h"

namespace ballast {

/// The strict reader of described parameters. Each function reads one value, or says in the log what is wrong with it
/// and returns false, leaving the value as it was.
bool read_value(const YamlNode& node, const Place& place, bool& value, const Spec& spec, ReadLog& log);
bool read_value(const YamlNode& node, const Place& place, int& value, const Spec& spec, ReadLog& log);
bool read_value(const YamlNode& node, const Place& place, std::uint64_t& value, const Spec& spec, ReadLog& log);
bool read_value(const YamlNode& node, const Place& place, double& value, const Spec& spec, ReadLog& log);
bool read_value(const YamlNode& node, const Place& place, std::string& value, const Spec& spec, ReadLog& log);
bool read_value(const YamlNode& node, const Place& place, Date& value, const Spec& spec, ReadLog& log);
bool read_value(const YamlNode& node, const Place& place, InputPath& value, const Spec& spec, ReadLog& log);

/// The place in `words` of the word that stands here, or -1.
int read_word(const YamlNode& node, const Place& place, const std::vector<std::string>& words, const Spec& spec,
              ReadLog& log);

/// Whether the node is of this kind; says that `wanted` (e.g. "a list") was expected when it is not.
bool expect_kind(const YamlNode& node, const Place& place, YamlNode::Kind kind, const char* wanted, const Spec& spec,
                 ReadLog& log);

template <class E>
requires std::is_enum_v<E>
bool read_value(const YamlNode& node, const Place& place, E& value, const Spec& spec, ReadLog& log);
template <class T>
bool read_value(const YamlNode& node, const Place& place, std::optional<T>& value, const Spec& spec, ReadLog& log);
template <class T>
bool read_value(const YamlNode& node, const Place& place, std::vector<T>& value, const Spec& spec, ReadLog& log);
template <class T>
bool read_value(const YamlNode& node, const Place& place, std::map<std::string, T>& value, const Spec& spec,
                ReadLog& log);
template <Described T>
bool read_value(const YamlNode& node, const Place& place, T& value, const Spec& spec, ReadLog& log);

/// Reads the keys of one section, and remembers which there are.
class SectionReader {
 public:
  SectionReader(const YamlNode& node, const Place& place, ReadLog& log) : node_(node), place_(place), log_(log) {}

  template <class T>
  void operator()(const char* name, T& value, const Spec& spec) {
    known_.emplace_back(name);
    const YamlEntry* entry = node_.find(name);
    if (entry) {
      read_value(entry->value, place_.key(*entry), value, spec, log_);
    } else if (spec.required) {
      missing_.push_back({name, spec.help});
    }
  }

  /// After all keys were described: what is there and should not be, then what should be there and is not. A key that
  /// was only misspelt is not reported as missing too.
  void finish() {
    for (const YamlEntry& entry : node_.entries) {
      if (std::find(known_.begin(), known_.end(), entry.key) == known_.end()) log_.unknown_key(place_, entry, known_);
    }
    for (const auto& [name, help] : missing_) {
      std::string path = place_.path.empty() ? name : place_.path + "." + name;
      if (log_.sound(path)) log_.report(place_.at, path, "'" + name + "' is missing (" + help + ")");
    }
  }

 private:
  const YamlNode& node_;
  const Place& place_;
  ReadLog& log_;
  std::vector<std::string> known_;
  std::vector<std::pair<std::string, std::string>> missing_;  // name, help
};

/// Reads one node into the member of that name: what a shorthand stands for.
class ShorthandReader {
 public:
  ShorthandReader(const char* member, const YamlNode& node, const Place& place, ReadLog& log)
      : member_(member), node_(node), place_(place), log_(log) {}

  template <class T>
  void operator()(const char* name, T& value, const Spec& spec) {
    if (member_ != name) return;
    // Positions are kept under the member's path, which rules and later errors name; problems found here are worded
    // after the key that the user wrote.
    Place member{place_.path + "." + name, place_.at, place_.name()};
    done = read_value(node_, member, value, spec, log_);
  }

  bool done = false;

 private:
  std::string member_;
  const YamlNode& node_;
  const Place& place_;
  ReadLog& log_;
};

template <class E>
requires std::is_enum_v<E>
bool read_value(const YamlNode& node, const Place& place, E& value, const Spec& spec, ReadLog& log) {
  std::vector<std::string> words(std::begin(EnumNames<E>::value), std::end(EnumNames<E>::value));
  int index = read_word(node, place, words, spec, log);
  if (index < 0) return false;
  value = static_cast<E>(index);
  return true;
}

template <class T>
bool read_value(const YamlNode& node, const Place& place, std::optional<T>& value, const Spec& spec, ReadLog& log) {
  if (*spec.empty && node.kind == YamlNode::Kind::scalar && !node.quoted && node.text == spec.empty) {
    log.remember(place);
    value.reset();
    return true;
  }
  T inner{};
  if (!read_value(node, place, inner, spec, log)) return false;
  value = std::move(inner);
  return true;
}

template <class T>
bool read_value(const YamlNode& node, const Place& place, std::vector<T>& value, const Spec& spec, ReadLog& log) {
  if (!expect_kind(node, place, YamlNode::Kind::sequence, "a list", spec, log)) return false;
  std::vector<T> items(node.items.size());
  bool sound = true;
  for (std::size_t i = 0; i < items.size(); ++i) {
    sound = read_value(node.items[i], place.item(i, node.items[i]), items[i], spec, log) && sound;
  }
  value = std::move(items);
  return sound;
}

template <class T>
bool read_value(const YamlNode& node, const Place& place, std::map<std::string, T>& value, const Spec& spec,
                ReadLog& log) {
  if (!expect_kind(node, place, YamlNode::Kind::map, "a map {name: value}", spec, log)) return false;
  std::map<std::string, T> items;
  bool sound = true;
  for (const YamlEntry& entry : node.entries) {
    sound = read_value(entry.value, place.key(entry), items[entry.key], spec, log) && sound;
  }
  value = std::move(items);
  return sound;
}

template <Described T>
bool read_value(const YamlNode& node, const Place& place, T& value, const Spec& spec, ReadLog& log) {
  std::size_t before = log.count();
  if constexpr (HasShorthand<T>) {
    if (node.kind == YamlNode::Kind::scalar) {
      log.remember(place);
      ShorthandReader reader{T::shorthand, node, place, log};
      T::describe(value, reader);
      return reader.done;
    }
  }
  if constexpr (HasMapShorthand<T>) {
    bool keys_of_its_own = node.entries.empty();
    for (const YamlEntry& entry : node.entries) keys_of_its_own = keys_of_its_own || describes_key<T>(entry.key);
    if (node.kind == YamlNode::Kind::map && !keys_of_its_own) {
      log.remember(place);
      ShorthandReader reader{T::map_shorthand, node, place, log};
      T::describe(value, reader);
      return reader.done;
    }
  }
  const char* wanted = HasShorthand<T> ? "a single value or a map of keys" : "a map of keys";
  if (!expect_kind(node, place, YamlNode::Kind::map, wanted, spec, log)) return false;
  SectionReader reader{node, place, log};
  T::describe(value, reader);
  reader.finish();
  // Rules between keys are checked where every key could be read: defaults left by a bad one would accuse the others.
  if constexpr (requires { value.check([](const char*, const char*) {}); }) {
    if (log.count() == before) {
      value.check([&](const char* key, const std::string& message) {
        // Without a key, a problem of the section as a whole.
        std::string path = *key == 0 ? place.path : place.path.empty() ? key : place.path + "." + key;
        log.report(path, "'" + (*key == 0 ? place.name() : std::string(key)) + "' " + message);
        log.mark_unsound(path);
      });
    }
  }
  return log.count() == before;
}

}  // namespace ballast

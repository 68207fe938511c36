#include "engine/config/overrides.h"

#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace ballast {
namespace {

/// One step of a key path: a key of a map, or an index of a list.
struct Step {
  std::string key;
  std::optional<std::size_t> index;
};

std::optional<std::vector<Step>> split_path(const std::string& path) {
  std::vector<Step> steps;
  std::size_t i = 0;
  while (i < path.size()) {
    if (path[i] == '[') {
      std::size_t close = path.find(']', i);
      if (close == std::string::npos || steps.empty()) return std::nullopt;
      std::size_t index = 0;
      auto [end, error] = std::from_chars(path.data() + i + 1, path.data() + close, index);
      if (error != std::errc{} || end != path.data() + close) return std::nullopt;
      steps.push_back({"", index});
      i = close + 1;
      if (i < path.size() && path[i] != '.' && path[i] != '[') return std::nullopt;
    } else {
      if (path[i] == '.' && (i == 0 || ++i == path.size())) return std::nullopt;
      std::size_t end = std::min(path.find_first_of(".[", i), path.size());
      if (end == i) return std::nullopt;
      steps.push_back({path.substr(i, end - i), std::nullopt});
      i = end;
    }
  }
  if (steps.empty()) return std::nullopt;
  return steps;
}

void set_source(YamlNode& node, int source) {
  node.at = {0, 0, source};
  for (YamlNode& item : node.items) set_source(item, source);
  for (YamlEntry& entry : node.entries) {
    entry.at = {0, 0, source};
    set_source(entry.value, source);
  }
}

/// The node that a step leads to, added when it is not there; nullptr with the reason when it cannot be.
YamlNode* descend(YamlNode& node, const Step& step, int source, std::string& reason) {
  if (step.index) {
    if (node.kind == YamlNode::Kind::null) node.kind = YamlNode::Kind::sequence;
    if (node.kind != YamlNode::Kind::sequence) {
      reason = "is not a list";
      return nullptr;
    }
    if (*step.index > node.items.size()) {
      reason = fmt::format("has {} entries, counted from [0]", node.items.size());
      return nullptr;
    }
    if (*step.index == node.items.size()) {
      node.items.emplace_back();
      node.items.back().at = {0, 0, source};
    }
    return &node.items[*step.index];
  }
  if (node.kind == YamlNode::Kind::null) node.kind = YamlNode::Kind::map;
  if (node.kind != YamlNode::Kind::map) {
    reason = node.kind == YamlNode::Kind::sequence ? "is a list (its entries are [0], [1], ...)"
                                                   : "is a single value (it has no keys of its own)";
    return nullptr;
  }
  if (YamlEntry* entry = node.find(step.key)) return &entry->value;
  YamlEntry added;
  added.key = step.key;
  added.at = {0, 0, source};
  added.value.at = added.at;
  node.entries.push_back(std::move(added));
  return &node.entries.back().value;
}

void leave_out(YamlNode& parent, const YamlNode* node) {
  std::erase_if(parent.entries, [&](const YamlEntry& entry) { return &entry.value == node; });
  std::erase_if(parent.items, [&](const YamlNode& item) { return &item == node; });
}

}  // namespace

Override parse_override(const std::string& assignment) {
  std::size_t equals = assignment.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error(ExitCode::usage,
                fmt::format("error: --set {}: not of the form KEY=VALUE, e.g. --set scenarios.count=1000", assignment));
  }
  std::string key = assignment.substr(0, equals);
  if (!split_path(key)) {
    throw Error(ExitCode::usage, fmt::format("error: --set {}: '{}' is not a key such as scenarios.count or "
                                             "assets[0].name",
                                             assignment, key));
  }
  return {key, assignment.substr(equals + 1), "--set " + assignment};
}

void apply_overrides(const std::vector<Override>& overrides, YamlNode& root, StudyPositions& positions,
                     std::vector<Problem>& problems) {
  int source = 0;
  for (const Override& given : overrides) {
    ++source;
    positions.name_override(given.shown);
    auto refuse = [&](std::string message) {
      problems.push_back({given.shown, 0, 0, given.key_path, std::move(message)});
    };

    if (given.value.find_first_not_of(" \t") == std::string::npos) {
      refuse("has no value (write null to leave the key out)");
      continue;
    }
    bool remove = given.value == "null" || given.value == "~";
    std::vector<Problem> syntax;
    YamlNode value = remove ? YamlNode{} : read_yaml("", given.value, syntax);
    for (const Problem& problem : syntax) refuse(problem.message);
    if (!syntax.empty()) continue;
    set_source(value, source);

    std::optional<std::vector<Step>> steps = split_path(given.key_path);
    if (!steps) {
      refuse("is not a key such as scenarios.count or assets[0].name");
      continue;
    }
    YamlNode *node = &root, *parent = nullptr;
    std::string walked, reason;
    for (const Step& step : *steps) {
      parent = node;
      node = descend(*node, step, source, reason);
      if (!node) {
        refuse(fmt::format("'{}' {}", walked, reason));
        break;
      }
      if (step.index) {
        walked += fmt::format("[{}]", *step.index);
      } else {
        walked += (walked.empty() ? "" : ".") + step.key;
      }
    }
    if (!node) continue;
    if (remove) {
      leave_out(*parent, node);
    } else {
      *node = std::move(value);
      // A larger value is told by its key.
      for (YamlEntry& entry : parent->entries) {
        if (&entry.value == node) entry.at = {0, 0, source};
      }
    }
  }
}

}  // namespace ballast

#include "engine/config/read_log.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "scenarios/base/suggest.h"

namespace ballast {
namespace {

/// Whether `path` is `ancestor` or lies below it.
bool at_or_below(std::string_view path, std::string_view ancestor) {
  if (path.substr(0, ancestor.size()) != ancestor) return false;
  return ancestor.empty() || path.size() == ancestor.size() || path[ancestor.size()] == '.' ||
         path[ancestor.size()] == '[';
}

std::string join(const std::string& path, const std::string& key) { return path.empty() ? key : path + "." + key; }

std::string_view last_key(std::string_view path) {
  std::size_t dot = path.rfind('.');
  return dot == std::string_view::npos ? path : path.substr(dot + 1);
}

}  // namespace

Place Place::key(const YamlEntry& entry) const { return {join(path, entry.key), position_of(entry), ""}; }

Place Place::item(std::size_t index, const YamlNode& node) const {
  return {fmt::format("{}[{}]", path, index), node.at, ""};
}

std::string Place::name() const { return shown_name.empty() ? std::string(last_key(path)) : shown_name; }

void ReadLog::refuse(const Place& place, std::string_view what) {
  std::string subject = place.path.empty() ? "the study" : fmt::format("'{}'", place.name());
  report(place.at, place.path, fmt::format("{} {}", subject, what));
}

void ReadLog::report(TextPosition at, const std::string& unsound_path, std::string message) {
  problems_.push_back(positions_.problem(file_, at, unsound_path, std::move(message)));
  unsound_.push_back(unsound_path);
}

void ReadLog::report(const std::string& path, std::string message) {
  problems_.push_back(positions_.problem(file_, positions_.nearest(path), path, std::move(message)));
}

bool ReadLog::sound(const std::string& path) const {
  for (const std::string& bad : unsound_) {
    if (at_or_below(bad, path) || at_or_below(path, bad)) return false;
  }
  return true;
}

void ReadLog::unknown_key(const Place& section, const YamlEntry& entry, const std::vector<std::string>& known) {
  auto say = [&](const std::string& unsound_path, std::string message) {
    problems_.push_back(positions_.problem(file_, entry.at, join(section.path, entry.key), std::move(message)));
    if (!unsound_path.empty()) unsound_.push_back(unsound_path);
  };
  auto answer = answers.find(without_indices(join(section.path, entry.key)));
  if (answer != answers.end()) return say("", answer->second);

  std::string where = section.path.empty() ? "" : fmt::format(" in '{}'", section.name());
  std::string message = fmt::format("unknown key '{}'{}", entry.key, where);
  if (entry.value.kind == YamlNode::Kind::null && entry.key.find(':') != std::string::npos) {
    return say(section.path, message + " (a colon needs a space after it)");
  }
  if (std::string guess = did_you_mean(entry.key, known); !guess.empty()) {
    std::size_t open = guess.find('\''), close = guess.rfind('\'');
    return say(join(section.path, guess.substr(open + 1, close - open - 1)), message + "; " + guess);
  }
  // Sections that contain a key of this name.
  std::vector<std::string> homes;
  for (const std::string& path : known_paths) {
    if (last_key(path) == entry.key) homes.push_back(path.substr(0, path.size() - entry.key.size()));
  }
  if (homes.size() == 1 && homes[0].empty()) return say(entry.key, message + " (it belongs at the top level)");
  if (homes.size() == 1) {
    std::string home = homes[0].substr(0, homes[0].size() - 1);
    return say(home.substr(0, home.find('[')) + "." + entry.key, fmt::format("{} (it belongs in '{}')", message, home));
  }
  say(section.path, fmt::format("{} (known: {})", message, fmt::join(known, ", ")));
}

std::string without_indices(std::string_view path) {
  std::string result;
  bool inside = false;
  for (char c : path) {
    if (c == ']') inside = false;
    if (!inside) result += c;
    if (c == '[') inside = true;
  }
  return result;
}

}  // namespace ballast

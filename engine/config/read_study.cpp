#include "engine/config/read_study.h"

#include <filesystem>

#include <fmt/format.h>

#include "engine/config/check_study.h"
#include "engine/config/described_reader.h"
#include "scenarios/io/read_file.h"

namespace ballast {
namespace {

constexpr std::uintmax_t kLongestStudy = std::uintmax_t(16) << 20;  // bytes

/// Keys that belong to later versions: a guess at a misspelling would be misleading.
constexpr const char* kLaterKeys[] = {"optimize.max_cvar", "liabilities[].discount.curve"};

/// Collects the key paths of all described sections.
struct PathCollector {
  std::string prefix;
  std::vector<std::string>& paths;

  template <class T>
  void operator()(const char* name, const T& value, const Spec&) {
    std::string path = prefix + name;
    paths.push_back(path);
    below(path, value);
  }
  template <class T>
  void below(const std::string& path, const std::optional<T>&) {
    below(path, T{});
  }
  template <class T>
  void below(const std::string& path, const std::vector<T>&) {
    below(path + "[]", T{});
  }
  template <class T>
  void below(const std::string& path, const T& value) {
    if constexpr (Described<T>) {
      PathCollector inner{path + ".", paths};
      T::describe(value, inner);
    }
  }
};

ReadLog make_log(const std::string& file_name, StudyPositions& positions) {
  ReadLog log(file_name, positions);
  for (const char* key : kLaterKeys) {
    std::string path = key;
    std::string name = path.substr(path.rfind('.') + 1);
    log.answers[path] = fmt::format("'{}' is not available in this version; leave it out", name);
  }
  const StudyConfig empty;
  PathCollector collector{"", log.known_paths};
  StudyConfig::describe(empty, collector);
  return log;
}

}  // namespace

StudyConfig read_study(const std::string& file_name, const std::string& text, const std::vector<Override>& overrides,
                       StudyPositions* positions) {
  StudyPositions own;
  StudyPositions& where = positions ? *positions : own;
  where = {};
  where.remember("", {1, 1, 0});

  ReadLog log = make_log(file_name, where);
  YamlNode root = read_yaml(file_name, text, log.problems());
  // A document that broke off has no tree: what it seems to lack, the rest of it may have.
  if (root.kind == YamlNode::Kind::null) throw InputError(std::move(log.problems()));
  apply_overrides(overrides, root, where, log.problems());

  StudyConfig config;
  Place top{"", {1, 1, 0}, ""};
  read_value(root, top, config, Spec{}, log);
  check_study(config, log);

  if (!log.problems().empty()) {
    sort_by_position(log.problems(), file_name);
    throw InputError(std::move(log.problems()));
  }
  return config;
}

std::string load_study_text(const std::string& file_name) {
  auto refuse = [&](const std::string& message, ExitCode code) {
    return InputError({Problem{file_name, 0, 0, "", message}}, code);
  };
  std::error_code unknown;
  const std::uintmax_t size = std::filesystem::file_size(file_name, unknown);
  if (!unknown && size > kLongestStudy) {
    throw refuse(
        fmt::format("is {} MB long (a study has at most {} MB) give a study file", size >> 20, kLongestStudy >> 20),
        ExitCode::bad_input);
  }
  try {
    return read_file(file_name, kLongestStudy);
  } catch (const CannotRead& error) {
    throw refuse(error.what(), ExitCode::missing_input);
  }
}

}  // namespace ballast

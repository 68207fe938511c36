#include <map>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/config/schema.h"
#include "engine/config/study_config.h"
#include "scenarios/base/describe.h"

namespace ballast {
namespace {

/// "whole number >= 1": the type with its bounds.
std::string bounded(const std::string& type, const Spec& spec) {
  std::string text = type;
  bool below = spec.min > -std::numeric_limits<double>::infinity();
  bool above = spec.max < std::numeric_limits<double>::infinity();
  const char* sign = spec.exclusive_min ? ">" : "≥";
  if (below && above) {
    text += fmt::format(", {} {} and ≤ {}", sign, spec.min, spec.max);
  } else if (below) {
    text += fmt::format(", {} {}", sign, spec.min);
  } else if (above) {
    text += fmt::format(", ≤ {}", spec.max);
  }
  return text;
}

// The type of a value, in words.
std::string type_of(bool, const Spec&) { return "true or false"; }
std::string type_of(int, const Spec& spec) { return bounded("whole number", spec); }
std::string type_of(std::uint64_t, const Spec& spec) { return bounded("whole number, ≥ 0", spec); }
std::string type_of(double, const Spec& spec) { return bounded("number", spec); }
std::string type_of(const std::string&, const Spec&) { return "text"; }
std::string type_of(Date, const Spec&) { return "date"; }
std::string type_of(const InputPath&, const Spec&) { return "path"; }
template <class E>
requires std::is_enum_v<E> std::string type_of(E, const Spec&) {
  std::string text;
  for (const char* name : EnumNames<E>::value) text += fmt::format("{}`{}`", text.empty() ? "" : ", ", name);
  return text;
}
template <Described T>
std::string type_of(const T&, const Spec&) {
  std::string text = "section";
  if constexpr (HasShorthand<T>) text += fmt::format("; a single value is its `{}`", T::shorthand);
  if constexpr (HasMapShorthand<T>) text += fmt::format(", a map of names its `{}`", T::map_shorthand);
  return text;
}
template <class T>
std::string type_of(const std::vector<T>&, const Spec& spec) {
  return Described<T> ? "list of sections" : "list: " + type_of(T{}, spec);
}
template <class T>
std::string type_of(const std::map<std::string, T>&, const Spec& spec) {
  return "map of names to: " + type_of(T{}, spec);
}
template <class T>
std::string type_of(const std::optional<T>&, const Spec& spec) {
  std::string type = type_of(T{}, spec);
  return *spec.empty ? fmt::format("{}, or `{}`", type, spec.empty) : type;
}
// The default, as a study would write it.
template <class T>
std::string default_of(const T& value, const Spec& spec) {
  if (spec.required) return "required";
  if constexpr (std::is_same_v<T, bool>) {
    return value ? "`true`" : "`false`";
  } else if constexpr (std::is_arithmetic_v<T>) {
    return fmt::format("`{}`", value);
  } else if constexpr (std::is_enum_v<T>) {
    return fmt::format("`{}`", name_of(value));
  } else if constexpr (std::is_same_v<T, InputPath>) {
    return fmt::format("`{}`", value.text);
  } else if constexpr (std::is_same_v<T, std::vector<double>>) {
    std::string text;
    for (double item : value) text += fmt::format("{}{}", text.empty() ? "" : ", ", item);
    return text.empty() ? "none" : fmt::format("`[{}]`", text);
  } else if constexpr (requires { value.has_value(); }) {
    return *spec.empty ? fmt::format("`{}`", spec.empty) : "none";
  } else {
    return Described<T> ? "" : "none";
  }
}

/// Writes the table of one section, then those of the sections in it.
class ReferenceWriter {
 public:
  ReferenceWriter(std::string& out, std::string path) : out_(out), path_(std::move(path)) {}

  template <class T>
  void section(const T& value, const char* help) {
    out_ += fmt::format("\n## `{}`\n\n{}\n\n| key | value | unit | default | |\n|---|---|---|---|---|\n", path_,
                        capital(help));
    T::describe(value, *this);
    out_ += below_;
  }

  template <class T>
  void operator()(const char* name, const T& value, const Spec& spec) {
    out_ += fmt::format("| `{}` | {} | {} | {} | {} |\n", name, type_of(value, spec), spec.unit,
                        default_of(value, spec), escape(spec.help));
    describe_below(path_ + "." + name, value, spec);
  }

  /// Sections may be optional or the entries of a list.
  template <class T>
  void describe_below(const std::string& path, const std::optional<T>&, const Spec& spec) {
    describe_below(path, T{}, spec);
  }
  template <class T>
  void describe_below(const std::string& path, const std::vector<T>&, const Spec& spec) {
    describe_below(path + "[]", T{}, spec);
  }
  template <class T>
  void describe_below(const std::string& path, const T& value, const Spec& spec) {
    if constexpr (Described<T>) ReferenceWriter(below_, path).section(value, spec.help);
  }
  const std::string& below() const { return below_; }

 private:
  static std::string escape(const std::string& text) {
    std::string result;
    for (char c : text) result += c == '|' ? std::string("\\|") : std::string(1, c);
    return result;
  }
  static std::string capital(std::string text) {
    if (!text.empty()) text[0] = char(std::toupper(static_cast<unsigned char>(text[0])));
    return text + ".";
  }

  std::string& out_;
  std::string path_;
  std::string below_;
};

/// The table of the top level, then its sections, each with all that is in it.
struct TopLevel {
  std::string table, sections;
  template <class T>
  void operator()(const char* name, const T& value, const Spec& spec) {
    ReferenceWriter row(table, "");
    row(name, value, spec);
    std::string unused;
    ReferenceWriter writer(unused, "");
    writer.describe_below(name, value, spec);
    sections += writer.below();
  }
};

}  // namespace

std::string reference_markdown() {
  std::string text =
      "# The keys of a study\n\n"
      "Generated by `ballast schema --reference` from the parameters' own descriptions; do not edit. Paths are "
      "relative to "
      "the\nstudy file. Keys without a default may be left out; what follows then is said in their description. An "
      "unknown "
      "key is an error.\n\n| section | value | unit | default | |\n|---|---|---|---|---|\n";
  TopLevel top;
  const StudyConfig config;
  StudyConfig::describe(config, top);
  return text + top.table + top.sections;
}

}  // namespace ballast

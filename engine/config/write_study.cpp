#include "engine/config/write_study.h"

#include <cctype>
#include <optional>
#include <vector>

#include <fmt/format.h>

namespace ballast {
namespace {

/// Whether YAML, by this or any older reader, takes the word for the text that it is.
bool plain_word(const std::string& text) {
  for (const char* word : {"true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf"}) {
    std::string lower;
    for (char c : text) lower += char(std::tolower(static_cast<unsigned char>(c)));
    if (lower == word) return false;
  }
  bool relative_path = text.substr(0, 2) == "./" || text.substr(0, 3) == "../";
  bool starts_well = !text.empty() && (std::isalpha(static_cast<unsigned char>(text[0])) || text[0] == '_' ||
                                       text[0] == '/' || relative_path);
  if (!starts_well) return false;
  for (char c : text) {
    bool harmless = std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-' || c == '.' || c == '/';
    if (!harmless) return false;
  }
  return true;
}

std::string quoted(const std::string& text) {
  if (plain_word(text)) return text;
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      result += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
    } else {
      result += c;
    }
  }
  return result + "\"";
}

// The text of a value that fits in a line.
std::string inline_text(bool value) { return value ? "true" : "false"; }
std::string inline_text(int value) { return fmt::format("{}", value); }
std::string inline_text(std::uint64_t value) { return fmt::format("{}", value); }
std::string inline_text(double value) { return fmt::format("{}", value); }
std::string inline_text(const std::string& value) { return quoted(value); }
std::string inline_text(Date value) { return to_string(value); }
std::string inline_text(const InputPath& value) { return quoted(value.text); }
template <class E>
requires std::is_enum_v<E> std::string inline_text(E value) { return name_of(value); }
template <class T>
std::string inline_text(const std::vector<T>& values) {
  std::string text;
  for (const T& value : values) text += (text.empty() ? "" : ", ") + inline_text(value);
  return "[" + text + "]";
}
template <class T>
std::string inline_text(const std::map<std::string, T>& values) {
  std::string text;
  for (const auto& [name, value] : values)
    text += (text.empty() ? "" : ", ") + quoted(name) + ": " + inline_text(value);
  return "{" + text + "}";
}

/// Writes the keys of one section, a line each, sections below it indented.
class SectionWriter {
 public:
  SectionWriter(std::string& out, std::string indent) : out_(out), indent_(std::move(indent)) {}

  template <class T>
  void operator()(const char* name, const std::optional<T>& value, const Spec& spec) {
    if (value) {
      (*this)(name, *value, spec);
    } else if (*spec.empty) {
      line(name, spec.empty);
    }
  }

  template <Described T>
  void operator()(const char* name, const T& value, const Spec&) {
    std::string body;
    SectionWriter inner{body, indent_ + "  "};
    T::describe(value, inner);
    if (body.empty()) return line(name, "{}");
    start(name);
    out_ += ":\n" + body;
  }

  template <Described T>
  void operator()(const char* name, const std::vector<T>& values, const Spec&) {
    if (values.empty()) return line(name, "[]");
    start(name);
    out_ += ":\n";
    for (const T& value : values) {
      std::string body;
      SectionWriter inner{body, indent_ + "    "};
      T::describe(value, inner);
      body.replace(indent_.size() + 2, 1, "-");
      out_ += body;
    }
  }

  template <Described T>
  void operator()(const char* name, const std::map<std::string, T>& values, const Spec&) {
    if (values.empty()) return line(name, "{}");
    start(name);
    out_ += ":\n";
    for (const auto& [key, value] : values) {
      SectionWriter inner{out_, indent_ + "    "};
      out_ += indent_ + "  " + quoted(key) + ":\n";
      T::describe(value, inner);
    }
  }

  template <class T>
  void operator()(const char* name, const T& value, const Spec&) {
    line(name, inline_text(value));
  }

 private:
  void start(const char* name) { out_ += indent_ + name; }
  void line(const char* name, const std::string& text) {
    start(name);
    out_ += ": " + text + "\n";
  }

  std::string& out_;
  std::string indent_;
};

}  // namespace

std::string to_yaml(const StudyConfig& config, std::string_view paths_relative_to) {
  std::string text = fmt::format("# The complete study: what was given, and every default. Paths are relative to {}.\n",
                                 paths_relative_to);
  SectionWriter writer{text, ""};
  StudyConfig::describe(config, writer);
  return text;
}

}  // namespace ballast

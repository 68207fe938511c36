#include "engine/config/yaml_document.h"

#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string_view>

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

namespace ballast {
namespace {

constexpr std::size_t kDeepest = 100;

/// Thrown to leave the parser once a problem is recorded after which nothing sensible follows.
struct GiveUp {};

std::string_view line_of(std::string_view text, int line) {
  std::size_t start = 0;
  for (int i = 1; i < line; ++i) {
    start = text.find('\n', start);
    if (start == std::string_view::npos) return {};
    ++start;
  }
  return text.substr(start, text.find('\n', start) - start);
}

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

/// Byte offset of the first byte that is no UTF-8 text (control characters included), or npos.
std::size_t first_bad_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    unsigned char c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 && c != '\t' && c != '\n' && c != '\r') return i;
    if (c < 0x80) {
      ++i;
      continue;
    }
    std::size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
    if (c < 0xC2 || c > 0xF4 || i + length > text.size()) return i;
    for (std::size_t k = 1; k < length; ++k) {
      if (!continues_character(text[i + k])) return i;
    }
    unsigned char second = static_cast<unsigned char>(text[i + 1]);
    bool overlong = (c == 0xE0 && second < 0xA0) || (c == 0xF0 && second < 0x90);
    bool surrogate = c == 0xED && second > 0x9F;
    if (overlong || surrogate || (c == 0xF4 && second > 0x8F)) return i;
    i += length;
  }
  return std::string_view::npos;
}

/// Whether the quotation that opens at this byte is closed. yaml-cpp reads an unclosed one to the end of the file and
/// says nothing.
bool quotation_closes(std::string_view text, std::size_t open) {
  char quote = text[open];
  for (std::size_t i = open + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '\'' && i + 1 < text.size() && text[i + 1] == '\'') {
        ++i;
      } else {
        return true;
      }
    }
  }
  return false;
}

/// Builds the tree from yaml-cpp's events; its own node type would merge duplicate keys, follow cycles and forget tags.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file_name, std::string_view text, std::vector<Problem>& problems)
      : file_name_(file_name), text_(text), problems_(problems) {}

  YamlNode root;

  void report(TextPosition at, std::string message) {
    problems_.push_back({file_name_, at.line, at.column, "", std::move(message)});
  }

  /// yaml-cpp counts lines and columns from 0, and columns in bytes.
  TextPosition position(const YAML::Mark& mark) const {
    TextPosition at{mark.line + 1, 1, 0};
    std::string_view before = line_of(text_, at.line).substr(0, std::size_t(std::max(0, mark.column)));
    for (char c : before) at.column += continues_character(c) ? 0 : 1;
    return at;
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      report(position(mark), "a second document begins here (a study is one document) leave out the line '---'");
      throw GiveUp{};
    }
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add(make(YamlNode::Kind::null, mark, "?")); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    report(position(mark), fmt::format("alias '*{}' (aliases are not read in a study) write the value out",
                                       anchors_.count(anchor) ? anchors_[anchor] : "?"));
    add(make(YamlNode::Kind::unread, mark, "?"));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    YamlNode node = make(YamlNode::Kind::scalar, mark, tag, anchor);
    node.text = value;
    node.quoted = tag != "?";
    std::size_t byte = offset(mark);
    bool quotation = byte < text_.size() && (text_[byte] == '"' || text_[byte] == '\'');
    if (quotation && !quotation_closes(text_, byte)) {
      report(node.at, "a quotation begins here and does not end (the rest of the file was read as its text)");
      throw GiveUp{};
    }
    add(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(make(YamlNode::Kind::sequence, mark, tag, anchor));
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(make(YamlNode::Kind::map, mark, tag, anchor));
  }
  void OnMapEnd() override { close(); }
  void OnAnchor(const YAML::Mark&, const std::string& name) override { last_anchor_ = name; }

 private:
  /// A list or map not yet ended, with the key whose value comes next.
  struct Open {
    YamlNode node;
    std::optional<YamlNode> key;
    std::set<std::string> keys;
  };

  YamlNode make(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor = 0) {
    YamlNode node;
    node.kind = kind;
    node.at = position(mark);
    if (anchor) {
      anchors_[anchor] = last_anchor_;
      report(node.at, fmt::format("anchor '&{}' (anchors and aliases are not read in a study) write the value out",
                                  last_anchor_));
    }
    if (tag != "?" && tag != "!") {
      report(node.at, fmt::format("tag '{}' (tags are not read in a study) leave it out", tag));
    }
    return node;
  }

  void open(YamlNode node) {
    if (stack_.size() >= kDeepest) {
      report(node.at, fmt::format("nested more than {} deep", kDeepest));
      throw GiveUp{};
    }
    stack_.push_back({std::move(node), std::nullopt, {}});
  }

  void close() {
    YamlNode node = std::move(stack_.back().node);
    stack_.pop_back();
    add(std::move(node));
  }

  void add(YamlNode node) {
    if (stack_.empty()) {
      root = std::move(node);
      return;
    }
    Open& parent = stack_.back();
    if (parent.node.kind == YamlNode::Kind::sequence) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.key) {
      parent.key = std::move(node);
    } else {
      add_entry(parent, std::move(node));
    }
  }

  void add_entry(Open& parent, YamlNode value) {
    YamlNode key = std::move(*parent.key);
    parent.key.reset();
    if (key.kind != YamlNode::Kind::scalar) {
      report(key.at, "a key must be a word (a list, a map or nothing stands in its place)");
    } else if (key.text == "<<" && !key.quoted) {
      report(key.at, "merge key '<<' (not read in a study) write the keys out");
    } else if (!parent.keys.insert(key.text).second) {
      const YamlEntry* first = parent.node.find(key.text);
      report(key.at, fmt::format("duplicate key '{}' (first given in line {})", key.text, first->at.line));
    } else {
      parent.node.entries.push_back({std::move(key.text), key.at, std::move(value)});
    }
  }

  /// Byte offset of a mark; not Mark::pos, which yaml-cpp does not keep in bytes for every line ending.
  std::size_t offset(const YAML::Mark& mark) const {
    std::string_view line = line_of(text_, mark.line + 1);
    return line.data() ? std::size_t(line.data() - text_.data()) + std::size_t(mark.column) : text_.size();
  }

  const std::string& file_name_;
  std::string_view text_;
  std::vector<Problem>& problems_;
  std::vector<Open> stack_;
  std::map<YAML::anchor_t, std::string> anchors_;
  std::string last_anchor_;
  int documents_ = 0;
};

/// yaml-cpp's words for the mistakes that people make most, in a user's words.
std::string explain(const std::string& message, std::string_view line, int column) {
  std::string_view indentation = line.substr(0, line.find_first_not_of(" \t"));
  if (indentation.find('\t') != std::string_view::npos) {
    return "a tab in the indentation (YAML indents by spaces only) replace it by spaces";
  }
  if (message == "illegal map value") {
    return "a second ': ' in one line, or a key indented differently from the keys above it";
  }
  if (message == "unknown token" && column > 0 && std::size_t(column) <= line.size()) {
    return fmt::format("a value cannot begin with '{}' (the character is reserved in YAML) put the value in quotes",
                       line[std::size_t(column) - 1]);
  }
  if (message == "end of sequence flow not found")
    return "a list '[' is not closed by ']', or a comma is missing in it";
  if (message == "end of map flow not found") return "a map '{' is not closed by '}', or a comma is missing in it";
  if (message == "end of map not found") return "what stands here does not belong to the value before it";
  if (message == "the referenced anchor is not defined") {
    return "a value that begins with '*' (aliases are not read in a study) put it in quotes if it is text";
  }
  return message;
}

}  // namespace

const YamlEntry* YamlNode::find(const std::string& key) const {
  for (const YamlEntry& entry : entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

YamlEntry* YamlNode::find(const std::string& key) {
  return const_cast<YamlEntry*>(static_cast<const YamlNode*>(this)->find(key));
}

TextPosition position_of(const YamlEntry& entry) {
  return entry.value.kind == YamlNode::Kind::scalar ? entry.value.at : entry.at;
}

YamlNode read_yaml(const std::string& file_name, const std::string& text, std::vector<Problem>& problems) {
  std::string_view body = text;
  if (body.substr(0, 3) == "\xEF\xBB\xBF") body.remove_prefix(3);  // a byte-order mark
  TreeBuilder builder(file_name, body, problems);

  if (std::size_t bad = first_bad_byte(body); bad != std::string_view::npos) {
    TextPosition at{1, 1, 0};
    for (char c : body.substr(0, bad)) {
      if (c == '\n') {
        ++at.line, at.column = 1;
      } else {
        at.column += continues_character(c) ? 0 : 1;
      }
    }
    builder.report(at, fmt::format("byte 0x{:02X} is not UTF-8 text; save the file as UTF-8",
                                   static_cast<unsigned char>(body[bad])));
    return {};
  }

  std::istringstream stream{std::string(body)};
  try {
    YAML::Parser parser(stream);
    bool any = parser.HandleNextDocument(builder);
    if (!any || builder.root.kind == YamlNode::Kind::null) {
      if (problems.empty()) builder.report({1, 1, 0}, "nothing to read (the file is empty or holds only comments)");
      return {};
    }
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const GiveUp&) {
  } catch (const YAML::Exception& error) {
    TextPosition at = builder.position(error.mark);
    builder.report(at, "syntax: " + explain(error.msg, line_of(body, at.line), error.mark.column + 1));
  }
  return std::move(builder.root);
}

}  // namespace ballast

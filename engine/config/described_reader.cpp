#include "engine/config/described_reader.h"

#include <cstdint>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/config/number_text.h"
#include "scenarios/base/suggest.h"

namespace ballast {
namespace {

/// "a number or auto": what may stand here.
std::string expected(const std::string& what, const Spec& spec) {
  return *spec.empty ? fmt::format("{} or {}", what, spec.empty) : what;
}

/// What stands there instead, for the message.
std::string shown(const YamlNode& node) {
  switch (node.kind) {
    case YamlNode::Kind::sequence:
      return "a list";
    case YamlNode::Kind::map:
      return "a map";
    default:
      return node.quoted ? fmt::format("the text \"{}\"", node.text) : fmt::format("'{}'", node.text);
  }
}

/// Says "'name' must be WHAT (got ..., BECAUSE) SUGGESTION".
void refuse(const YamlNode& node, const Place& place, const std::string& what, const std::string& because,
            const std::string& suggestion, ReadLog& log) {
  log.refuse(place, fmt::format("must be {} (got {}{}{}){}{}", what, shown(node), because.empty() ? "" : ": ", because,
                                suggestion.empty() ? "" : "; ", suggestion));
}

/// The scalar's text, when an unquoted scalar stands here.
const std::string* plain(const YamlNode& node, const Place& place, const std::string& what, ReadLog& log) {
  if (!expect_kind(node, place, YamlNode::Kind::scalar, what.c_str(), Spec{}, log)) return nullptr;
  if (node.quoted) {
    refuse(node, place, what, "", "leave the quotes out", log);
    return nullptr;
  }
  return &node.text;
}

std::string with_unit(double bound, const Spec& spec) {
  return *spec.unit ? fmt::format("{} {}", bound, spec.unit) : fmt::format("{}", bound);
}

/// Whether a value respects the bounds; `text` is what the user wrote.
bool within(double value, const std::string& text, const Place& place, const Spec& spec, ReadLog& log) {
  std::string rule;
  if (spec.exclusive_min && !(value > spec.min)) {
    rule = "more than " + with_unit(spec.min, spec);
  } else if (value < spec.min) {
    rule = "at least " + with_unit(spec.min, spec);
  } else if (value > spec.max) {
    rule = "at most " + with_unit(spec.max, spec);
  } else {
    return true;
  }
  const double share = value / 100.0;
  const bool percent = !*spec.unit && value > spec.max && share >= spec.min && share <= spec.max && spec.max < 100.0;
  log.refuse(place, fmt::format("must be {} (got {}){}", rule, text,
                                percent ? fmt::format("; {}% is {:.10g}", text, share) : ""));
  return false;
}

bool read_text(const YamlNode& node, const Place& place, const char* what, std::string& value, ReadLog& log) {
  if (!expect_kind(node, place, YamlNode::Kind::scalar, what, Spec{}, log)) return false;
  if (node.text.empty()) {
    log.refuse(place, "must not be empty");
    return false;
  }
  value = node.text;
  return true;
}

}  // namespace

bool expect_kind(const YamlNode& node, const Place& place, YamlNode::Kind kind, const char* wanted, const Spec& spec,
                 ReadLog& log) {
  log.remember(place);
  if (node.kind == kind) return true;
  if (node.kind == YamlNode::Kind::unread) {
    log.mark_unsound(place.path);
  } else if (node.kind == YamlNode::Kind::null) {
    log.refuse(place, "has no value; give one, or leave the key out");
  } else {
    bool could_be_item = kind == YamlNode::Kind::sequence && node.kind == YamlNode::Kind::scalar;
    refuse(node, place, expected(wanted, spec), "", could_be_item ? fmt::format("write [{}]", node.text) : "", log);
  }
  return false;
}

bool read_value(const YamlNode& node, const Place& place, bool& value, const Spec& spec, ReadLog& log) {
  std::string what = expected("true or false", spec);
  const std::string* text = plain(node, place, what, log);
  if (!text) return false;
  if (*text == "true" || *text == "false") {
    value = *text == "true";
    return true;
  }
  std::string lower = *text;
  for (char& c : lower) c = char(std::tolower(static_cast<unsigned char>(c)));
  bool yes = lower == "yes" || lower == "on" || lower == "y" || lower == "true" || lower == "1";
  bool no = lower == "no" || lower == "off" || lower == "n" || lower == "false" || lower == "0";
  refuse(node, place, what, "", yes ? "write true" : no ? "write false" : "", log);
  return false;
}

bool read_value(const YamlNode& node, const Place& place, int& value, const Spec& spec, ReadLog& log) {
  std::string what = expected("a whole number", spec);
  const std::string* text = plain(node, place, what, log);
  if (!text) return false;
  YamlNumber<std::int64_t> parsed = parse_whole(*text);
  if (!parsed.value) {
    refuse(node, place, what, parsed.because, parsed.suggestion, log);
    return false;
  }
  Spec bounds = spec;
  bounds.min = std::max(spec.min, double(std::numeric_limits<int>::min()));
  bounds.max = std::min(spec.max, double(std::numeric_limits<int>::max()));
  if (!within(double(*parsed.value), *text, place, bounds, log)) return false;
  value = int(*parsed.value);
  return true;
}

bool read_value(const YamlNode& node, const Place& place, std::uint64_t& value, const Spec& spec, ReadLog& log) {
  std::string what = expected("a whole number from 0 to 18446744073709551615", spec);
  const std::string* text = plain(node, place, what, log);
  if (!text) return false;
  YamlNumber<std::uint64_t> parsed = parse_natural(*text);
  if (!parsed.value) {
    refuse(node, place, what, parsed.because, parsed.suggestion, log);
    return false;
  }
  if (!within(double(*parsed.value), *text, place, spec, log)) return false;
  value = *parsed.value;
  return true;
}

bool read_value(const YamlNode& node, const Place& place, double& value, const Spec& spec, ReadLog& log) {
  std::string what = expected("a number", spec);
  const std::string* text = plain(node, place, what, log);
  if (!text) return false;
  YamlNumber<double> parsed = parse_yaml_number(*text);
  if (!parsed.value) {
    refuse(node, place, what, parsed.because, parsed.suggestion, log);
    return false;
  }
  if (!within(*parsed.value, *text, place, spec, log)) return false;
  value = *parsed.value;
  return true;
}

bool read_value(const YamlNode& node, const Place& place, std::string& value, const Spec&, ReadLog& log) {
  return read_text(node, place, "text", value, log);
}

bool read_value(const YamlNode& node, const Place& place, InputPath& value, const Spec&, ReadLog& log) {
  return read_text(node, place, "a path", value.text, log);
}

bool read_value(const YamlNode& node, const Place& place, Date& value, const Spec& spec, ReadLog& log) {
  std::string what = expected("a date such as 2025-12-31", spec);
  if (!expect_kind(node, place, YamlNode::Kind::scalar, what.c_str(), Spec{}, log)) return false;
  // Data files write dates in more ways; a study's digits without dashes would look like a number.
  std::optional<Date> date = node.text.find('-') == std::string::npos ? std::nullopt : parse_date(node.text);
  if (!date) {
    refuse(node, place, what, "", "", log);
    return false;
  }
  value = *date;
  return true;
}

int read_word(const YamlNode& node, const Place& place, const std::vector<std::string>& words, const Spec& spec,
              ReadLog& log) {
  std::vector<std::string> allowed = words;
  if (*spec.empty) allowed.emplace_back(spec.empty);
  std::string what = fmt::format("{}{}", allowed.size() > 1 ? "one of " : "", fmt::join(allowed, ", "));
  if (!expect_kind(node, place, YamlNode::Kind::scalar, what.c_str(), Spec{}, log)) return -1;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == node.text) return int(i);
  }
  refuse(node, place, what, "", did_you_mean(node.text, allowed), log);
  return -1;
}

}  // namespace ballast

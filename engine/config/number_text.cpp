#include "engine/config/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace ballast {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

/// The parts of "-12.5e-3"; empty when the text has another form.
struct Decimal {
  bool negative = false;
  std::string_view whole, fraction;
  bool exponent = false;
};

std::optional<Decimal> split(std::string_view text) {
  Decimal parts;
  std::size_t i = 0;
  auto digits = [&] {
    std::size_t start = i;
    while (i < text.size() && digit(text[i])) ++i;
    return text.substr(start, i - start);
  };
  if (i < text.size() && (text[i] == '-' || text[i] == '+')) parts.negative = text[i++] == '-';
  parts.whole = digits();
  if (i < text.size() && text[i] == '.') {
    ++i;
    parts.fraction = digits();
  }
  if (parts.whole.empty() && parts.fraction.empty()) return std::nullopt;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '-' || text[i] == '+')) ++i;
    if (digits().empty()) return std::nullopt;
    parts.exponent = true;
  }
  if (i != text.size()) return std::nullopt;
  return parts;
}

std::optional<double> value_of(std::string_view text) {
  if (!text.empty() && text[0] == '+') text.remove_prefix(1);
  double value = 0.0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// Digits in groups of three, the first shorter: "10,000".
bool thousands(std::string_view text, char separator) {
  std::size_t first = text.find(separator);
  if (first == 0 || first > 3) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool at_separator = i >= first && (i - first) % 4 == 0;
    if (at_separator ? text[i] != separator : !digit(text[i])) return false;
  }
  return (text.size() - first) % 4 == 0;
}

std::string without(std::string_view text, char c) {
  std::string kept(text);
  kept.erase(std::remove(kept.begin(), kept.end(), c), kept.end());
  return kept;
}

/// Why a text that is no decimal number may have been meant as one.
template <class Number>
YamlNumber<Number> refuse(std::string_view text) {
  YamlNumber<Number> result;
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return char(std::tolower(c)); });
  std::string_view bare = lower;
  if (!bare.empty() && (bare[0] == '-' || bare[0] == '+')) bare.remove_prefix(1);
  if (bare == ".nan" || bare == ".inf" || bare == "nan" || bare == "inf" || bare == "infinity") {
    result.because = "not finite";
  } else if (bare.substr(0, 2) == "0x" || bare.substr(0, 2) == "0o" || bare.substr(0, 2) == "0b") {
    result.because = "not decimal";
    int base = bare[1] == 'x' ? 16 : bare[1] == 'o' ? 8 : 2;
    unsigned long long value = 0;
    auto [end, error] = std::from_chars(bare.data() + 2, bare.data() + bare.size(), value, base);
    if (error == std::errc{} && end == bare.data() + bare.size()) result.suggestion = fmt::format("write {}", value);
  } else if (text.size() > 1 && text.back() == '%') {
    std::string_view number = text.substr(0, text.size() - 1);
    while (!number.empty() && number.back() == ' ') number.remove_suffix(1);
    if (auto value = split(number) ? value_of(number) : std::nullopt) {
      result.because = "a percent sign";
      result.suggestion = fmt::format("write {:.12g}", *value / 100.0);
    }
  } else if (text.find('_') != std::string_view::npos && split(without(text, '_'))) {
    result.because = "an underscore in it";
    result.suggestion = "write " + without(text, '_');
  } else if (text.find(',') != std::string_view::npos) {
    std::string joined = without(text, ','), pointed(text);
    std::replace(pointed.begin(), pointed.end(), ',', '.');
    if (thousands(text, ',')) {
      result.because = "a comma in it";
      result.suggestion = "write " + joined;
    } else if (split(pointed)) {
      result.because = "a decimal comma";
      result.suggestion = "write " + pointed;
    }
  }
  return result;
}

/// The form shared by all numbers; a leading zero is read as octal by some YAML readers, yaml-cpp among them.
template <class Number>
std::optional<YamlNumber<Number>> malformed(std::string_view text, std::optional<Decimal>& parts) {
  parts = split(text);
  if (!parts) return refuse<Number>(text);
  if (parts->whole.size() > 1 && parts->whole[0] == '0') {
    std::string bare(text);
    std::size_t start = bare.find('0');
    std::size_t end = start;
    while (end + 1 < bare.size() && bare[end] == '0' && digit(bare[end + 1])) ++end;
    bare.erase(start, end - start);
    return YamlNumber<Number>{std::nullopt, "a leading zero, which some YAML readers take for octal", "write " + bare};
  }
  return std::nullopt;
}

template <class Number>
YamlNumber<Number> parse_integer(std::string_view text) {
  std::optional<Decimal> parts;
  if (auto refused = malformed<Number>(text, parts)) return *refused;
  YamlNumber<Number> result;
  if (parts->fraction.empty() && !parts->exponent && text.back() != '.') {
    std::string_view digits = text[0] == '+' ? text.substr(1) : text;
    Number value = 0;
    auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error == std::errc{} && end == digits.data() + digits.size()) {
      result.value = value;
    } else {
      bool unwanted_sign = !std::is_signed_v<Number> && parts->negative;
      result.because = unwanted_sign ? "negative" : "too large";
    }
    return result;
  }
  std::optional<double> value = value_of(text);
  if (value && *value == std::floor(*value)) {
    // Beyond 2^53 an exponent form does not name one whole number.
    if (std::abs(*value) > 9007199254740992.0) {
      result.because = "too large";
    } else if (*value < 0 && !std::is_signed_v<Number>) {
      result.because = "negative";
    } else {
      result.value = static_cast<Number>(*value);
    }
  }
  return result;
}

}  // namespace

YamlNumber<double> parse_yaml_number(std::string_view text) {
  std::optional<Decimal> parts;
  if (auto refused = malformed<double>(text, parts)) return *refused;
  YamlNumber<double> result;
  result.value = value_of(text);
  if (!result.value) result.because = "beyond the range of a 64-bit number";
  return result;
}

YamlNumber<std::uint64_t> parse_natural(std::string_view text) { return parse_integer<std::uint64_t>(text); }
YamlNumber<std::int64_t> parse_whole(std::string_view text) { return parse_integer<std::int64_t>(text); }

}  // namespace ballast

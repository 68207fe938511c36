#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "scenarios/io/csv.h"

namespace ballast {
namespace {

bool contains_only(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
  return result;
}

/// A number with a currency, or with spaces or apostrophes between thousands.
bool is_decorated(std::string_view text) {
  std::string digits(text);
  for (const char* sign : {"$", "\xE2\x82\xAC", "\xC2\xA3", "USD", "EUR", "GBP", "CHF", "'", "\xE2\x80\x99", "\xC2\xA0",
                           "\xE2\x80\xAF", " ", ","}) {
    for (std::size_t at; (at = digits.find(sign)) != std::string::npos;)
      digits.erase(at, std::string_view(sign).size());
  }
  return digits.size() < text.size() && !digits.empty() && parse_number(digits).problem.empty();
}

/// Texts that programs write where there is no number.
bool stands_for_missing(const std::string& word) {
  for (const char* known : {"n/a", "na", "#n/a", "null", "none", "-", "--", ".", "nan", "missing"}) {
    if (word == known) return true;
  }
  return false;
}

std::string why_not_a_number(std::string_view text) {
  std::string word = lower(text);
  if (stands_for_missing(word)) {
    return fmt::format("'{}' is not a number (a missing value?); fill it, delete the row, or declare `missing: []`",
                       text);
  }
  if (text.back() == '%') {
    return fmt::format("'{}' is not a number; leave out the percent sign and declare `unit: percent`", text);
  }
  if (text.find(',') != std::string_view::npos && contains_only(text, "+-0123456789.,eE")) {
    return fmt::format("'{}' is not a number; write a point for decimals and nothing between thousands", text);
  }
  if (text.front() == '#' && contains_only(word, "#/!?0abcdefghijklmnopqrstuvwxyz")) {
    return fmt::format("'{}' is not a number (a spreadsheet's error); correct it there, or declare `missing: []`",
                       text);
  }
  if (text.size() > 2 && text.front() == '(' && text.back() == ')' &&
      parse_number(text.substr(1, text.size() - 2)).problem.empty()) {
    return fmt::format("'{}' is not a number; write it without brackets, with a minus where it is negative", text);
  }
  if (is_decorated(text)) {
    return fmt::format("'{}' is not a number; leave out currencies and what stands between thousands", text);
  }
  return fmt::format("'{}' is not a number", text);
}

}  // namespace

ParsedNumber parse_number(std::string_view text) {
  std::string_view digits = text;
  // std::from_chars takes no plus sign.
  if (digits.size() > 1 && digits[0] == '+' && digits[1] != '-') digits.remove_prefix(1);
  double value = 0.0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  bool whole = !digits.empty() && end == digits.data() + digits.size();
  if (whole && error == std::errc::result_out_of_range) {
    return {NAN, fmt::format("'{}' is outside the range of numbers", text), false};
  }
  if (whole && error == std::errc{} && std::isinf(value)) {
    return {NAN, fmt::format("'{}' is infinite; only finite numbers are read", text), false};
  }
  if (text.empty()) {
    return {NAN, "the cell is empty (a missing value?); fill it, delete the row, or declare `missing: []`", true};
  }
  if (!whole || error != std::errc{} || std::isnan(value)) {
    return {NAN, why_not_a_number(text), stands_for_missing(lower(text))};
  }
  return {value, "", false};
}

}  // namespace ballast

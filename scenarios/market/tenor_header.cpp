#include "scenarios/market/tenor_header.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "scenarios/io/csv.h"

namespace ballast {
namespace {

struct UnitName {
  const char* name;
  double per_year;
};
constexpr UnitName kUnits[] = {{"years", 1},  {"year", 1},   {"yrs", 1},   {"yr", 1}, {"y", 1},      {"months", 12},
                               {"month", 12}, {"mth", 12},   {"mo", 12},   {"m", 12}, {"weeks", 52}, {"week", 52},
                               {"w", 52},     {"days", 365}, {"day", 365}, {"d", 365}};

bool digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) || c == '.'; }

/// The number at the end of a text, and where it begins.
std::optional<double> number_at_end(std::string_view text, std::size_t& begin) {
  begin = text.size();
  while (begin > 0 && digit(text[begin - 1])) --begin;
  if (begin == text.size()) return std::nullopt;
  ParsedNumber number = parse_number(text.substr(begin));
  return number.problem.empty() ? std::optional(number.value) : std::nullopt;
}

/// "1/12".
std::optional<double> fraction(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const ParsedNumber above = parse_number(text.substr(0, slash)), below = parse_number(text.substr(slash + 1));
  if (!above.problem.empty() || !below.problem.empty() || !(below.value > 0)) return std::nullopt;
  return above.value / below.value;
}

/// "10y6m", after a prefix that ends in _ or .: the ECB's tenors between whole years.
std::optional<double> years_and_months(std::string_view text) {
  const std::size_t prefix = text.find_last_of("_.");
  if (prefix != std::string_view::npos) text.remove_prefix(prefix + 1);
  const std::size_t y = text.find('y');
  if (y == std::string_view::npos || !text.ends_with('m')) return std::nullopt;
  const ParsedNumber years = parse_number(text.substr(0, y)),
                     months = parse_number(text.substr(y + 1, text.size() - y - 2));
  if (!years.problem.empty() || !months.problem.empty()) return std::nullopt;
  return years.value + months.value / 12;
}

}  // namespace

std::optional<double> tenor_of_header(const std::string& header, TenorUnit unit) {
  ParsedNumber alone = parse_number(header);
  if (alone.problem.empty()) return unit == TenorUnit::months ? alone.value / 12 : alone.value;
  std::string text;
  for (char c : header) text += char(std::tolower(static_cast<unsigned char>(c)));
  if (text == "bc_30yeardisplay") return 0.0;
  if (std::optional<double> part = fraction(text)) return unit == TenorUnit::months ? *part / 12 : *part;
  if (std::optional<double> both = years_and_months(text)) return both;
  std::size_t begin = 0;
  for (const char* series : {"dgs", "gs", "dtb", "tb"}) {
    std::string_view prefix = series;
    if (!text.starts_with(prefix)) continue;
    std::optional<double> number = number_at_end(text, begin);
    if (number && begin == prefix.size()) return *number / (prefix.ends_with("tb") ? 12 : 1);
  }
  for (const UnitName& name : kUnits) {
    std::string_view rest = text;
    if (!rest.ends_with(name.name)) continue;
    rest.remove_suffix(std::string_view(name.name).size());
    while (!rest.empty() && (rest.back() == ' ' || rest.back() == '_' || rest.back() == '-')) rest.remove_suffix(1);
    std::optional<double> number = number_at_end(rest, begin);
    // "M2Y": the number must be a word of its own, or follow FRED's letters.
    bool word = begin == 0 || rest[begin - 1] == ' ' || rest[begin - 1] == '_' || rest[begin - 1] == '.' ||
                rest[begin - 1] == '-' || rest.starts_with("dgs") || rest.starts_with("gs");
    if (number && word) return *number / name.per_year;
  }
  return std::nullopt;
}

bool names_treasury_par_yield(const std::string& header) {
  std::string text;
  for (char c : header) text += char(std::tolower(static_cast<unsigned char>(c)));
  for (const char* series : {"bc_", "dgs", "gs", "cmt_"}) {
    const std::string_view prefix = series;
    if (text.starts_with(prefix) && text.size() > prefix.size() && digit(text[prefix.size()])) return true;
  }
  return false;
}

}  // namespace ballast

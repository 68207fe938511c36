#include "engine/output/labels.h"

#include <cmath>
#include <string_view>

#include <fmt/format.h>

namespace ballast {
namespace {

// A percentage such as 0.95 x 100 or (1 - 0.95) x 100 without its rounding error.
double tidy_percent(double share) { return std::round(share * 100.0 * 1e9) / 1e9; }

bool looks_like_formula(std::string_view text) {
  return !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
}

}  // namespace

std::string quantile_label(double level) {
  double percent = tidy_percent(level);
  return fmt::format("q{}{}", percent < 10.0 ? "0" : "", percent);
}

std::string tail_label(double confidence) { return fmt::format("{}%", tidy_percent(1.0 - confidence)); }

std::string csv_number(double value) { return std::isnan(value) ? "" : fmt::format("{}", value); }

std::string csv_field(const std::string& raw) {
  const std::string text = looks_like_formula(raw) ? "'" + raw : raw;
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string without_guard(const std::string& field) {
  bool guarded = field.size() > 1 && field[0] == '\'' && looks_like_formula(std::string_view(field).substr(1));
  return guarded ? field.substr(1) : field;
}

}  // namespace ballast

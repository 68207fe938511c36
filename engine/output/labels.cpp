#include "engine/output/labels.h"

#include <cmath>

#include <fmt/format.h>

namespace ballast {
namespace {

// A percentage such as 0.95 x 100 or (1 - 0.95) x 100 without its rounding error.
double tidy_percent(double share) { return std::round(share * 100.0 * 1e9) / 1e9; }

}  // namespace

std::string quantile_label(double level) {
  double percent = tidy_percent(level);
  return fmt::format("q{}{}", percent < 10.0 ? "0" : "", percent);
}

std::string tail_label(double confidence) { return fmt::format("{}%", tidy_percent(1.0 - confidence)); }

std::string csv_number(double value) { return std::isnan(value) ? "" : fmt::format("{}", value); }

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace ballast

#include "scenarios/market/quote_checks.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace ballast {
namespace {

/// Sizes of the numbers, without NaN.
std::vector<double> sizes(std::vector<double> values) {
  std::erase_if(values, [](double v) { return std::isnan(v); });
  for (double& v : values) v = std::abs(v);
  return values;
}

double median(std::vector<double> values) {
  auto middle = values.begin() + std::ptrdiff_t(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double largest_plausible_median(int frequency) {
  switch (frequency) {
    case 252:
      return 0.05;
    case 52:
      return 0.1;
    case 12:
      return 0.2;
    case 4:
      return 0.35;
    case 2:
      return 0.5;
    default:
      return 1.0;
  }
}

}  // namespace

std::string check_return_unit(std::vector<double> returns, int frequency, std::optional<Unit> unit) {
  const bool positive = std::none_of(returns.begin(), returns.end(), [](double r) { return r <= 0; });
  std::vector<double> size = sizes(std::move(returns));
  if (size.empty() || unit) return "";
  double middle = median(size);
  if (middle <= largest_plausible_median(frequency)) {
    const double largest = *std::max_element(size.begin(), size.end());
    if (largest <= 10) return "";
    return fmt::format("has a return of {:.4g} among returns of {:.4g}; correct it, or declare `unit: decimal`",
                       largest, middle);
  }
  if (positive) {
    return fmt::format(
        "looks like percent, or like prices (all are above 0, half of them above {:.4g}); declare `unit: percent`, or "
        "give prices as market.prices",
        middle);
  }
  return fmt::format("looks like percent (half of the returns are larger than {:.4g}); declare `unit: percent`",
                     middle);
}

std::string check_rate_unit(std::vector<double> rates, Quote quote, std::optional<Unit> unit) {
  std::vector<double> size = sizes(std::move(rates));
  if (size.empty()) return "";
  double middle = median(size), largest = *std::max_element(size.begin(), size.end());
  if (quote == Quote::discount) {
    if (!unit && middle > 2) {
      return fmt::format(
          "looks like percent (half of the discount factors are larger than {:.4g}); declare "
          "`unit: percent`",
          middle);
    }
    return "";
  }
  if (!unit && middle > 0.25) {
    return fmt::format("looks like percent (half of the rates are larger than {:.4g}); declare `unit: percent`",
                       middle);
  }
  if (!unit && largest > 1) {
    return fmt::format("has a rate of {:.4g} among rates of {:.4g}; correct it, or declare `unit: decimal`", largest,
                       middle);
  }
  if (unit == Unit::percent && largest < 0.3) {
    return fmt::format("looks like decimals, not percent (no rate is larger than {:.4g}); declare `unit: decimal`",
                       largest);
  }
  return "";
}

}  // namespace ballast

#include "scenarios/stress/solvency2.h"

#include <algorithm>
#include <cmath>

namespace ballast {
namespace {

constexpr int kYears = 20;  // the tables' last maturity

// Delegated Regulation (EU) 2015/35, articles 166 and 167.
constexpr double kUp2015[kYears] = {0.7,  0.7,  0.64, 0.59, 0.55, 0.52, 0.49, 0.47, 0.44, 0.42,
                                    0.39, 0.37, 0.35, 0.34, 0.33, 0.31, 0.3,  0.29, 0.27, 0.26};
constexpr double kDown2015[kYears] = {0.75, 0.65, 0.56, 0.5,  0.46, 0.42, 0.39, 0.36, 0.33, 0.31,
                                      0.3,  0.29, 0.28, 0.28, 0.27, 0.28, 0.28, 0.28, 0.29, 0.29};
// EIOPA's opinion of 2020 on the review: r (1 + relative) + absolute, r (1 - relative) - absolute.
constexpr double kUpRelative[kYears] = {0.61, 0.53, 0.49, 0.46, 0.45, 0.41, 0.37, 0.34, 0.32, 0.3,
                                        0.3,  0.3,  0.3,  0.29, 0.28, 0.28, 0.27, 0.26, 0.26, 0.25};
constexpr double kUpAbsolute[kYears] = {0.0214, 0.0186, 0.0172, 0.0161, 0.0158, 0.0144, 0.013,  0.0119, 0.0112, 0.0105,
                                        0.0105, 0.0105, 0.0105, 0.0102, 0.0098, 0.0098, 0.0095, 0.0091, 0.0091, 0.0088};
constexpr double kDownRelative[kYears] = {0.58, 0.51, 0.44, 0.4,  0.4,  0.38, 0.37, 0.38, 0.39, 0.4,
                                          0.41, 0.42, 0.43, 0.44, 0.45, 0.47, 0.48, 0.49, 0.49, 0.5};
constexpr double kDownAbsolute[kYears] = {0.0116, 0.0099, 0.0083, 0.0074, 0.0071, 0.0067, 0.0063,
                                          0.0062, 0.0061, 0.0061, 0.006,  0.006,  0.0059, 0.0058,
                                          0.0057, 0.0056, 0.0055, 0.0054, 0.0052, 0.005};
constexpr double kReviewFloor = -0.0125;

/// Linear in maturity; up to 1 year the first factor, from 20 years on a line to `end` at `end_years`.
double factor(const double (&table)[kYears], double t, double end, double end_years) {
  if (t <= 1) return table[0];
  if (t < kYears) {
    int lower = int(t);
    return table[lower - 1] + (t - lower) * (table[lower] - table[lower - 1]);
  }
  double share = std::min(1.0, (t - kYears) / (end_years - kYears));
  return table[kYears - 1] + share * (end - table[kYears - 1]);
}
double relative(const double (&table)[kYears], double t) { return factor(table, t, 0.2, 90); }
double absolute(const double (&table)[kYears], double t) { return factor(table, t, 0.0, 60); }

/// A shock of annual spot rates, as one of continuous zero rates.
RateShock of_spot_rates(const char* name, std::function<double(double t, double spot)> stressed) {
  return {name, [stressed](double t, double z) { return std::log1p(stressed(t, std::expm1(z))); }};
}

}  // namespace

std::vector<RateShock> solvency2_rate_shocks(Solvency2Variant variant) {
  if (variant == Solvency2Variant::solvency2_2015) {
    return {of_spot_rates("interest_up",
                          [](double t, double r) { return std::max(r * (1 + relative(kUp2015, t)), r + 0.01); }),
            of_spot_rates("interest_down",
                          [](double t, double r) { return r > 0 ? r * (1 - relative(kDown2015, t)) : r; })};
  }
  return {
      of_spot_rates("interest_up",
                    [](double t, double r) { return r * (1 + relative(kUpRelative, t)) + absolute(kUpAbsolute, t); }),
      of_spot_rates("interest_down", [](double t, double r) {
        double down = r * (1 - relative(kDownRelative, t)) - absolute(kDownAbsolute, t);
        return std::min(r, std::max(down, kReviewFloor));
      })};
}

double solvency2_equity_capital(double type_1, double type_2) {
  return std::sqrt(type_1 * type_1 + 2 * 0.75 * type_1 * type_2 + type_2 * type_2);
}

double solvency2_market_capital(double interest_up, double interest_down, double equity, double property) {
  bool down = interest_down > interest_up;
  double interest = std::max(interest_up, interest_down);
  double with_interest = down ? 0.5 : 0.0, equity_property = 0.75;
  return std::sqrt(interest * interest + equity * equity + property * property +
                   2 * with_interest * interest * (equity + property) + 2 * equity_property * equity * property);
}

}  // namespace ballast

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

double solvency2_spread_stress(CreditQuality quality, double modified_duration) {
  if (quality == CreditQuality::government) return 0.0;
  // a + b (duration - from) from 0, 5, 10, 15 and 20 years on; steps 5 and 6 share a row. Article 176(3) and, unrated,
  // (4).
  struct Line {
    double a, b;
  };
  static constexpr Line kSteps[][5] = {{{0, 0.009}, {0.045, 0.005}, {0.07, 0.005}, {0.095, 0.005}, {0.12, 0.005}},
                                       {{0, 0.011}, {0.055, 0.006}, {0.085, 0.005}, {0.11, 0.005}, {0.135, 0.005}},
                                       {{0, 0.014}, {0.07, 0.007}, {0.105, 0.005}, {0.13, 0.005}, {0.155, 0.005}},
                                       {{0, 0.025}, {0.125, 0.015}, {0.2, 0.01}, {0.25, 0.01}, {0.3, 0.005}},
                                       {{0, 0.045}, {0.225, 0.025}, {0.35, 0.018}, {0.44, 0.005}, {0.466, 0.005}},
                                       {{0, 0.075}, {0.375, 0.042}, {0.585, 0.005}, {0.61, 0.005}, {0.635, 0.005}},
                                       {{0, 0.075}, {0.375, 0.042}, {0.585, 0.005}, {0.61, 0.005}, {0.635, 0.005}},
                                       {{0, 0.03}, {0.15, 0.017}, {0.235, 0.012}, {0.295, 0.012}, {0.355, 0.005}}};
  double duration = std::max(1.0, modified_duration);
  int bucket = duration > 20 ? 4 : duration > 15 ? 3 : duration > 10 ? 2 : duration > 5 ? 1 : 0;
  Line line = kSteps[int(quality)][bucket];
  return std::min(1.0, line.a + line.b * (duration - 5.0 * bucket));
}

MarketCapital solvency2_market_capital(const MarketLosses& losses) {
  auto loss = [](double x) { return std::max(0.0, x); };
  MarketCapital capital;
  capital.rates_fall = losses.interest_down > losses.interest_up;
  capital.interest = std::max(loss(losses.interest_up), loss(losses.interest_down));
  double one = loss(losses.equity_type_1), two = loss(losses.equity_type_2);
  capital.equity = std::sqrt(one * one + 2 * 0.75 * one * two + two * two);
  capital.property = loss(losses.property);
  capital.spread = loss(losses.spread);
  const double a = capital.rates_fall ? 0.5 : 0.0;
  const double risk[] = {capital.interest, capital.equity, capital.property, capital.spread};
  const double correlation[4][4] = {{1, a, a, a}, {a, 1, 0.75, 0.75}, {a, 0.75, 1, 0.5}, {a, 0.75, 0.5, 1}};
  double sum = 0.0;
  for (int i = 0; i < 4; ++i) {
    for (int j = 0; j < 4; ++j) sum += correlation[i][j] * risk[i] * risk[j];
  }
  capital.total = std::sqrt(sum);
  return capital;
}

}  // namespace ballast

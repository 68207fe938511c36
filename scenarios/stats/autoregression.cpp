#include "scenarios/stats/autoregression.h"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

#include "scenarios/stats/moments.h"
#include "scenarios/stats/sum.h"

namespace ballast {

double Ar1::mean() const { return slope < 1.0 ? intercept / (1.0 - slope) : std::numeric_limits<double>::quiet_NaN(); }

double Ar1::half_life() const {
  if (slope >= 1.0) return std::numeric_limits<double>::infinity();
  return slope <= 0.0 ? 0.0 : std::log(0.5) / std::log(slope);
}

Ar1 fit_ar1(std::span<const double> x) {
  if (x.size() < 4) {
    throw std::invalid_argument("an autoregression needs at least 4 observations, not " + std::to_string(x.size()));
  }
  const std::size_t pairs = x.size() - 1;
  const auto before = x.first(pairs);
  const auto after = x.last(pairs);
  const double mean_before = mean(before);
  const double mean_after = mean(after);
  CompensatedSum cross, squares;
  for (std::size_t t = 0; t < pairs; ++t) {
    const double d = before[t] - mean_before;
    cross.add(d * (after[t] - mean_after));
    squares.add(d * d);
  }
  Ar1 fit;
  const double n = static_cast<double>(pairs);
  const bool varies = squares.value() > 1e-28 * n * mean_before * mean_before;
  fit.slope = varies ? cross.value() / squares.value() : 0.0;
  fit.intercept = mean_after - fit.slope * mean_before;
  fit.residuals.resize(pairs);
  CompensatedSum residual_squares;
  for (std::size_t t = 0; t < pairs; ++t) {
    const double e = after[t] - fit.intercept - fit.slope * before[t];
    fit.residuals[t] = e;
    residual_squares.add(e * e);
  }
  fit.residual_sd = std::sqrt(residual_squares.value() / (n - 2.0));
  fit.slope_standard_error = varies ? fit.residual_sd / std::sqrt(squares.value()) : 0.0;
  return fit;
}

}  // namespace ballast

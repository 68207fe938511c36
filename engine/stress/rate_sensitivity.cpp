#include "engine/stress/rate_sensitivity.h"

#include <cmath>

namespace ballast {

std::optional<RateSensitivity> regress_duration(const MarketHistory& history, std::size_t series) {
  Eigen::Index periods = history.periods();
  if (history.tenors.empty() || periods < 3) return std::nullopt;
  Eigen::ArrayXd y = (1 + history.returns.col(Eigen::Index(series)).array()).log();
  y -= y.mean();
  std::optional<RateSensitivity> best;
  double least = y.square().sum();
  for (std::size_t k = 0; k < history.tenors.size(); ++k) {
    auto rates = history.zero_rates.col(Eigen::Index(k));
    Eigen::ArrayXd x = (rates.tail(periods) - rates.head(periods)).array();
    x -= x.mean();
    double xx = x.square().sum();
    if (!(xx > 0)) continue;
    double slope = (x * y).sum() / xx;
    double rest = (y - slope * x).square().sum();
    if (best && rest >= least) continue;
    least = rest;
    double error = std::sqrt(rest / double(periods - 2) / xx);
    best = RateSensitivity{-slope, 0.0, history.tenors[k], error > 0 ? std::abs(slope) / error : 0.0};
  }
  return best;
}

}  // namespace ballast

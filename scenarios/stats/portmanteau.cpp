#include "scenarios/stats/portmanteau.h"

#include <boost/math/special_functions/gamma.hpp>

namespace ballast {

Portmanteau ljung_box(const Eigen::VectorXd& x, int lags) {
  const Eigen::VectorXd centred = x.array() - x.mean();
  const double n = double(x.size()), variance = centred.squaredNorm();
  if (!(variance > 0)) return {};
  double sum = 0.0;
  for (Eigen::Index k = 1; k <= lags && k < x.size(); ++k) {
    double r = centred.tail(x.size() - k).dot(centred.head(x.size() - k)) / variance;
    sum += r * r / (n - double(k));
  }
  const double statistic = n * (n + 2) * sum;
  return {statistic, boost::math::gamma_q(lags / 2.0, statistic / 2)};
}

}  // namespace ballast

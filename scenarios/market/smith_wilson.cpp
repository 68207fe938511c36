#include "scenarios/market/smith_wilson.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <Eigen/Dense>
#include <fmt/format.h>

namespace ballast {
namespace {

Eigen::MatrixXd h_matrix(std::span<const double> a, std::span<const double> b, double alpha) {
  Eigen::MatrixXd h(Eigen::Index(a.size()), Eigen::Index(b.size()));
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) h(Eigen::Index(i), Eigen::Index(j)) = smith_wilson_h(a[i], b[j], alpha);
  }
  return h;
}

}  // namespace

double smith_wilson_h(double t, double u, double alpha) {
  double low = std::min(t, u), high = std::max(t, u);
  return alpha * low + 0.5 * (std::exp(-alpha * (high + low)) - std::exp(-alpha * (high - low)));
}

SmithWilson::SmithWilson(std::span<const double> tenors, std::span<const double> zero_rates, double ultimate_forward,
                         double alpha)
    : dates_(tenors.begin(), tenors.end()), ultimate_(ultimate_forward), alpha_(alpha) {
  Eigen::VectorXd excess(Eigen::Index(tenors.size()));
  for (std::size_t k = 0; k < tenors.size(); ++k) {
    excess[Eigen::Index(k)] = std::expm1((ultimate_forward - zero_rates[k]) * tenors[k]);
  }
  q_ = h_matrix(dates_, dates_, alpha).ldlt().solve(excess);
}

SmithWilson::SmithWilson(std::span<const double> dates, const Eigen::MatrixXd& flows, double ultimate_forward,
                         double alpha)
    : dates_(dates.begin(), dates.end()), ultimate_(ultimate_forward), alpha_(alpha) {
  // Prices of 1 under C P = 1 with P = e^(-w u) (1 + H q): q = Q b, b from Q' H Q b = 1 - Q' 1.
  Eigen::MatrixXd q = flows;
  for (std::size_t j = 0; j < dates_.size(); ++j) q.col(Eigen::Index(j)) *= std::exp(-ultimate_ * dates_[j]);
  Eigen::MatrixXd h = h_matrix(dates_, dates_, alpha);
  Eigen::VectorXd missing = Eigen::VectorXd::Ones(q.rows()) - q.rowwise().sum();
  q_ = q.transpose() * (q * h * q.transpose()).ldlt().solve(missing);
}

double SmithWilson::log_discount(double t) const {
  double sum = 0.0;
  for (std::size_t j = 0; j < dates_.size(); ++j) sum += smith_wilson_h(t, dates_[j], alpha_) * q_[Eigen::Index(j)];
  return ultimate_ * t - std::log1p(sum);
}

double SmithWilson::forward(double t) const {
  double sum = 0.0, slope = 0.0;
  for (std::size_t j = 0; j < dates_.size(); ++j) {
    double u = dates_[j], q = q_[Eigen::Index(j)];
    sum += smith_wilson_h(t, u, alpha_) * q;
    // dH/dt: below u alpha (1 - e^(-alpha u) cosh(alpha t)), above it alpha e^(-alpha t) sinh(alpha u).
    slope += q * (t < u ? alpha_ * (1 - 0.5 * (std::exp(-alpha_ * (u - t)) + std::exp(-alpha_ * (u + t))))
                        : 0.5 * alpha_ * (std::exp(-alpha_ * (t - u)) - std::exp(-alpha_ * (t + u))));
  }
  return ultimate_ - slope / (1 + sum);
}

double SmithWilson::gap(double t) const {
  double gap = std::abs(forward(t) - ultimate_);
  return std::isfinite(gap) ? gap : std::numeric_limits<double>::infinity();
}

double calibrate_alpha(const std::function<SmithWilson(double)>& make, double convergence, double tolerance,
                       double least) {
  auto near = [&](double alpha) { return make(alpha).gap(convergence) <= tolerance; };
  if (near(least)) return least;
  // The first step at which it is near, then bisection: the gap need not fall throughout.
  double low = least, high = least;
  while (!near(high)) {
    low = high;
    high += 0.01;
    if (high > 1.0) {
      throw std::invalid_argument(
          fmt::format("no alpha up to 1 brings the forward rate within {} of the ultimate one after {} years",
                      tolerance, convergence));
    }
  }
  while (high - low > 1e-8) {
    double middle = 0.5 * (low + high);
    (near(middle) ? high : low) = middle;
  }
  return high;
}

Eigen::MatrixXd smith_wilson_weights(std::span<const double> tenors, std::span<const double> times, double alpha) {
  return h_matrix(tenors, tenors, alpha).ldlt().solve(h_matrix(tenors, times, alpha)).transpose();
}

std::unique_ptr<CurveShape> make_smith_wilson(std::span<const double> tenors, std::span<const double> zero_rates,
                                              double ultimate_forward, double alpha) {
  return std::make_unique<SmithWilson>(tenors, zero_rates, ultimate_forward, alpha);
}

}  // namespace ballast

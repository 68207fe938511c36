#include "scenarios/models/t_mixing.h"

#include <cmath>
#include <numbers>

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "scenarios/random/normal.h"

namespace ballast {
namespace {

constexpr double kFarthest = 8.3;  // beyond every normal draw: |inverse_normal(2^-53)| = 8.21

}  // namespace

double t_cdf(double x, double dof) { return boost::math::cdf(boost::math::students_t(dof), x); }
double t_quantile(double p, double dof) { return boost::math::quantile(boost::math::students_t(dof), p); }

double normal_expectation(const std::function<double(double)>& f, double lowest, double highest) {
  constexpr int kSteps = 4000;
  const double h = (highest - lowest) / kSteps;
  double sum = 0.0;
  for (int k = 0; k <= kSteps; ++k) {
    const double z = lowest + k * h;
    sum += (k == 0 || k == kSteps ? 0.5 : 1.0) * std::exp(-z * z / 2) * f(z);
  }
  return sum * h / std::sqrt(2 * std::numbers::pi) + normal_cdf(lowest) * f(lowest) + normal_cdf(-highest) * f(highest);
}

TMixing::TMixing(double dof, bool cut)
    : dof_(dof),
      highest_(cut ? -inverse_normal(kTailCut) : kFarthest),
      scale_([this](double z) { return exact(z); }, -kFarthest, highest_) {}

double TMixing::exact(double z) const {
  // The smaller tail's probability, which is the accurate one: a high draw is a low Q.
  const double half_chi_square =
      z > 0 ? boost::math::gamma_p_inv(dof_ / 2, normal_cdf(-z)) : boost::math::gamma_q_inv(dof_ / 2, normal_cdf(z));
  return std::sqrt(dof_ / (2 * half_chi_square));
}

double TMixing::expectation(const std::function<double(double)>& f) const {
  return normal_expectation([&](double z) { return f(exact(z)); }, -kFarthest, highest_);
}

}  // namespace ballast

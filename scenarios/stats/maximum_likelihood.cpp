#include "scenarios/stats/maximum_likelihood.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <fmt/format.h>
#include <nlopt.hpp>

#include "scenarios/base/error.h"
#include "scenarios/stats/sum.h"

namespace ballast {
namespace {

constexpr double kNoDensity = -1e10;  // per observation: low enough to be left, finite so that differences are

double step_of(double x) { return 1e-5 * std::max(0.1, std::abs(x)); }

class Surface {
 public:
  explicit Surface(const LikelihoodProblem& problem) : problem_(problem), density_(problem.observations) {}

  /// Mean log density, so that tolerances do not depend on the number of observations.
  double operator()(std::span<const double> theta) {
    if (!problem_.log_density(theta, density_)) return kNoDensity;
    CompensatedSum sum;
    for (double d : density_) sum.add(d);
    double value = sum.value() / double(problem_.observations);
    return std::isfinite(value) ? value : kNoDensity;
  }

  double derivative(std::vector<double> theta, std::size_t i) {
    // At a bound the step is taken inward only.
    double x = theta[i], h = step_of(x);
    double up = std::min(x + h, problem_.upper[i]), down = std::max(x - h, problem_.lower[i]);
    theta[i] = up;
    double above = (*this)(theta);
    theta[i] = down;
    double below = (*this)(theta);
    return (above - below) / (up - down);
  }

 private:
  const LikelihoodProblem& problem_;
  std::vector<double> density_;
};

struct Objective {
  Surface* surface;
  static double call(const std::vector<double>& theta, std::vector<double>& gradient, void* self) {
    Surface& surface = *static_cast<Objective*>(self)->surface;
    for (std::size_t i = 0; i < gradient.size(); ++i) gradient[i] = surface.derivative(theta, i);
    return surface(theta);
  }
};

std::vector<double> climb(const LikelihoodProblem& problem, Surface& surface, nlopt::algorithm algorithm,
                          std::vector<double> theta) {
  nlopt::opt optimiser(algorithm, unsigned(theta.size()));
  Objective objective{&surface};
  optimiser.set_max_objective(&Objective::call, &objective);
  optimiser.set_lower_bounds(problem.lower);
  optimiser.set_upper_bounds(problem.upper);
  optimiser.set_ftol_rel(1e-13);
  optimiser.set_xtol_rel(1e-10);
  optimiser.set_maxeval(algorithm == nlopt::LN_SBPLX ? 10000 : 500);
  for (std::size_t i = 0; i < theta.size(); ++i) theta[i] = std::clamp(theta[i], problem.lower[i], problem.upper[i]);
  std::vector<double> best = theta;
  double value = 0.0;
  try {
    optimiser.optimize(theta, value);
  } catch (const nlopt::roundoff_limited&) {
    // theta is the best point found
  } catch (const std::runtime_error&) {
    return best;
  }
  return surface(theta) >= surface(best) ? theta : best;
}

bool rests_on_bound(const LikelihoodProblem& problem, const std::vector<double>& theta, std::size_t i) {
  double near = 1e-6 * (problem.upper[i] - problem.lower[i]);
  return theta[i] <= problem.lower[i] + near || theta[i] >= problem.upper[i] - near;
}

/// The steepest ascent left, within the bounds, of the mean log density.
double slope_left(const LikelihoodProblem& problem, Surface& surface, const std::vector<double>& theta) {
  double worst = 0.0;
  for (std::size_t i = 0; i < theta.size(); ++i) {
    if (rests_on_bound(problem, theta, i)) continue;
    worst = std::max(worst, std::abs(surface.derivative(theta, i)) * std::max(0.1, std::abs(theta[i])));
  }
  return worst;
}

}  // namespace

double LikelihoodFit::standard_error(std::size_t i) const {
  if (at_bound[i]) return std::numeric_limits<double>::quiet_NaN();
  return std::sqrt(covariance(Eigen::Index(i), Eigen::Index(i)));
}

LikelihoodFit maximum_likelihood(const LikelihoodProblem& problem, const std::vector<std::vector<double>>& starts) {
  constexpr double kFlat = 1e-4;
  Surface surface(problem);
  std::vector<double> theta = climb(problem, surface, nlopt::LD_SLSQP, problem.start);
  for (const std::vector<double>& start : starts) {
    std::vector<double> other = climb(problem, surface, nlopt::LD_SLSQP, start);
    if (surface(other) > surface(theta)) theta = other;
  }
  // A crooked surface is climbed by turns.
  for (int round = 0; round < 4 && slope_left(problem, surface, theta) > kFlat; ++round) {
    theta = climb(problem, surface, nlopt::LN_SBPLX, theta);
    theta = climb(problem, surface, nlopt::LD_SLSQP, theta);
  }
  LikelihoodFit fit;
  fit.theta = theta;
  double value = surface(theta), slope = slope_left(problem, surface, theta);
  if (!(value > kNoDensity) || !(slope <= kFlat)) {
    throw NoSolutionError(
        fmt::format("{} did not converge (slope {:.1e} is left after 10,000 evaluations, over {} observations); use "
                    "a longer history, or a model with fewer parameters",
                    problem.of, slope, problem.observations));
  }
  fit.log_likelihood = value * double(problem.observations);
  for (std::size_t i = 0; i < theta.size(); ++i) fit.at_bound.push_back(rests_on_bound(problem, theta, i));
  fit.covariance = likelihood_covariance(problem, theta, fit.at_bound);
  if (fit.covariance.size() == 0 && problem.identified) {
    throw NoSolutionError(
        fmt::format("{} has no distinct maximum (the curvature there is not negative: {} observations do not identify "
                    "{} parameters); use a longer history, or a model with fewer parameters",
                    problem.of, problem.observations, theta.size()));
  }
  return fit;
}

Eigen::MatrixXd likelihood_covariance(const LikelihoodProblem& problem, std::span<const double> at,
                                      const std::vector<bool>& fixed) {
  std::vector<double> theta(at.begin(), at.end());
  const std::size_t n = problem.observations, p = theta.size();
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < p; ++i) {
    if (!fixed[i]) free.push_back(i);
  }
  // A wider step than for slopes: second differences lose twice the digits. It stays within the bounds.
  std::vector<double> h(p);
  for (std::size_t i : free) {
    h[i] = std::min({1e-3 * std::max(0.1, std::abs(theta[i])), 0.5 * (problem.upper[i] - theta[i]),
                     0.5 * (theta[i] - problem.lower[i])});
  }
  Surface surface(problem);
  auto moved = [&](std::size_t i, double a, std::size_t j, double b) {
    std::vector<double> t = theta;
    t[i] += a;
    t[j] += b;
    return t;
  };
  const auto m = Eigen::Index(free.size());
  Eigen::MatrixXd hessian(m, m), scores(Eigen::Index(n), m);
  std::vector<double> above(n), below(n);
  const double centre = surface(theta);
  for (Eigen::Index a = 0; a < m; ++a) {
    std::size_t i = free[std::size_t(a)];
    problem.log_density(moved(i, h[i], i, 0.0), above);
    problem.log_density(moved(i, -h[i], i, 0.0), below);
    for (std::size_t t = 0; t < n; ++t) scores(Eigen::Index(t), a) = (above[t] - below[t]) / (2 * h[i]);
    hessian(a, a) = (surface(moved(i, h[i], i, 0.0)) - 2 * centre + surface(moved(i, -h[i], i, 0.0))) / (h[i] * h[i]);
    for (Eigen::Index b = 0; b < a; ++b) {
      std::size_t j = free[std::size_t(b)];
      hessian(a, b) = hessian(b, a) = (surface(moved(i, h[i], j, h[j])) - surface(moved(i, h[i], j, -h[j])) -
                                       surface(moved(i, -h[i], j, h[j])) + surface(moved(i, -h[i], j, -h[j]))) /
                                      (4 * h[i] * h[j]);
    }
  }
  Eigen::LLT<Eigen::MatrixXd> factor(-hessian * double(n));
  if (m > 0 && factor.info() != Eigen::Success) return {};
  Eigen::MatrixXd inverse = factor.solve(Eigen::MatrixXd::Identity(m, m));
  Eigen::MatrixXd sandwich = inverse * (scores.transpose() * scores) * inverse;
  Eigen::MatrixXd covariance = Eigen::MatrixXd::Zero(Eigen::Index(p), Eigen::Index(p));
  for (Eigen::Index a = 0; a < m; ++a) {
    for (Eigen::Index b = 0; b < m; ++b) {
      covariance(Eigen::Index(free[std::size_t(a)]), Eigen::Index(free[std::size_t(b)])) = sandwich(a, b);
    }
  }
  return covariance;
}

Eigen::MatrixXd delta_method(const std::function<Eigen::VectorXd(std::span<const double>)>& g,
                             std::span<const double> theta, const Eigen::MatrixXd& covariance) {
  std::vector<double> at(theta.begin(), theta.end());
  Eigen::MatrixXd jacobian(g(at).size(), Eigen::Index(at.size()));
  for (std::size_t i = 0; i < at.size(); ++i) {
    double x = at[i], h = step_of(x);
    at[i] = x + h;
    Eigen::VectorXd above = g(at);
    at[i] = x - h;
    jacobian.col(Eigen::Index(i)) = (above - g(at)) / (2 * h);
    at[i] = x;
  }
  return jacobian * covariance * jacobian.transpose();
}

}  // namespace ballast

#include "scenarios/stats/maximum_likelihood.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Cholesky>
#include <fmt/format.h>
#include <nlopt.hpp>

#include "scenarios/base/error.h"

namespace ballast {
namespace {

constexpr int kEvaluationsPerParameter = 4000;
constexpr int kMostRestarts = 8;
constexpr double kRestartGain = 1e-7;

/// The likelihood over parameters scaled to [0, 1] between their bounds, so that one step size serves all.
class ScaledLikelihood {
 public:
  ScaledLikelihood(const LogLikelihood& log_likelihood, const std::vector<LikelihoodParameter>& parameters)
      : log_likelihood_(log_likelihood), parameters_(parameters), natural_(parameters.size()) {}

  const std::vector<double>& natural(const std::vector<double>& unit) {
    for (std::size_t i = 0; i < unit.size(); ++i) {
      const LikelihoodParameter& p = parameters_[i];
      natural_[i] = p.lower + unit[i] * (p.upper - p.lower);
    }
    return natural_;
  }

  double operator()(const std::vector<double>& unit) {
    ++evaluations;
    double value = log_likelihood_(natural(unit));
    return std::isfinite(value) ? value : -1e300;
  }

  int evaluations = 0;

 private:
  const LogLikelihood& log_likelihood_;
  const std::vector<LikelihoodParameter>& parameters_;
  std::vector<double> natural_;
};

double objective(const std::vector<double>& unit, std::vector<double>&, void* likelihood) {
  return (*static_cast<ScaledLikelihood*>(likelihood))(unit);
}

/// A step that costs between 0.001 and 0.2 of log likelihood: long enough to stand out of rounding, short enough for
/// the quadratic.
double curvature_step(ScaledLikelihood& likelihood, const std::vector<double>& at, std::size_t i, double best) {
  double step = std::min({1e-4, at[i] / 2, (1 - at[i]) / 2});
  for (int k = 0; k < 60; ++k) {
    std::vector<double> x = at;
    x[i] = at[i] + step;
    double up = best - likelihood(x);
    x[i] = at[i] - step;
    double down = best - likelihood(x);
    double drop = (up + down) / 2;
    if (drop > 0.2) {
      step /= 2;
    } else if (drop < 1e-3) {
      double longer = std::min({2 * step, 0.999 * at[i], 0.999 * (1 - at[i])});
      if (longer <= step * 1.001) break;
      step = longer;
    } else {
      break;
    }
  }
  return step;
}

}  // namespace

LikelihoodFit maximize_likelihood(const std::string& what, const LogLikelihood& log_likelihood,
                                  const std::vector<LikelihoodParameter>& parameters) {
  std::size_t n = parameters.size();
  ScaledLikelihood likelihood(log_likelihood, parameters);
  std::vector<double> x;
  for (const LikelihoodParameter& p : parameters) {
    x.push_back(std::clamp((p.start - p.lower) / (p.upper - p.lower), 0.0, 1.0));
  }
  LikelihoodFit fit;
  double best = likelihood(x);
  if (best <= -1e300) {
    throw NoSolutionError(fmt::format("{}: the likelihood is not defined at the start of the search", what));
  }
  bool settled = n == 0;
  for (int restart = 0; !settled && restart < kMostRestarts; ++restart) {
    nlopt::opt search(nlopt::LN_SBPLX, unsigned(n));
    search.set_max_objective(objective, &likelihood);
    search.set_lower_bounds(0.0);
    search.set_upper_bounds(1.0);
    search.set_initial_step(restart == 0 ? 0.05 : 0.005);
    search.set_xtol_abs(1e-11);
    search.set_ftol_abs(1e-10);
    search.set_maxeval(kEvaluationsPerParameter * int(n));
    double value = best;
    std::vector<double> point = x;
    try {
      search.optimize(point, value);
    } catch (const nlopt::roundoff_limited&) {
      value = likelihood(point);
    }
    settled = value - best < kRestartGain;
    if (value >= best) {
      best = value;
      x = point;
    }
  }
  if (!settled) {
    throw NoSolutionError(fmt::format(
        "{}: the likelihood did not converge in {} evaluations (the history may not tell its parameters); give some "
        "of them",
        what, likelihood.evaluations));
  }

  fit.log_likelihood = best;
  fit.estimate = likelihood.natural(x);
  fit.standard_error.assign(n, std::numeric_limits<double>::quiet_NaN());
  fit.covariance = Eigen::MatrixXd::Zero(Eigen::Index(n), Eigen::Index(n));
  std::vector<std::size_t> inside;
  for (std::size_t i = 0; i < n; ++i) {
    if (x[i] > 1e-6 && x[i] < 1 - 1e-6) inside.push_back(i);
  }
  auto m = Eigen::Index(inside.size());
  std::vector<double> step(n, 0.0);
  for (std::size_t i : inside) step[i] = curvature_step(likelihood, x, i, best);
  auto shifted = [&](std::size_t i, double si, std::size_t j, double sj) {
    std::vector<double> y = x;
    y[i] += si * step[i];
    y[j] += sj * step[j];
    return likelihood(y);
  };
  Eigen::MatrixXd information(m, m);
  for (Eigen::Index a = 0; a < m; ++a) {
    std::size_t i = inside[std::size_t(a)];
    information(a, a) = -(shifted(i, 1, i, 0) - 2 * best + shifted(i, -1, i, 0)) / (step[i] * step[i]);
    if (!(information(a, a) > 0)) {
      throw NoSolutionError(fmt::format(
          "{}: the likelihood is flat in {} (the history does not tell it, near {:.6g}); give it, or take a longer "
          "history",
          what, parameters[i].name, fit.estimate[i]));
    }
    for (Eigen::Index b = 0; b < a; ++b) {
      std::size_t j = inside[std::size_t(b)];
      double cross = shifted(i, 1, j, 1) - shifted(i, 1, j, -1) - shifted(i, -1, j, 1) + shifted(i, -1, j, -1);
      information(a, b) = information(b, a) = -cross / (4 * step[i] * step[j]);
    }
  }
  Eigen::LLT<Eigen::MatrixXd> factor(information);
  if (m > 0 && factor.info() == Eigen::Success) {
    Eigen::MatrixXd covariance = factor.solve(Eigen::MatrixXd::Identity(m, m));
    for (Eigen::Index a = 0; a < m; ++a) {
      for (Eigen::Index b = 0; b < m; ++b) {
        const LikelihoodParameter &p = parameters[inside[std::size_t(a)]], &q = parameters[inside[std::size_t(b)]];
        fit.covariance(Eigen::Index(inside[std::size_t(a)]), Eigen::Index(inside[std::size_t(b)])) =
            covariance(a, b) * (p.upper - p.lower) * (q.upper - q.lower);
      }
    }
    for (std::size_t i : inside) {
      fit.standard_error[i] = std::sqrt(fit.covariance(Eigen::Index(i), Eigen::Index(i)));
    }
  }
  fit.evaluations = likelihood.evaluations;
  return fit;
}

}  // namespace ballast

#include "scenarios/models/marginals.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/models/t_mixing.h"
#include "scenarios/stats/maximum_likelihood.h"

namespace ballast {
namespace {

constexpr int kFewestExcesses = 15;

struct ParetoTail {
  double shape = 0.0, shape_error = 0.0, scale = 0.0;
  /// The excess exceeded by a share p of those beyond the threshold.
  double excess(double p) const {
    return std::abs(shape) < 1e-9 ? -scale * std::log(p) : scale / shape * std::expm1(-shape * std::log(p));
  }
};

/// Generalised Pareto distribution of positive excesses; fitted to them over their mean.
ParetoTail fit_tail(const std::vector<double>& excess, const std::string& of) {
  double mean = 0.0;
  for (double e : excess) mean += e / double(excess.size());
  LikelihoodProblem problem;
  problem.of = of;
  problem.start = {0.0, 0.1};  // log scale, shape
  problem.lower = {-4.0, -0.5};
  problem.upper = {4.0, 0.45};
  problem.observations = excess.size();
  problem.identified = false;  // a shape that rests on a bound says so itself
  problem.log_density = [&](std::span<const double> theta, std::span<double> out) {
    const double scale = std::exp(theta[0]), shape = theta[1];
    for (std::size_t i = 0; i < out.size(); ++i) {
      const double y = excess[i] / mean / scale;
      if (1 + shape * y <= 0) return false;
      out[i] = -theta[0] - (std::abs(shape) < 1e-9 ? y : (1 + 1 / shape) * std::log1p(shape * y));
    }
    return true;
  };
  LikelihoodFit fit = maximum_likelihood(problem, {{0.2, -0.1}, {-0.2, 0.3}});
  double error = fit.covariance.size() ? fit.standard_error(1) : NAN;
  return {fit.theta[1], error, std::exp(fit.theta[0]) * mean};
}

double interpolated(const std::vector<double>& sorted, double u) {
  const double n = double(sorted.size()), place = std::clamp(u * n - 0.5, 0.0, n - 1);
  const auto below = std::min(std::size_t(place), sorted.size() - 2);
  return sorted[below] + (place - double(below)) * (sorted[below + 1] - sorted[below]);
}

std::string with_error(double value, double error, int digits) {
  return std::isnan(error) ? fmt::format("{:.{}f} (at its bound)", value, digits)
                           : fmt::format("{:.{}f} ({:.{}f})", value, digits, error, digits);
}

struct HansenConstants {
  double a, b, c;
  HansenConstants(double dof, double skew)
      : c(std::exp(std::lgamma((dof + 1) / 2) - std::lgamma(dof / 2)) / std::sqrt(std::numbers::pi * (dof - 2))) {
    a = 4 * skew * c * (dof - 2) / (dof - 1);
    b = std::sqrt(1 + 3 * skew * skew - a * a);
  }
};

}  // namespace

std::vector<std::string> marginal_header(MarginalKind kind) {
  if (kind == MarginalKind::skewed_t) return {"column", "mean", "standard deviation", "dof", "skew"};
  return {"column", "lower tail shape", "scale", "upper tail shape", "scale"};
}

Marginal empirical_marginal(const Eigen::VectorXd& x, const std::string& name, double tail_share,
                            const std::string& key_path) {
  std::vector<double> sorted(x.data(), x.data() + x.size());
  std::sort(sorted.begin(), sorted.end());
  const double low = interpolated(sorted, tail_share), high = interpolated(sorted, 1 - tail_share);
  std::vector<double> below, above;
  for (double v : sorted) {
    if (v < low) below.push_back(low - v);
    if (v > high) above.push_back(v - high);
  }
  if (int(std::min(below.size(), above.size())) < kFewestExcesses) {
    throw key_error(
        key_path + ".tail_share",
        fmt::format(
            "the tail share leaves {} values of {} beyond one end (a tail is fitted to at least {}, and the history "
            "has {} periods); raise it, or use marginals: skewed_t",
            std::min(below.size(), above.size()), name, kFewestExcesses, sorted.size()));
  }
  const ParetoTail lower = fit_tail(below, "the likelihood of the lower tail of " + name),
                   upper = fit_tail(above, "the likelihood of the upper tail of " + name);
  Marginal marginal;
  marginal.quantile = [sorted, low, high, lower, upper, tail_share](double u) {
    if (u < tail_share) return low - lower.excess(u / tail_share);
    if (u > 1 - tail_share) return high + upper.excess((1 - u) / tail_share);
    return interpolated(sorted, u);
  };
  marginal.row = {name, with_error(lower.shape, lower.shape_error, 3), fmt::format("{:.5f}", lower.scale),
                  with_error(upper.shape, upper.shape_error, 3), fmt::format("{:.5f}", upper.scale)};
  return marginal;
}

double skewed_t_quantile(double u, double dof, double skew) {
  const HansenConstants k(dof, skew);
  const bool left = u < (1 - skew) / 2;
  const double side = left ? 1 - skew : 1 + skew;
  // On the right the upper tail's own probability, which stays accurate near u = 1.
  const double t = left ? t_quantile(u / side, dof) : -t_quantile((1 - u) / side, dof);
  return (side * std::sqrt((dof - 2) / dof) * t - k.a) / k.b;
}

double skewed_t_log_density(double z, double dof, double skew) {
  const HansenConstants k(dof, skew);
  const double y = (k.b * z + k.a) / (z < -k.a / k.b ? 1 - skew : 1 + skew);
  return std::log(k.b * k.c) - (dof + 1) / 2 * std::log1p(y * y / (dof - 2));
}

Marginal skewed_t_marginal(const Eigen::VectorXd& x, const std::string& name) {
  const double centre = x.mean(), sd = std::sqrt((x.array() - centre).square().mean());
  const Eigen::VectorXd unit = (x.array() - centre) / sd;
  LikelihoodProblem problem;
  problem.of = "the skewed t likelihood of " + name;
  problem.start = {0.0, 0.0, 0.2, 0.0};  // mean, log standard deviation, 1/dof, skew
  problem.lower = {-1.0, -2.0, 0.005, -0.95};
  problem.upper = {1.0, 2.0, 0.45, 0.95};
  problem.observations = std::size_t(unit.size());
  problem.log_density = [&](std::span<const double> theta, std::span<double> out) {
    const double dof = 1 / theta[2], skew = theta[3], scale = std::exp(theta[1]);
    const HansenConstants k(dof, skew);
    const double constant = std::log(k.b * k.c) - theta[1];
    for (std::size_t t = 0; t < out.size(); ++t) {
      const double z = (unit[Eigen::Index(t)] - theta[0]) / scale;
      const double y = (k.b * z + k.a) / (z < -k.a / k.b ? 1 - skew : 1 + skew);
      out[t] = constant - (dof + 1) / 2 * std::log1p(y * y / (dof - 2));
    }
    return true;
  };
  const LikelihoodFit fit = maximum_likelihood(problem, {{0.0, 0.0, 0.05, -0.2}, {0.0, 0.0, 0.05, 0.2}});
  const double mean = centre + sd * fit.theta[0], deviation = sd * std::exp(fit.theta[1]), dof = 1 / fit.theta[2],
               skew = fit.theta[3];
  Marginal marginal;
  marginal.quantile = [=](double u) { return mean + deviation * skewed_t_quantile(u, dof, skew); };
  marginal.row = {name, with_error(mean, sd * fit.standard_error(0), 5),
                  with_error(deviation, deviation * fit.standard_error(1), 5),
                  with_error(dof, dof * dof * fit.standard_error(2), 2), with_error(skew, fit.standard_error(3), 3)};
  return marginal;
}

}  // namespace ballast

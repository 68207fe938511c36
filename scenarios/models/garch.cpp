#include "scenarios/models/garch.h"

#include <cmath>
#include <numbers>
#include <span>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/stats/maximum_likelihood.h"

namespace ballast {
namespace {

/// Coordinates of the optimiser, for a series of variance 1, all of order 1 and within a box: mean, log of the long-run
/// variance, -ln(1 - persistence), the share of persistence that is alpha + gamma k, the asymmetry gamma / (2 alpha +
/// gamma), 1/dof. Persistence is alpha + gamma k + beta with k the downside share; near 1 a thousandth of it matters as
/// much as a tenth elsewhere. A constant variance has the first two and the last.
enum Coordinate { kMean, kLogVariance, kMemory, kArchShare, kAsymmetry, kInverseDof };

constexpr double kMostPersistence = 0.9995;
double memory(double persistence) { return -std::log1p(-persistence); }

/// Variance of the first period: that which follows a shock and a variance of the residuals' mean square, as in the
/// benchmark of Fiorentini, Calzolari & Panattoni (1996).
double first_variance(const GarchCoefficients& g, double mean_square) {
  return g.omega + (g.alpha + g.gamma / 2 + g.beta) * mean_square;
}

class GarchLikelihoodSurface {
 public:
  GarchLikelihoodSurface(const Eigen::VectorXd& x, VarianceModel model, GarchLikelihood likelihood, bool constant,
                         double downside = 0.5)
      : x_(x), centre_(x.mean()), t_(likelihood == GarchLikelihood::t), downside_(downside) {
    add(kMean, 0.0, -1.0, 1.0);
    add(kLogVariance, 0.0, -4.0, 4.0);
    if (!constant) {
      add(kMemory, memory(0.95), 0.0, memory(kMostPersistence));
      add(kArchShare, 0.1, 0.0, 1.0);
      if (model == VarianceModel::gjr) add(kAsymmetry, 0.2, -1.0, 1.0);
    }
    if (t_) add(kInverseDof, 0.15, 0.005, 0.45);
  }

  GarchCoefficients coefficients(std::span<const double> theta) const {
    const double persistence = -std::expm1(-at(theta, kMemory)), arch = persistence * at(theta, kArchShare),
                 asymmetry = at(theta, kAsymmetry);
    // alpha and alpha + gamma are as 1 - asymmetry to 1 + asymmetry, and average to `arch`.
    const double scale = arch / (1 + asymmetry * (2 * downside_ - 1));
    return {at(theta, kMean), std::exp(at(theta, kLogVariance)) * (1 - persistence), scale * (1 - asymmetry),
            2 * scale * asymmetry, persistence - arch};
  }
  double dof(std::span<const double> theta) const { return 1 / at(theta, kInverseDof); }

  LikelihoodFit maximise(const std::string& of) const {
    LikelihoodProblem problem;
    problem.of = of;
    problem.observations = std::size_t(x_.size());
    problem.identified = false;
    for (const auto& c : coordinates_) {
      problem.start.push_back(c.start);
      problem.lower.push_back(c.lower);
      problem.upper.push_back(c.upper);
    }
    problem.log_density = [this](std::span<const double> theta, std::span<double> out) {
      return log_density(theta, out);
    };
    std::vector<std::vector<double>> starts;
    if (place_[kMemory] >= 0) {
      for (auto [persistence, share] : {std::pair{0.8, 0.3}, {0.985, 0.06}, {0.5, 0.5}}) {
        starts.push_back(problem.start);
        starts.back()[std::size_t(place_[kMemory])] = memory(persistence);
        starts.back()[std::size_t(place_[kArchShare])] = share;
      }
    }
    return maximum_likelihood(problem, starts);
  }

 private:
  struct Range {
    double start, lower, upper;
  };
  void add(Coordinate c, double start, double lower, double upper) {
    place_[c] = int(coordinates_.size());
    coordinates_.push_back({start, lower, upper});
  }
  double at(std::span<const double> theta, Coordinate c) const {
    return place_[c] < 0 ? 0.0 : theta[std::size_t(place_[c])];
  }

  bool log_density(std::span<const double> theta, std::span<double> out) const {
    const GarchCoefficients g = coefficients(theta);
    const double nu = t_ ? dof(theta) : 0.0;
    const double constant =
        t_ ? std::lgamma((nu + 1) / 2) - std::lgamma(nu / 2) - 0.5 * std::log(std::numbers::pi * (nu - 2))
           : -0.5 * std::log(2 * std::numbers::pi);
    double h = first_variance(g, 1.0 + (centre_ - g.mean) * (centre_ - g.mean));
    for (std::size_t t = 0; t < out.size(); ++t) {
      const double e = x_[Eigen::Index(t)] - g.mean, square = e * e;
      const double shape = t_ ? -(nu + 1) / 2 * std::log1p(square / (h * (nu - 2))) : -square / (2 * h);
      out[t] = constant - 0.5 * std::log(h) + shape;
      h = g.omega + (g.alpha + (e < 0 ? g.gamma : 0.0)) * square + g.beta * h;
      if (!(h > 0)) return false;
    }
    return true;
  }

  Eigen::VectorXd x_;
  double centre_;
  bool t_;
  double downside_;
  std::vector<Range> coordinates_;
  int place_[6] = {-1, -1, -1, -1, -1, -1};
};

GarchCoefficients scaled(GarchCoefficients g, double sd) {
  g.mean *= sd;
  g.omega *= sd * sd;
  return g;
}

}  // namespace

Garch filter_garch(const Eigen::VectorXd& x, const GarchCoefficients& g) {
  Garch garch;
  garch.coefficients = g;
  garch.constant = g.alpha == 0 && g.gamma == 0 && g.beta == 0;
  const Eigen::Index periods = x.size();
  garch.variance.resize(periods + 1);
  garch.residual.resize(periods);
  garch.variance[0] = first_variance(g, (x.array() - g.mean).square().mean());
  for (Eigen::Index t = 0; t < periods; ++t) {
    double h = garch.variance[t], e = x[t] - g.mean;
    garch.residual[t] = e / std::sqrt(h);
    garch.variance[t + 1] = g.omega + (g.alpha + (e < 0 ? g.gamma : 0.0)) * e * e + g.beta * h;
  }
  Eigen::ArrayXd z = garch.residual.array() - garch.residual.mean();
  z /= std::sqrt(z.square().mean());
  garch.residual = z;
  garch.downside = (z < 0).select(z.square(), 0.0).mean();
  return garch;
}

Garch fit_garch(const Eigen::VectorXd& x, VarianceModel model, GarchLikelihood likelihood, const std::string& name) {
  const double sd = std::sqrt((x.array() - x.mean()).square().mean());
  const Eigen::VectorXd unit = x / sd;
  const std::string of = fmt::format("the {} likelihood of {}", model == VarianceModel::gjr ? "GJR" : "GARCH", name);
  const GarchLikelihoodSurface still(unit, model, likelihood, true);
  GarchLikelihoodSurface moving(unit, model, likelihood, false);
  const LikelihoodFit flat = still.maximise(of);
  LikelihoodFit full = moving.maximise(of);
  // Stationary with symmetric residuals, but not with those it leaves: fitted again with their own downside.
  for (int round = 0; round < 4; ++round) {
    const Garch trial = filter_garch(unit, moving.coefficients(full.theta));
    if (trial.persistence() < 1) break;
    moving = GarchLikelihoodSurface(unit, model, likelihood, false, trial.downside);
    full = moving.maximise(of);
  }
  const double gain = full.log_likelihood - flat.log_likelihood;
  // Half the 95% points of chi-square with 2 and 3 degrees of freedom.
  const bool constant = gain < (model == VarianceModel::gjr ? 3.907 : 2.996);
  const LikelihoodFit& fit = constant ? flat : full;
  const GarchLikelihoodSurface& surface = constant ? still : moving;
  if (fit.covariance.size() == 0) {
    throw NoSolutionError(of +
                          " has no distinct maximum (the data do not identify its parameters); use a longer "
                          "history, or give scenarios.filtered_historical.coefficients");
  }
  Garch garch = filter_garch(x, scaled(surface.coefficients(fit.theta), sd));
  garch.constant = constant;
  garch.gain = gain;
  if (garch.persistence() >= 1) {
    throw NoSolutionError(
        fmt::format("{} is highest where the variance grows without bound (persistence {:.4f}); use "
                    "scenarios.filtered_historical.variance: garch",
                    of, garch.persistence()));
  }
  Eigen::VectorXd error = delta_method(
                              [&](std::span<const double> theta) {
                                GarchCoefficients g = surface.coefficients(theta);
                                return Eigen::VectorXd{{g.mean, g.omega, g.alpha, g.gamma, g.beta}};
                              },
                              fit.theta, fit.covariance)
                              .diagonal()
                              .cwiseMax(0.0)
                              .cwiseSqrt();
  garch.standard_error = scaled({error[0], error[1], error[2], error[3], error[4]}, sd);
  if (likelihood == GarchLikelihood::t) {
    double dof = surface.dof(fit.theta);
    garch.dof = dof;
    garch.dof_standard_error = fit.standard_error(fit.theta.size() - 1) * dof * dof;
  }
  return garch;
}

}  // namespace ballast

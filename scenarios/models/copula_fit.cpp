#include "scenarios/models/copula_fit.h"

#include <cmath>
#include <span>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include "scenarios/models/t_mixing.h"
#include "scenarios/random/normal.h"
#include "scenarios/stats/correlation_matrix.h"
#include "scenarios/stats/maximum_likelihood.h"
#include "scenarios/stats/rank_correlation.h"

namespace ballast {
namespace {

/// Scores of ranks (T x C, 1 to T, ties at halves) under a symmetric distribution of the given quantile function.
template <class Quantile>
Eigen::MatrixXd scores(const Eigen::MatrixXd& rank, Quantile quantile) {
  const Eigen::Index n = rank.rows();
  std::vector<double> at(std::size_t(n) + 2, 0.0);
  for (Eigen::Index i = 1; 2 * i <= n; ++i) {
    at[std::size_t(i)] = quantile(double(i) / double(n + 1));
    at[std::size_t(n + 1 - i)] = -at[std::size_t(i)];
  }
  return rank.unaryExpr([&](double r) {
    const auto below = std::size_t(r);
    return at[below] + (r - double(below)) * (at[std::min(below + 1, std::size_t(n))] - at[below]);
  });
}

}  // namespace

CopulaFit fit_correlation(const Eigen::MatrixXd& rows) {
  CopulaFit fit;
  fit.correlation = kendall_correlation(rows);
  Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(fit.correlation, Eigen::EigenvaluesOnly);
  if (eigen.eigenvalues()[0] < 1e-8) {
    NearestCorrelation nearest = nearest_correlation(fit.correlation);
    fit.correlation = nearest.matrix;
    fit.largest_repair = nearest.largest_change;
  }
  return fit;
}

void fit_dof(const Eigen::MatrixXd& rows, CopulaFit& fit) {
  const Eigen::Index periods = rows.rows(), columns = rows.cols();
  Eigen::MatrixXd rank(periods, columns);
  for (Eigen::Index c = 0; c < columns; ++c) {
    std::vector<double> r = ranks({rows.col(c).data(), std::size_t(periods)});
    rank.col(c) = Eigen::Map<Eigen::VectorXd>(r.data(), periods);
  }
  const Eigen::LLT<Eigen::MatrixXd> cholesky(fit.correlation);
  const double half_log_determinant = cholesky.matrixLLT().diagonal().array().log().sum();
  auto squares = [&](const Eigen::MatrixXd& y) -> Eigen::VectorXd {
    return cholesky.matrixL().solve(y.transpose()).colwise().squaredNorm().transpose();
  };
  const double d = double(columns);

  LikelihoodProblem problem;
  problem.of = "the likelihood of the t copula";
  problem.start = {0.15};
  problem.lower = {0.01};
  problem.upper = {0.5};
  problem.observations = std::size_t(periods);
  problem.log_density = [&](std::span<const double> theta, std::span<double> out) {
    const double nu = 1 / theta[0];
    const Eigen::MatrixXd y = scores(rank, [&](double u) { return t_quantile(u, nu); });
    const Eigen::VectorXd q = squares(y);
    const double constant = std::lgamma((nu + d) / 2) + (d - 1) * std::lgamma(nu / 2) - d * std::lgamma((nu + 1) / 2) -
                            half_log_determinant;
    for (std::size_t t = 0; t < out.size(); ++t) {
      out[t] = constant - (nu + d) / 2 * std::log1p(q[Eigen::Index(t)] / nu);
      for (Eigen::Index c = 0; c < columns; ++c) {
        const double v = y(Eigen::Index(t), c);
        out[t] += (nu + 1) / 2 * std::log1p(v * v / nu);
      }
    }
    return true;
  };
  const LikelihoodFit found = maximum_likelihood(problem, {{0.03}});
  fit.dof = 1 / found.theta[0];
  fit.dof_standard_error = found.standard_error(0) * fit.dof * fit.dof;
  const Eigen::MatrixXd z = scores(rank, [](double u) { return inverse_normal(u); });
  fit.gain =
      found.log_likelihood - (-double(periods) * half_log_determinant - squares(z).sum() / 2 + z.squaredNorm() / 2);
}

}  // namespace ballast

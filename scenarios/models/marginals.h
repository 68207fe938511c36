#pragma once

#include <functional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "scenarios/models/copula_parameters.h"

namespace ballast {

/// The distribution of one column: its quantile function for 0 < u < 1, and a row for people.
struct Marginal {
  std::function<double(double u)> quantile;
  std::vector<std::string> row;
};

/// The history's own distribution: linear between the plotting positions (i - 1/2) / n, and beyond the `tail_share`
/// quantile on either side a generalised Pareto distribution fitted to the excesses by maximum likelihood (McNeil &
/// Frey 2000, "Estimation of tail-related risk measures", J. Empirical Finance 7, section 2.2), shape between -0.5 and
/// 0.45. Throws key_error where a tail has fewer than 15 excesses. Row: name, and shape (error) and scale of both
/// tails.
Marginal empirical_marginal(const Eigen::VectorXd& x, const std::string& name, double tail_share,
                            const std::string& key_path);

/// Hansen (1994), "Autoregressive conditional density estimation", Int. Economic Review 35, section 3, by maximum
/// likelihood of mean, standard deviation, degrees of freedom (2.2 to 200) and skew (-1 to 1).
/// Row: name, the four with standard errors.
Marginal skewed_t_marginal(const Eigen::VectorXd& x, const std::string& name);

/// Quantile of Hansen's standardised skewed t (mean 0, variance 1); Jondeau & Rockinger (2003), section 2.1.
double skewed_t_quantile(double u, double dof, double skew);
/// Its log density.
double skewed_t_log_density(double z, double dof, double skew);

/// The header that goes with `row`.
std::vector<std::string> marginal_header(MarginalKind kind);

}  // namespace ballast

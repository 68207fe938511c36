#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

#include "engine/stress/stress_parameters.h"
#include "engine/stress/stressed_balance.h"

namespace ballast {

/// How markets moved on a set of scenarios: one row a scenario, first the log returns of the series (by series_index),
/// then the changes of the continuous zero rates at `tenors`, then those of credit spreads (by spread_index), over a
/// horizon.
struct FactorSample {
  double horizon_years = 0.0;
  Eigen::Index series = 0;
  std::vector<double> tenors;
  Eigen::Index spreads = 0;
  Eigen::MatrixXd moves;
};

/// The move x of the market with the least Mahalanobis distance sqrt(x' S^-1 x), S the covariance of the sample, that
/// takes the funding ratio to the level or below: as a sudden stress, from no move at all, the liabilities fully
/// re-valued (Breuer, Jandacka, Rheinberger & Summer 2009, "How to find plausible, severe, and useful stress
/// scenarios").
///
/// With the correlation matrix U L U' and its eigenvalues above 1e-6 of their mean, x = D U sqrt(L) y has distance |y|,
/// so the problem is min |y|^2 / 2 subject to funding ratio(y) <= level: by NLopt's SLSQP from several starts (the
/// solution of the linearised problem, and both directions of the leading components at that distance). residual: the
/// funding ratio found less the level; stationarity: |y - a g| / |y|, g the gradient of the funding ratio and a the
/// best multiplier: 0 at a local optimum. Also reported: the scenario of the sample whose move is nearest to x, and
/// what the balance sheet is after it. Status "found", "below already", or "not found": no start reached the level.
ReverseStress reverse_stress(const StressedBalance& balance, const std::string& name,
                             const ReverseStressParameters& parameters, const FactorSample& sample,
                             const std::string& portfolio, const std::vector<double>& weights);

/// The market after a move, as laid out in the sample's rows.
StressedMarket moved_market(const StressedBalance& balance, const FactorSample& sample, const std::string& name,
                            const Eigen::VectorXd& move);

}  // namespace ballast

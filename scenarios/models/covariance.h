#pragma once

#include <string>

#include <Eigen/Core>

#include "scenarios/models/covariance_parameters.h"
#include "scenarios/models/innovations.h"

namespace ballast {

/// The covariance of a history's columns, and how it was come by.
struct EstimatedCovariance {
  Eigen::MatrixXd matrix;
  std::string note;  ///< "shrinkage intensity 0.0123", "63.2 effective periods"; "" for the sample's own
};

/// Sample (divisor n - 1), shrunk (ledoit_wolf_identity), or exponentially weighted: weights halve every half_life
/// periods into the past, deviations are from the unweighted mean (RiskMetrics 1996, section 5.2, with the mean kept).
/// Errors: key_error on key_path where the periods (for ewma: Kish's effective number of them) do not exceed the
/// columns.
EstimatedCovariance estimate_covariance(const InnovationHistory& history, const CovarianceParameters& parameters,
                                        const std::string& key_path);

/// Throws key_error on `scenarios.model` for a column that never changes, which has no distribution to fit.
void refuse_constant_columns(const InnovationHistory& history);

/// Throws key_error on `scenarios.model` for fewer periods than `needed`. why: "a GARCH fit needs".
void require_periods(const InnovationHistory& history, int needed, const std::string& why);

}  // namespace ballast

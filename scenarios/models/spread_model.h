#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

#include "scenarios/base/lanes.h"
#include "scenarios/models/fit_table.h"
#include "scenarios/models/spread_parameters.h"

namespace ballast {

/// Credit spreads, each the exponential of a mean-reverting logarithm,
///     ln s[t+1] = m + phi (ln s[t] - m) + v[t],    phi = exp(-a dt),
/// v the innovations that models draw jointly with returns and rates. Longstaff & Schwartz 1995 ("Valuing credit
/// derivatives", Journal of Fixed Income 5) found just this in US spreads: logarithms that revert, and changes in
/// proportion to the level. So a spread stays positive, and its long-run median is exp(m). m and phi by least squares
/// (fit_ar1; its bias towards reversion is not corrected), or as the study gives them.
class SpreadModel {
 public:
  /// names: K columns of market.spreads. levels: (T + 1) x K, positive, at the start of the first period and at the end
  /// of each. step_years: dt.
  /// Errors: key_error on scenarios.spreads for a column that market.spreads has not; on market.spreads for a spread
  /// that never moves, or whose logarithm does not revert.
  SpreadModel(const SpreadParameters& parameters, std::vector<std::string> names, const Eigen::MatrixXd& levels,
              double step_years);

  std::size_t size() const { return names_.size(); }
  const std::vector<std::string>& names() const { return names_; }
  const Eigen::MatrixXd& innovations() const { return innovations_; }  ///< T x K: the history's own v, with mean 0
  double now(std::size_t k) const { return now_[k]; }

  void resolve(SpreadParameters& parameters) const { parameters = estimated_; }
  const FitTable& fit_table() const { return table_; }

 private:
  friend class SpreadPath;
  struct Fit {
    double mean, phi, phi_error;
  };
  Fit fit(const Eigen::VectorXd& x, const std::string& name) const;

  double step_years_;
  std::vector<std::string> names_;
  std::vector<double> mean_, phi_, now_;
  SpreadParameters estimated_;
  Eigen::MatrixXd innovations_;
  FitTable table_;
};

/// Spreads on one block of scenarios.
class SpreadPath {
 public:
  SpreadPath(const SpreadModel& model, std::size_t lanes);

  /// innovations: [column][lane], the spreads' own from row `first` on.
  void step(const LaneArray& innovations, std::size_t first);
  const LaneArray& before() const { return before_; }  ///< [spread][lane], at the last step's start
  const LaneArray& now() const { return now_; }

 private:
  const SpreadModel& model_;
  LaneArray log_, before_, now_;
};

}  // namespace ballast

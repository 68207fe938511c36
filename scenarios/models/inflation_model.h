#pragma once

#include <optional>
#include <vector>

#include <Eigen/Core>

#include "scenarios/base/lanes.h"
#include "scenarios/models/fit_table.h"
#include "scenarios/models/inflation_parameters.h"

namespace ballast {

/// Inflation and what is expected of it. With x the log inflation of a step, E its expectation at the step's start, and
/// v the surprise, which is the innovation that models draw jointly with returns and rates,
///     x[t] = E[t] + v[t],    E[t+1] = m + phi (E[t] - m) + K v[t].
/// This is the innovations form of Vasicek (1977) dynamics for instantaneous expected inflation, phi = exp(-a dt), seen
/// through inflation that scatters about it (an ARMA(1,1); Harvey 1989, section 2.4); with K = phi it is the
/// autoregression of `model: history`. Expected inflation has a closed form over any term: with n = tau / dt,
///     tau b(tau) = ln E[I(t + tau) / I(t)] = n m + (E - m) (1 - phi^n) / (1 - phi)
///                  + s^2 / 2 sum over r < n of (1 + K (1 - phi^r) / (1 - phi))^2,
/// s the standard deviation of v (exact for normal v; the last term is below 1 bp for the inflation of any rich country
/// since 1950). No premium for inflation risk is taken: b is expectation, not a quoted breakeven rate.
class InflationModel {
 public:
  /// inflation: simple, of each period of the history. step_years: dt.
  /// Errors: key_error on scenarios.inflation (or market.inflation) for inflation that is constant or not stationary;
  /// NoSolutionError where the likelihood does not converge.
  InflationModel(const InflationParameters& parameters, const Eigen::VectorXd& inflation, double step_years);

  const Eigen::VectorXd& innovations() const { return innovations_; }  ///< T: the history's own v, with mean 0
  double step_years() const { return step_years_; }
  double expected_now() const { return expected_; }  ///< E at the valuation date, log, per step

  /// b(tau) for an E, continuous, a year. tau > 0.
  double breakeven(double expected, double tau) const { return level(tau) + slope(tau) * (expected - mean_); }
  double level(double tau) const;  ///< b(tau) at E = m
  double slope(double tau) const;  ///< d b(tau) / dE

  void resolve(InflationParameters& parameters) const;
  FitTable fit_table() const;

 private:
  friend class InflationPath;
  struct Surprises {
    Eigen::VectorXd v;
    double next_expected;
  };
  Surprises filter(const Eigen::VectorXd& x, double mean, double phi, double gain) const;
  void fit_history(const Eigen::VectorXd& x);
  void fit_vasicek(const Eigen::VectorXd& x);

  InflationKind kind_;
  double step_years_;
  double mean_ = 0.0, phi_ = 0.0, gain_ = 0.0, expected_ = 0.0, sd_ = 0.0;  ///< log, per step
  InflationParameters estimated_;
  Eigen::VectorXd innovations_;
  FitTable table_;
};

/// Prices and expected inflation on one block of scenarios.
class InflationPath {
 public:
  InflationPath(const InflationModel& model, const std::vector<double>& tenors, std::size_t lanes);

  void step(const double* innovation);  ///< [lane]

  const double* price_index() const { return index_.row(0); }  ///< [lane], 1 at the valuation date
  const LaneArray& breakeven() const { return breakeven_; }    ///< [tenor][lane], continuous
  const double* expected() const { return expected_.row(0); }  ///< [lane], E

 private:
  void set_breakeven();

  const InflationModel& model_;
  std::vector<double> level_, slope_;  ///< by tenor
  LaneArray expected_, index_, growth_, breakeven_;
};

}  // namespace ballast

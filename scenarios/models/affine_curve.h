#pragma once

#include <optional>
#include <vector>

#include "scenarios/models/curve_model.h"

namespace ballast {

/// Curves of a short rate that is a sum of factors: -ln P(t, t + tau) = constant(tau) + sum over k of
/// loading_k(tau) x_k[t]. This class joins them to the curve at the valuation date, which they meet in one of three
/// ways (InitialCurve), with D(T) = -ln P(0, T) of that curve and D_x(T) of the model's own:
///     constant_spread      z(t, tau) = model's + [D(tau) - D_x(tau)] / tau, the same at every t
///     deterministic_shift  the short rate is shifted over time (Brigo & Mercurio 2006, section 3.8), so that
///                          -ln P(t, t + tau) = model's + [D(t+tau) - D(t)] - [D_x(t+tau) - D_x(t)]: no arbitrage
///     model                not at all: simulation starts from the model's own curve
/// Simulated tenors are the history's, the initial curve's, the step (so that cash earns exactly the model's rate) and
/// whole years up to the longest of them.
class AffineCurve : public CurveModel {
 public:
  std::unique_ptr<CurvePath> start(std::size_t lanes) const override;
  std::optional<double> closed_form_discount(double years) const override;

 protected:
  /// state: x at the valuation date.
  AffineCurve(const CurveSetting& setting, InitialCurve joined, std::optional<double> floor);

  /// To be called at the end of a derived constructor, with x at the valuation date.
  void join(std::vector<double> state);

  virtual double constant(double tau) const = 0;
  virtual double loading(std::size_t k, double tau) const = 0;
  /// One step of all lanes: x is [factor][lane], and so are innovations, from row `first` on.
  virtual void advance(const LaneArray& innovations, std::size_t first, LaneArray& x) const = 0;

  double step_years() const { return step_years_; }

 private:
  friend class AffinePath;
  double model_log_discount(double tau) const;      ///< D_x
  double joint(std::size_t tenor, double t) const;  ///< what is added to the zero rate of a tenor at time t

  YieldCurve initial_;
  double step_years_;
  InitialCurve joined_;
  std::optional<double> floor_;
  std::vector<double> state_;
  std::vector<std::vector<double>> loadings_;  ///< [factor][tenor], over tau
  std::vector<double> constants_;              ///< [tenor], over tau
};

/// The way an unset `initial_curve` means. Throws key_error on scenarios.<model>.initial_curve for constant_spread
/// under the risk-neutral measure, where it would leave arbitrage.
InitialCurve joined_curve(std::optional<InitialCurve> asked, Measure measure, const char* model);

/// `floor` is refused under the risk-neutral measure: a cut curve does not discount its own cash.
void check_floor(std::optional<double> floor, Measure measure, const char* model);

}  // namespace ballast

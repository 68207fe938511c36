#pragma once

#include "scenarios/base/lanes.h"

namespace ballast {

/// Buy-and-hold simple returns R_si of every asset from now to the horizon: the product of its gross returns, less 1.
class HorizonReturn {
 public:
  HorizonReturn(std::size_t assets, std::size_t lanes);

  void step(const LaneArray& asset_gross);   ///< [asset][lane]
  void simple_return(LaneArray& out) const;  ///< [asset][lane]

 private:
  LaneArray value_;
};

/// What the liabilities cost by the horizon h in units of initial assets A_0:
///     l_s = [L_s(h) + sum over 0 < t_j <= h of CF_j grown at cash from t_j to h] / A_0,
/// L_s(h) the present value at h of the flows after it. The surplus loss of weights w is l_s - sum w_i (1 + R_si).
class HorizonLiability {
 public:
  explicit HorizonLiability(std::size_t lanes) : paid_(1, lanes) {}

  /// cash_gross: [lane], over the step; payments: [lane], at the step's end, as of PaymentSchedule::due.
  void step(const double* cash_gross, const double* payments);

  /// liability_pv: [lane], L_s(h). out: [lane], l_s.
  void ratio(const double* liability_pv, double initial_assets, double* out) const;

 private:
  LaneArray paid_;
};

}  // namespace ballast

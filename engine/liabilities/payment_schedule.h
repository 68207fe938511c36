#pragma once

#include <vector>

#include "engine/liabilities/cash_flows.h"
#include "scenarios/base/lanes.h"

namespace ballast {

/// The step (from 1) at whose end a flow due at `time` is paid, and the part of that step, in [0, 1), that is then
/// past: 0 for a flow due at the step's end.
struct PaymentTime {
  int step;
  double part_left;
};
PaymentTime payment_time(double time, double step_years);

/// What flows with known amounts pay in each step of a projection. A flow due at t_j in ((step - 1) dt, step dt] is
/// paid out of assets at the step's end as CF_j grown at cash from t_j: the step's gross cash return to the power of
/// the part of the step that is left. So a payment date within a step costs what it would if the money were borrowed
/// till the end, and on the grid it is CF_j.
class PaymentSchedule {
 public:
  PaymentSchedule(const std::vector<const CashFlows*>& liabilities, double step_years, int steps);

  /// Paid at the end of `step` (from 1), into out [lane]. cash_gross: [lane], over the step; lanes: padded.
  void due(int step, const double* cash_gross, std::size_t lanes, double* out) const;

 private:
  struct Payment {
    double amount;
    double part_left;  ///< of the step, in [0, 1)
  };
  std::vector<std::vector<Payment>> by_step_;
};

}  // namespace ballast

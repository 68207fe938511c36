#pragma once

#include <vector>

#include "engine/liabilities/payments.h"

namespace ballast {

/// Terms of a balance that falls from balances[0] at times[0] = 0 to 0 at the last time: what it falls by is repaid,
/// and on what stood over each period interest is paid at its end, at `rate` a year and at `floating_share` of the
/// market's rate of the period.
LiabilityTerms interest_and_principal(const LiabilityContext& context, const std::vector<double>& times,
                                      const std::vector<double>& balances, double rate, double floating_share);

}  // namespace ballast

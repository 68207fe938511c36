#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/liabilities/indexation_parameters.h"
#include "engine/liabilities/liability_structure.h"

namespace ballast {

/// Amounts at times, before it is said what they follow.
struct Payments {
  std::vector<double> times;  ///< years from the valuation date, ascending, > 0
  std::vector<double> amounts;
};

/// Regular payments of `amount` a year in equal parts, each at the end of its period, the first period beginning after
/// `deferred_years`; they grow by `growth` from one year of payment to the next. count: of payments.
Payments regular_payments(double amount, int payments_per_year, double growth, double deferred_years, long count);

/// Terms that pay these amounts under a rule: fixed where they do not follow prices.
LiabilityTerms terms_of(const std::string& name, double spread, Payments payments,
                        const std::optional<IndexationParameters>& indexation);

}  // namespace ballast

#include "engine/liabilities/payments.h"

#include <cmath>

namespace ballast {

Payments regular_payments(double amount, int payments_per_year, double growth, double deferred_years, long count) {
  Payments payments;
  for (long k = 0; k < count; ++k) {
    payments.times.push_back(deferred_years + double(k + 1) / payments_per_year);
    double grown = growth == 0.0 ? 1.0 : std::pow(1 + growth, double(k / payments_per_year));
    payments.amounts.push_back(amount / payments_per_year * grown);
  }
  return payments;
}

LiabilityTerms terms_of(const std::string& name, double spread, Payments payments,
                        const std::optional<IndexationParameters>& indexation) {
  LiabilityTerms terms;
  terms.fixed.name = name;
  terms.fixed.spread = spread;
  if (!indexation || indexation->kind == IndexationKind::none) {
    terms.fixed.times = std::move(payments.times);
    terms.fixed.amounts = std::move(payments.amounts);
  } else {
    IndexRule rule = index_rule(indexation);
    terms.indexed.push_back({rule, rule, 0, std::move(payments.times), std::move(payments.amounts)});
  }
  return terms;
}

}  // namespace ballast

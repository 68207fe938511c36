#include "engine/liabilities/balances.h"

namespace ballast {

LiabilityTerms interest_and_principal(const LiabilityContext& context, const std::vector<double>& times,
                                      const std::vector<double>& balances, double rate, double floating_share) {
  LiabilityTerms terms;
  terms.fixed.name = context.name;
  terms.fixed.spread = context.spread;
  for (std::size_t k = 1; k < times.size(); ++k) {
    double length = times[k] - times[k - 1];
    terms.fixed.times.push_back(times[k]);
    terms.fixed.amounts.push_back(balances[k - 1] - balances[k] + rate * length * balances[k - 1]);
    if (floating_share != 0.0 && balances[k - 1] != 0.0) {
      terms.floating.push_back({times[k - 1], times[k], floating_share * balances[k - 1]});
    }
  }
  return terms;
}

}  // namespace ballast

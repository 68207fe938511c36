#include <cmath>

#include "engine/liabilities/payments.h"

namespace ballast {

std::unique_ptr<LiabilityStructure> make_annuity(const AnnuityParameters& parameters, const LiabilityContext& context) {
  long count = std::lround(parameters.years * parameters.payments_per_year);
  return std::make_unique<CertainStructure>(
      terms_of(context.name, context.spread,
               regular_payments(parameters.amount, parameters.payments_per_year, parameters.growth,
                                parameters.deferred_years, count),
               parameters.indexation));
}

}  // namespace ballast

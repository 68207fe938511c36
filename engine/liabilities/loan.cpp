#include <cmath>

#include "engine/liabilities/balances.h"

namespace ballast {

std::unique_ptr<LiabilityStructure> make_loan(const LoanParameters& parameters, const LiabilityContext& context) {
  long count = std::lround(parameters.years * parameters.payments_per_year);
  double periodic = parameters.rate / parameters.payments_per_year;
  std::vector<double> times = {0.0}, balances = {parameters.principal};
  for (long k = 1; k <= count; ++k) {
    times.push_back(double(k) / parameters.payments_per_year);
    double left = double(count - k) / double(count);
    switch (parameters.amortisation) {
      case Amortisation::bullet:
        balances.push_back(k == count ? 0.0 : parameters.principal);
        break;
      case Amortisation::linear:
        balances.push_back(left * parameters.principal);
        break;
      case Amortisation::annuity:  // what the payments left are worth at the loan's own rate
        balances.push_back(periodic == 0.0
                               ? left * parameters.principal
                               : parameters.principal * std::expm1(-std::log1p(periodic) * double(count - k)) /
                                     std::expm1(-std::log1p(periodic) * double(count)));
        break;
    }
  }
  double share = parameters.floating ? 1.0 : 0.0;
  return std::make_unique<CertainStructure>(interest_and_principal(context, times, balances, parameters.rate, share));
}

}  // namespace ballast

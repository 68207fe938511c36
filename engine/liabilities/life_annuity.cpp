#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/liabilities/mortality.h"
#include "engine/liabilities/payments.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

void check_age(const Mortality& mortality, double age, const std::string& key_path) {
  if (age >= mortality.first_age() && age < mortality.last_age()) return;
  throw key_error(key_path, fmt::format("{} is not an age of the mortality table ({} to {})", age,
                                        mortality.first_age(), mortality.last_age() - 1));
}

/// Payments certain, each times the probability that it is due.
class LifeAnnuity : public LiabilityStructure {
 public:
  LifeAnnuity(const LifeAnnuityParameters& parameters, const LiabilityContext& context)
      : parameters_(parameters),
        name_(context.name),
        spread_(context.spread),
        first_(parameters.mortality, context),
        second_(parameters.joint && parameters.joint->mortality ? Mortality(*parameters.joint->mortality, context)
                                                                : first_) {
    check_age(first_, parameters.age, context.key_path + ".age");
    double longest = first_.last_age() - parameters.age;
    if (parameters.joint) {
      check_age(second_, parameters.joint->age, context.key_path + ".joint.age");
      longest = std::max(longest, second_.last_age() - parameters.joint->age);
    }
    double years = std::min(parameters.years.value_or(200.0),
                            std::max(parameters.guaranteed_years, longest - parameters.deferred_years));
    payments_ =
        regular_payments(parameters.amount, parameters.payments_per_year, parameters.growth, parameters.deferred_years,
                         std::max(0L, std::lround(std::floor(years * parameters.payments_per_year + 1e-9))));
  }

  LiabilityTerms terms(const LongevityShock& shock) const override {
    Payments due = payments_;
    std::vector<double> first = first_.survival(parameters_.age, due.times, shock), second;
    if (parameters_.joint) second = second_.survival(parameters_.joint->age, due.times, shock);
    for (std::size_t k = 0; k < due.times.size(); ++k) {
      if (due.times[k] <= parameters_.deferred_years + parameters_.guaranteed_years + kSameTime) continue;
      double p = first[k];
      if (const auto& joint = parameters_.joint) {
        p = first[k] * second[k] + joint->to_first * first[k] * (1 - second[k]) +
            joint->to_second * (1 - first[k]) * second[k];
      }
      due.amounts[k] *= p;
    }
    return terms_of(name_, spread_, std::move(due), parameters_.indexation);
  }

 private:
  LifeAnnuityParameters parameters_;
  std::string name_;
  double spread_;
  Mortality first_, second_;
  Payments payments_;
};

}  // namespace

std::unique_ptr<LiabilityStructure> make_life_annuity(const LifeAnnuityParameters& parameters,
                                                      const LiabilityContext& context) {
  return std::make_unique<LifeAnnuity>(parameters, context);
}

}  // namespace ballast

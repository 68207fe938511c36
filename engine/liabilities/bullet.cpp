#include <fmt/format.h>

#include "engine/liabilities/payments.h"
#include "scenarios/base/error.h"

namespace ballast {

std::unique_ptr<LiabilityStructure> make_bullet(const BulletParameters& parameters, const LiabilityContext& context) {
  double time = parameters.time_years.value_or(0.0);
  if (parameters.date) {
    if (!context.valuation) {
      throw key_error(context.key_path + ".date",
                      "there is no valuation date to count from; give study.valuation_date, or time_years");
    }
    time = year_fraction(*context.valuation, *parameters.date);
    if (time <= kSameTime) {
      throw key_error(
          context.key_path + ".date",
          fmt::format("{} is at or before the valuation date {} (it is no longer owed); leave the liability "
                      "out, or correct study.valuation_date",
                      to_string(*parameters.date), to_string(*context.valuation)));
    }
  }
  return std::make_unique<CertainStructure>(
      terms_of(context.name, context.spread, {{time}, {parameters.amount}}, parameters.indexation));
}

}  // namespace ballast

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/liabilities/balances.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

constexpr double kOvernight = 1.0 / 365.0;

/// Basel Framework SRP31 (BCBS d368, April 2016, Table 2): greatest share of core deposits and average maturity.
struct DepositCaps {
  double core_share, core_years;
};
constexpr DepositCaps kCaps[] = {{0.90, 5.0}, {0.70, 4.5}, {0.50, 4.0}};

}  // namespace

std::unique_ptr<LiabilityStructure> make_deposits(const DepositParameters& parameters,
                                                  const LiabilityContext& context) {
  if (parameters.category) {
    DepositCaps caps = kCaps[int(*parameters.category)];
    auto refuse = [&](const char* key, double value, double cap) {
      if (value <= cap) return;
      throw key_error(context.key_path + "." + key,
                      fmt::format("{} is above the cap of {} for {} deposits (BCBS d368, Table 2); lower it, or leave "
                                  "category out",
                                  value, cap, name_of(*parameters.category)));
    };
    refuse("core_share", parameters.core_share, caps.core_share);
    refuse("core_years", parameters.core_years, caps.core_years);
  }
  double core = parameters.balance * parameters.core_share;
  // Monthly, so that the average life of the core is core_years: n equal parts have (n + 1) / 24; a rate of decay d a
  // month has 1 / (12 d), less what is repaid at the end of twelve average lives.
  long months = parameters.decay == DecayProfile::linear ? std::max(1L, std::lround(24 * parameters.core_years) - 1)
                                                         : std::lround(std::ceil(144 * parameters.core_years));
  double decay = std::min(1.0, 1 / (12 * parameters.core_years));
  std::vector<double> times = {0.0}, balances = {core};
  for (long k = 1; k <= months; ++k) {
    times.push_back(double(k) / 12);
    double left =
        parameters.decay == DecayProfile::linear ? double(months - k) / double(months) : std::pow(1 - decay, double(k));
    balances.push_back(k == months ? 0.0 : core * left);
  }
  LiabilityTerms terms = interest_and_principal(context, times, balances, parameters.rate, parameters.pass_through);
  if (core < parameters.balance) {
    terms.fixed.times.insert(terms.fixed.times.begin(), kOvernight);
    terms.fixed.amounts.insert(terms.fixed.amounts.begin(), parameters.balance - core);
  }
  return std::make_unique<CertainStructure>(std::move(terms));
}

}  // namespace ballast

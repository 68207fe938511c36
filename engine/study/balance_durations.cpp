#include "engine/study/balance_durations.h"

#include "engine/liabilities/valuation.h"
#include "scenarios/market/bond.h"

namespace ballast {
namespace {

CashFlows par_bond(const ConstantMaturityParameters& bond, const YieldCurve& curve) {
  const CouponSchedule schedule = coupon_schedule(bond.years, bond.frequency);
  const double coupon = schedule.times.size() > 1 ? curve.par_yield(bond.years, bond.frequency) : 0.0;
  CashFlows flows;
  flows.times = schedule.times;
  for (double fraction : schedule.fractions) flows.amounts.push_back(coupon * fraction);
  flows.amounts.back() += 1.0;
  return flows;
}

/// The payments that an asset bought now stands for; empty: a series.
CashFlows payments_of(const Asset& asset, const PreparedStudy& study) {
  auto bullet = [&](double years) { return CashFlows{asset.name, {years}, {1.0}, 0.0}; };
  switch (asset.kind) {
    case AssetKind::cash:
      return bullet(study.step_years());
    case AssetKind::zero_coupon:
      return bullet(asset.zero_coupon_years);
    case AssetKind::constant_maturity:
      return asset.bond.bond == BondKind::zero ? bullet(asset.bond.years) : par_bond(asset.bond, study.curve);
    case AssetKind::series:
      break;
  }
  return {};
}

}  // namespace

BalanceDurations balance_durations(const PreparedStudy& study) {
  BalanceDurations durations;
  if (study.curve.empty()) return durations;
  const std::vector<double> nodes = study.has_liabilities() ? study.config.measures.key_rates : std::vector<double>{};
  durations.key_rates = nodes;
  durations.key_rate_duration.assign(nodes.size(), {});
  for (std::size_t a = 0; a < study.assets.size(); ++a) {
    double duration = 0.0;
    std::vector<double> by_key_rate(nodes.size(), 0.0);
    if (study.assets[a].kind == AssetKind::series) {
      const auto& declared = study.config.assets[a].duration;
      if (!declared || !declared->years) return BalanceDurations{};
      duration = *declared->years;
      for (std::size_t k = 0; k < nodes.size(); ++k) by_key_rate[k] = duration * key_rate_weight(nodes, k, duration);
    } else {
      const LiabilityMeasures m =
          measure(payments_of(study.assets[a], study), study.curve, study.config.measures.compounding, nodes);
      duration = m.modified_duration;
      by_key_rate = m.key_rate_durations;
    }
    durations.duration.push_back(duration);
    for (std::size_t k = 0; k < nodes.size(); ++k) durations.key_rate_duration[k].push_back(by_key_rate[k]);
  }
  if (!study.has_liabilities()) return durations;
  const double over_assets = study.liability_measures.total.pv / study.initial_assets;
  durations.liability_duration = study.liability_measures.total.modified_duration * over_assets;
  for (double d : study.liability_measures.total.key_rate_durations) {
    durations.liability_key_rate_duration.push_back(d * over_assets);
  }
  return durations;
}

}  // namespace ballast

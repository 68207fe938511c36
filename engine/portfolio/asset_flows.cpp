#include "engine/portfolio/asset_flows.h"

#include <cmath>
#include <functional>
#include <stdexcept>

#include "engine/liabilities/valuation.h"
#include "scenarios/market/bond.h"

namespace ballast {
namespace {

double present_value(const CashFlows& flows, const YieldCurve& curve) {
  double pv = 0.0;
  for (std::size_t j = 0; j < flows.times.size(); ++j) {
    double t = flows.times[j];
    pv += flows.amounts[j] * std::exp(-(curve.zero_rate(t) + flows.spread) * t);
  }
  return pv;
}

/// Flows worth `value`.
CashFlows scaled_to(CashFlows flows, double value, const YieldCurve& curve) {
  double scale = value / present_value(flows, curve);
  for (double& amount : flows.amounts) amount *= scale;
  return flows;
}

CashFlows new_bond(const ConstantMaturityParameters& bond, const std::function<double(double t)>& zero_rate) {
  CashFlows flows;
  if (bond.bond == BondKind::zero) {
    flows.times = {bond.years};
    flows.amounts = {1.0};
    return flows;
  }
  CouponSchedule schedule = coupon_schedule(bond.years, bond.frequency);
  double coupon = schedule.times.size() > 1 ? par_coupon(bond.years, bond.frequency, zero_rate) : 0.0;  // else a bill
  flows.times = schedule.times;
  for (double fraction : schedule.fractions) flows.amounts.push_back(coupon * fraction);
  flows.amounts.back() += 1.0;
  return flows;
}

/// Real amounts as the nominal ones that are expected.
CashFlows expected_nominal(CashFlows flows, const YieldCurve& breakeven) {
  for (std::size_t j = 0; j < flows.times.size(); ++j) {
    flows.amounts[j] *= std::exp(breakeven.zero_rate(flows.times[j]) * flows.times[j]);
  }
  return flows;
}

}  // namespace

double AssetFlows::value(const YieldCurve& curve, double inflation_shift, double spread_shift) const {
  CashFlows shifted = flows;
  shifted.spread += spread_shift;
  for (std::size_t j = 0; j < shifted.times.size() && indexed; ++j) {
    shifted.amounts[j] *= std::exp(inflation_shift * shifted.times[j]);
  }
  return on_call + present_value(shifted, curve);
}

std::optional<AssetFlows> asset_flows(const Asset& asset, const YieldCurve& curve, const YieldCurve& breakeven,
                                      std::span<const double> spreads) {
  auto nominal_rate = [&](double t) { return curve.zero_rate(t); };
  auto real_rate = [&](double t) { return curve.zero_rate(t) - breakeven.zero_rate(t); };
  switch (asset.kind) {
    case AssetKind::series:
      return std::nullopt;
    case AssetKind::cash:
      return AssetFlows{{}, 1.0, false};
    case AssetKind::held_bond:
      return AssetFlows{scaled_to(asset.held, 1.0, curve), 0.0, false};
    case AssetKind::constant_maturity:
      return AssetFlows{scaled_to(new_bond(asset.bond, nominal_rate), 1.0, curve), 0.0, false};
    case AssetKind::swap_overlay:
      return AssetFlows{scaled_to(new_bond(asset.bond, nominal_rate), asset.notional, curve), 1.0 - asset.notional,
                        false};
    case AssetKind::inflation_linked:
      return AssetFlows{scaled_to(expected_nominal(new_bond(asset.bond, real_rate), breakeven), 1.0, curve), 0.0, true};
    case AssetKind::corporate_bond: {
      double spread = spreads[asset.spread_index];
      CashFlows flows = new_bond(asset.corporate.bond(), [&](double t) { return curve.zero_rate(t) + spread; });
      flows.spread = spread;
      return AssetFlows{scaled_to(std::move(flows), 1.0, curve), 0.0, false};
    }
    case AssetKind::held_linked_bond:
      return AssetFlows{scaled_to(expected_nominal(asset.held, breakeven), 1.0, curve), 0.0, true};
  }
  throw std::logic_error("unknown kind of asset");
}

AssetMeasures measure(const AssetFlows& asset, const YieldCurve& curve, Compounding compounding,
                      std::span<const double> key_rates) {
  AssetMeasures result;
  result.key_rate_durations.assign(key_rates.size(), 0.0);
  double pv = present_value(asset.flows, curve), all = pv + asset.on_call;
  if (pv == 0.0) return result;
  LiabilityMeasures flows = measure(asset.flows, curve, compounding, key_rates);
  result.modified_duration = flows.modified_duration * pv / all;
  result.convexity = flows.convexity * pv / all;
  for (std::size_t k = 0; k < key_rates.size(); ++k) {
    result.key_rate_durations[k] = flows.key_rate_durations[k] * pv / all;
  }
  return result;
}

}  // namespace ballast

#include "engine/portfolio/assets.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/market/bond.h"

namespace ballast {
namespace {

CashFlows bond_flows(const CouponBondParameters& bond, double coupon) {
  CouponSchedule schedule = coupon_schedule(bond.years, bond.frequency);
  CashFlows flows;
  flows.times = schedule.times;
  flows.spread = bond.spread;
  for (double fraction : schedule.fractions) flows.amounts.push_back(coupon * fraction);
  flows.amounts.back() += 1.0;
  return flows;
}

Asset resolve(const AssetParameters& parameters) {
  Asset asset;
  asset.name = parameters.name;
  if (parameters.series) {
    asset.kind = AssetKind::series;
    asset.series = *parameters.series;
  } else if (parameters.constant_maturity) {
    asset.kind = AssetKind::constant_maturity;
    asset.bond = *parameters.constant_maturity;
  } else if (parameters.constant_maturity_years) {
    asset.kind = AssetKind::constant_maturity;
    asset.bond.years = *parameters.constant_maturity_years;
  } else if (parameters.zero_coupon_years) {
    asset.kind = AssetKind::held_bond;
    asset.held = {asset.name, {*parameters.zero_coupon_years}, {1.0}, 0.0};
  } else if (parameters.coupon_bond) {
    asset.kind = AssetKind::held_bond;
    if (parameters.coupon_bond->coupon)
      asset.held = bond_flows(*parameters.coupon_bond, *parameters.coupon_bond->coupon);
  } else if (parameters.corporate_bond) {
    asset.kind = AssetKind::corporate_bond;
    asset.corporate = *parameters.corporate_bond;
  } else if (parameters.inflation_linked_bond) {
    asset.kind = AssetKind::held_linked_bond;
    if (parameters.inflation_linked_bond->coupon)
      asset.held = bond_flows(*parameters.inflation_linked_bond, *parameters.inflation_linked_bond->coupon);
  } else if (parameters.swap_overlay) {
    asset.kind = AssetKind::swap_overlay;
    asset.bond = {parameters.swap_overlay->years, BondKind::par, parameters.swap_overlay->frequency};
    asset.notional = parameters.swap_overlay->notional;
  } else if (parameters.inflation_linked) {
    asset.kind = AssetKind::inflation_linked;
    asset.bond = *parameters.inflation_linked;
  } else {
    asset.kind = AssetKind::cash;
  }
  return asset;
}

/// The key of the entry that says what kind of asset it is.
const char* kind_key(const AssetParameters& parameters) {
  if (parameters.constant_maturity) return "constant_maturity";
  if (parameters.constant_maturity_years) return "constant_maturity_years";
  if (parameters.zero_coupon_years) return "zero_coupon_years";
  if (parameters.coupon_bond) return "coupon_bond";
  if (parameters.swap_overlay) return "swap_overlay";
  if (parameters.corporate_bond) return "corporate_bond";
  if (parameters.inflation_linked) return "inflation_linked";
  if (parameters.inflation_linked_bond) return "inflation_linked_bond";
  return "cash";
}

}  // namespace

std::vector<Asset> resolve_assets(const std::vector<AssetParameters>& assets, bool has_curve) {
  std::vector<Asset> resolved;
  std::vector<Problem> problems;
  std::map<std::string, std::size_t> first_of_name;
  std::size_t series_count = 0;
  auto problem = [&](std::size_t i, const char* key, std::string message) {
    problems.push_back(key_error(fmt::format("assets[{}].{}", i, key), std::move(message)).problems()[0]);
  };
  for (std::size_t i = 0; i < assets.size(); ++i) {
    Asset asset = resolve(assets[i]);
    auto [first, is_new] = first_of_name.emplace(asset.name, i);
    if (!is_new) {
      problem(
          i, "name",
          fmt::format("'{}' names two assets (entries {} and {}); rename one", asset.name, first->second + 1, i + 1));
    }
    if (asset.kind == AssetKind::series) {
      asset.series_index = series_count++;
    } else if (!has_curve) {
      problem(i, kind_key(assets[i]),
              fmt::format("'{}' needs a yield curve (it is priced off one); give market.curve or market.curve_history",
                          asset.name));
    }
    resolved.push_back(std::move(asset));
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  std::vector<std::string> spreads = spread_columns(resolved);
  for (Asset& asset : resolved) {
    if (asset.kind != AssetKind::corporate_bond) continue;
    asset.spread_index =
        std::size_t(std::find(spreads.begin(), spreads.end(), asset.corporate.spread) - spreads.begin());
  }
  return resolved;
}

void buy_par_bonds(std::vector<Asset>& assets, const std::vector<AssetParameters>& parameters, const YieldCurve& curve,
                   const YieldCurve& breakeven) {
  for (std::size_t i = 0; i < assets.size(); ++i) {
    bool linked = parameters[i].inflation_linked_bond.has_value();
    const std::optional<CouponBondParameters>& bond =
        linked ? parameters[i].inflation_linked_bond : parameters[i].coupon_bond;
    if (!bond || bond->coupon) continue;
    auto zero_rate = [&](double t) {
      return curve.zero_rate(t) - (linked ? breakeven.zero_rate(t) : 0.0) + bond->spread;
    };
    assets[i].held = bond_flows(*bond, par_coupon(bond->years, bond->frequency, zero_rate));
  }
}

std::vector<std::string> spread_columns(const std::vector<Asset>& assets) {
  std::vector<std::string> columns;
  for (const Asset& asset : assets) {
    bool follows = asset.kind == AssetKind::corporate_bond;
    if (follows && std::find(columns.begin(), columns.end(), asset.corporate.spread) == columns.end()) {
      columns.push_back(asset.corporate.spread);
    }
  }
  return columns;
}

std::vector<std::string> series_columns(const std::vector<Asset>& assets) {
  std::vector<std::string> columns;
  for (const Asset& asset : assets) {
    if (asset.kind == AssetKind::series) columns.push_back(asset.series);
  }
  return columns;
}

}  // namespace ballast

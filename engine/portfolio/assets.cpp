#include "engine/portfolio/assets.h"

#include <map>

#include <fmt/format.h>

#include "engine/liabilities/valuation.h"
#include "scenarios/base/error.h"
#include "scenarios/market/bond.h"

namespace ballast {
namespace {

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
    asset.kind = AssetKind::zero_coupon;
    asset.zero_coupon_years = *parameters.zero_coupon_years;
  } else {
    asset.kind = AssetKind::cash;
  }
  return asset;
}

CashFlows par_bond(const ConstantMaturityParameters& bond, const YieldCurve& curve) {
  CouponSchedule schedule = coupon_schedule(bond.years, bond.frequency);
  CashFlows flows;
  flows.times = schedule.times;
  double coupon = schedule.times.size() > 1 ? curve.par_yield(bond.years, bond.frequency) : 0.0;
  for (double fraction : schedule.fractions) flows.amounts.push_back(coupon * fraction);
  flows.amounts.back() += 1.0;
  return flows;
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
      const char* key = asset.kind == AssetKind::cash             ? "cash"
                        : asset.kind == AssetKind::zero_coupon    ? "zero_coupon_years"
                        : assets[i].constant_maturity.has_value() ? "constant_maturity"
                                                                  : "constant_maturity_years";
      problem(i, key,
              fmt::format("'{}' needs a yield curve (it is priced off one); give market.curve or market.curve_history",
                          asset.name));
    }
    resolved.push_back(std::move(asset));
  }
  if (!problems.empty()) throw InputError(std::move(problems));
  return resolved;
}

std::vector<std::string> series_columns(const std::vector<Asset>& assets) {
  std::vector<std::string> columns;
  for (const Asset& asset : assets) {
    if (asset.kind == AssetKind::series) columns.push_back(asset.series);
  }
  return columns;
}

std::optional<double> modified_duration(const Asset& asset, const YieldCurve& curve, Compounding compounding,
                                        double step_years) {
  auto bullet = [&](double years) {
    return measure(CashFlows{asset.name, {years}, {1.0}, 0.0}, curve, compounding, {}).modified_duration;
  };
  switch (asset.kind) {
    case AssetKind::series:
      return std::nullopt;
    case AssetKind::cash:
      return bullet(step_years);
    case AssetKind::zero_coupon:
      return bullet(asset.zero_coupon_years);
    case AssetKind::constant_maturity:
      if (asset.bond.bond == BondKind::zero) return bullet(asset.bond.years);
      return measure(par_bond(asset.bond, curve), curve, compounding, {}).modified_duration;
  }
  throw std::logic_error("unknown kind of asset");
}

}  // namespace ballast

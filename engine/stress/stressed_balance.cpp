#include "engine/stress/stressed_balance.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "scenarios/base/suggest.h"

namespace ballast {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace

AssetClass StressedBalance::class_of(std::size_t asset) const {
  const AssetParameters& parameters = asset_parameters[asset];
  return parameters.asset_class.value_or(parameters.duration ? AssetClass::fixed_income : AssetClass::equity_type_2);
}

std::vector<std::string> StressedBalance::asset_names() const {
  std::vector<std::string> names;
  for (const Asset& asset : assets) names.push_back(asset.name);
  return names;
}

StressedMarket unstressed(const StressedBalance& balance, const std::string& name) {
  return {name, balance.market, std::vector<double>(balance.assets.size(), 0.0)};
}

StressedMarket rates_stressed(const StressedBalance& balance, const std::string& name, const RateShock& shock) {
  if (balance.market.curve.empty()) {
    throw std::invalid_argument("stressed rates need a yield curve: add market.curve or market.curve_history");
  }
  StressedMarket market{name, balance.market, {}};
  market.state.curve = shocked_curve(balance.market.curve, shock);
  for (const RateExposure& exposure : balance.exposures) {
    market.asset_change.push_back(exposure.price_change(balance.market.curve, market.state.curve));
  }
  return market;
}

void shift_inflation(const StressedBalance& balance, double shift, StressedMarket& market) {
  if (balance.market.breakeven.empty()) {
    throw std::invalid_argument("inflation_shift: the study has no expected inflation; add market.inflation");
  }
  std::vector<double> rates = market.state.breakeven.zero_rates();
  for (double& rate : rates) rate += shift;
  market.state.breakeven = YieldCurve(market.state.breakeven.tenors(), rates);
  for (std::size_t a = 0; a < balance.assets.size(); ++a) {
    const RateExposure& exposure = balance.exposures[a];
    if (!exposure.flows || !exposure.flows->indexed) continue;
    market.asset_change[a] = exposure.price_change(balance.market.curve, market.state.curve, shift);
  }
}

double SheetValue::funding_ratio() const { return liability_pv != 0.0 ? assets / liability_pv : kNan; }

SheetValue value_sheet(const StressedBalance& balance, const StressedMarket& market,
                       const std::vector<double>& weights) {
  SheetValue value;
  double change = 0.0;
  for (std::size_t a = 0; a < weights.size(); ++a) change += weights[a] * market.asset_change[a];
  value.assets = balance.initial_assets * (1 + change);
  value.liability_duration = kNan;
  if (balance.liabilities.empty()) return value;
  LiabilityMeasures measures = balance.liabilities.measure(market.state, Compounding::annual, {}).total;
  value.liability_pv = measures.pv;
  value.liability_duration = measures.macaulay_duration;
  return value;
}

StressRow stress_row(const StressedBalance& balance, const StressedMarket& market, const std::string& portfolio,
                     const std::vector<double>& weights) {
  SheetValue base = value_sheet(balance, unstressed(balance, ""), weights),
             after = value_sheet(balance, market, weights);
  StressRow row;
  row.name = market.name;
  row.portfolio = portfolio;
  row.assets = after.assets;
  row.liability_pv = after.liability_pv;
  row.liability_duration = after.liability_duration;
  row.surplus = after.surplus();
  row.funding_ratio = after.funding_ratio();
  row.change_assets = after.assets - base.assets;
  row.change_liability_pv = after.liability_pv - base.liability_pv;
  row.change_surplus = after.surplus() - base.surplus();
  row.change_funding_ratio = after.funding_ratio() - base.funding_ratio();
  row.asset_shocks = market.asset_change;
  for (double t : balance.market.curve.tenors()) {
    row.rate_shocks.push_back(market.state.curve.zero_rate(t) - balance.market.curve.zero_rate(t));
  }
  return row;
}

std::size_t asset_index(const StressedBalance& balance, const std::string& name, const char* key) {
  std::vector<std::string> names = balance.asset_names();
  auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) {
    throw std::invalid_argument(
        with_guess(fmt::format("{}: '{}' is not an asset of the study", key, name), name, names));
  }
  return std::size_t(at - names.begin());
}

std::string with_guess(std::string message, const std::string& wrong, const std::vector<std::string>& right) {
  std::string guess = did_you_mean(wrong, right);
  return guess.empty() ? message : message + "; " + guess;
}

}  // namespace ballast

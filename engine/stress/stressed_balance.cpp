#include "engine/stress/stressed_balance.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "scenarios/base/suggest.h"

namespace ballast {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Every asset in the market as it is after its shifts.
void reprice(const StressedBalance& balance, StressedMarket& market) {
  for (std::size_t a = 0; a < balance.exposures.size(); ++a) {
    double spread_shift = market.spread_shift.empty() ? 0.0 : market.spread_shift[a];
    market.asset_change[a] = balance.exposures[a].price_change(balance.market.curve, market.state.curve,
                                                               market.inflation_shift, spread_shift);
  }
}

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

std::optional<CreditQuality> StressedBalance::quality_of(std::size_t asset) const {
  const AssetParameters& parameters = asset_parameters[asset];
  if (!parameters.corporate_bond) return parameters.credit_quality;
  return parameters.credit_quality.value_or(CreditQuality::unrated);
}

bool StressedBalance::bears_spread(std::size_t asset) const {
  return quality_of(asset).value_or(CreditQuality::government) != CreditQuality::government;
}

StressedMarket unstressed(const StressedBalance& balance, const std::string& name) {
  return {name, balance.market, std::vector<double>(balance.assets.size(), 0.0), 0.0, {}};
}

StressedMarket rates_stressed(const StressedBalance& balance, const std::string& name, const RateShock& shock) {
  if (balance.market.curve.empty()) {
    throw std::invalid_argument("stressed rates need a yield curve: add market.curve or market.curve_history");
  }
  StressedMarket market = unstressed(balance, name);
  market.state.curve = shocked_curve(balance.market.curve, shock);
  reprice(balance, market);
  return market;
}

void shift_inflation(const StressedBalance& balance, double shift, StressedMarket& market) {
  if (balance.market.breakeven.empty()) {
    throw std::invalid_argument("inflation_shift: the study has no expected inflation; add market.inflation");
  }
  std::vector<double> rates = market.state.breakeven.zero_rates();
  for (double& rate : rates) rate += shift;
  market.state.breakeven = YieldCurve(market.state.breakeven.tenors(), rates);
  market.inflation_shift += shift;
  reprice(balance, market);
}

void shift_spreads(const StressedBalance& balance, const std::vector<double>& shifts, StressedMarket& market) {
  market.spread_shift = shifts;
  reprice(balance, market);
}

void shift_simulated_spreads(const StressedBalance& balance, const Eigen::VectorXd& shifts, StressedMarket& market) {
  std::vector<double> by_asset(balance.assets.size(), 0.0);
  for (std::size_t a = 0; a < balance.assets.size(); ++a) {
    const Asset& asset = balance.assets[a];
    if (asset.kind == AssetKind::corporate_bond) by_asset[a] = shifts[Eigen::Index(asset.spread_index)];
  }
  shift_spreads(balance, by_asset, market);
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

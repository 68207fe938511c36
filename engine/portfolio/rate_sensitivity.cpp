#include "engine/portfolio/rate_sensitivity.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/liabilities/valuation.h"
#include "scenarios/base/error.h"

namespace ballast {

std::optional<RateSensitivity> regress_duration(const MarketHistory& history, std::size_t series) {
  Eigen::Index periods = history.periods();
  if (history.tenors.empty() || periods < 3) return std::nullopt;
  Eigen::ArrayXd y = (1 + history.returns.col(Eigen::Index(series)).array()).log();
  y -= y.mean();
  std::optional<RateSensitivity> best;
  double least = y.square().sum();
  for (std::size_t k = 0; k < history.tenors.size(); ++k) {
    auto rates = history.zero_rates.col(Eigen::Index(k));
    Eigen::ArrayXd x = (rates.tail(periods) - rates.head(periods)).array();
    x -= x.mean();
    double xx = x.square().sum();
    if (!(xx > 0)) continue;
    double slope = (x * y).sum() / xx;
    double rest = (y - slope * x).square().sum();
    if (best && rest >= least) continue;
    least = rest;
    double error = std::sqrt(rest / double(periods - 2) / xx);
    best = RateSensitivity{-slope, 0.0, history.tenors[k], error > 0 ? std::abs(slope) / error : 0.0};
  }
  return best;
}

double RateExposure::price_change(const YieldCurve& curve, const YieldCurve& stressed, double inflation_shift,
                                  double spread_shift) const {
  if (flows && curve.empty()) return 0.0;  // cash alone
  // Less its value now, not 1: what nothing moves then changes by exactly 0.
  if (flows) return std::max(-1.0, flows->value(stressed, inflation_shift, spread_shift) - flows->value(curve));
  double rates = curve.empty() ? 0.0 : stressed.zero_rate(series.tenor) - curve.zero_rate(series.tenor);
  return std::max(-1.0, series.price_change(rates + spread_shift));
}

AssetMeasures RateExposure::measures(const YieldCurve& curve, Compounding compounding,
                                     const std::vector<double>& key_rates) const {
  if (flows) return measure(*flows, curve, compounding, key_rates);
  AssetMeasures result;
  result.key_rate_durations.assign(key_rates.size(), 0.0);
  if (series.duration == 0.0) return result;
  // As in valuation.h: with m periods a year a quoted rate r has dz/dr = exp(-z/m), d2z/dr2 = -exp(-2z/m)/m.
  int periods = periods_per_year(compounding);
  double period = periods == 0 ? 0.0 : 1.0 / periods;
  double dz_dr = std::exp(-curve.zero_rate(series.tenor) * period);
  result.modified_duration = series.duration * dz_dr;
  result.convexity = (series.convexity + series.duration * period) * dz_dr * dz_dr;
  for (std::size_t k = 0; k < key_rates.size(); ++k) {
    result.key_rate_durations[k] = result.modified_duration * key_rate_weight(key_rates, k, series.tenor);
  }
  return result;
}

namespace {

RateExposure exposure_of_series(const Asset& asset, const AssetParameters& parameters, const MarketHistory& history,
                                const std::string& key_path) {
  RateExposure exposure;
  std::optional<RateSensitivity> found = regress_duration(history, asset.series_index);
  if (!parameters.duration) {
    if (found && found->bond_like()) {
      exposure.source = DurationSource::unknown;
      exposure.series = *found;
    }
    return exposure;
  }
  if (parameters.duration->years) {
    exposure.source = DurationSource::declared;
    exposure.series = {*parameters.duration->years, 0.0, std::abs(*parameters.duration->years), 0.0};
  } else {
    if (!found) {
      throw key_error(key_path,
                      "'auto' needs a history of curves: add market.curve_history, or give a number of years");
    }
    exposure.source = DurationSource::regressed;
    exposure.series = *found;
  }
  exposure.series.convexity = parameters.convexity.value_or(0.0);
  return exposure;
}

}  // namespace

std::vector<RateExposure> rate_exposures(const std::vector<Asset>& assets,
                                         const std::vector<AssetParameters>& parameters, const YieldCurve& curve,
                                         const YieldCurve& breakeven, const MarketHistory& history,
                                         std::span<const double> spreads) {
  std::vector<RateExposure> exposures;
  for (std::size_t i = 0; i < assets.size(); ++i) {
    if (assets[i].kind == AssetKind::series) {
      exposures.push_back(exposure_of_series(assets[i], parameters[i], history, fmt::format("assets[{}].duration", i)));
    } else {
      exposures.push_back({DurationSource::curve, {}, asset_flows(assets[i], curve, breakeven, spreads)});
    }
  }
  return exposures;
}

}  // namespace ballast

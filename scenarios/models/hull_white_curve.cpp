#include "scenarios/models/gaussian_curve.h"

namespace ballast {
namespace {

GaussianFactors factors_of(const HullWhiteParameters& p) {
  return {*p.level, {*p.mean_reversion}, {*p.volatility}, {*p.real_world_mean_reversion}, {*p.market_price_of_risk},
          0.0};
}

/// Hull & White (1990), fitted to the initial curve through a shift of the short rate (Brigo & Mercurio 2006, section
/// 3.3). The factor starts where it fits today's curve best: under the risk-neutral measure that is the same as 0, and
/// under the real-world one it says how far it has to revert.
class HullWhiteCurve final : public GaussianCurve {
 public:
  HullWhiteCurve(const CurveSetting& setting, const HullWhiteParameters& parameters, FitTable table)
      : GaussianCurve(setting, factors_of(parameters), InitialCurve::deterministic_shift, parameters.floor,
                      factors_now(factors_of(parameters), setting), std::move(table)),
        parameters_(parameters) {}

  void resolve(ScenarioParameters& parameters) const override { parameters.hull_white = parameters_; }

 private:
  HullWhiteParameters parameters_;
};

}  // namespace

std::unique_ptr<CurveModel> make_hull_white_curve(const HullWhiteParameters& given, const CurveSetting& setting) {
  check_history(setting, 2);
  check_floor(given.floor, setting.measure, "hull_white");
  HullWhiteParameters parameters = given;
  if (needs_no_real_world(setting)) {
    if (!parameters.real_world_mean_reversion)
      parameters.real_world_mean_reversion = parameters.mean_reversion.value_or(1);
    if (!parameters.market_price_of_risk) parameters.market_price_of_risk = 0.0;
    if (!parameters.level) parameters.level = setting.initial.zero_rate(setting.step_years);
  }
  const MarketHistory& history = setting.history;
  EstimatedParameters all;
  all.add("mean_reversion", "1/years", parameters.mean_reversion, 0.1, 1e-3, 20);
  all.add("volatility", "per year^0.5", parameters.volatility, short_rate_volatility(setting), 1e-5, 0.2);
  all.add("real_world_mean_reversion", "1/years", parameters.real_world_mean_reversion, 0.1, 1e-3, 20);
  all.add("market_price_of_risk", "per year^0.5", parameters.market_price_of_risk, 0.0, -50, 50);
  // Over the history the shift is taken for constant: the likelihood is that of the Vasicek model.
  all.add("level", "", parameters.level, long_rate_mean(setting), -0.5, 5);
  all.add_nuisance("measurement error", 0.003, 1e-5, 0.05);
  all.estimate("the Hull-White model", "scenarios.hull_white", history.zero_rates.rows(),
               [&](std::span<const double> p, std::span<double> density) {
                 return panel_log_densities({p[4], {p[0]}, {p[1]}, {p[2]}, {p[3]}, 0.0}, setting, p[5], density);
               });
  return std::make_unique<HullWhiteCurve>(
      setting, parameters, all.table("Hull-White short rate", "maximum likelihood on the history's curves"));
}

}  // namespace ballast

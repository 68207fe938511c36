#include "scenarios/models/gaussian_curve.h"

namespace ballast {
namespace {

GaussianFactors factors_of(const G2ppParameters& p) {
  return {*p.level,
          {*p.mean_reversion_x, *p.mean_reversion_y},
          {*p.volatility_x, *p.volatility_y},
          {*p.real_world_mean_reversion_x, *p.real_world_mean_reversion_y},
          {*p.market_price_of_risk_x, *p.market_price_of_risk_y},
          *p.correlation};
}

/// G2++ (Brigo & Mercurio 2006, section 4.2), fitted to the initial curve through a shift of the short rate. The
/// factors start where they fit today's curve best: under the risk-neutral measure that is the same as 0, and under the
/// real-world one it says how far they have to revert.
class G2ppCurve final : public GaussianCurve {
 public:
  G2ppCurve(const CurveSetting& setting, const G2ppParameters& parameters, FitTable table)
      : GaussianCurve(setting, factors_of(parameters), InitialCurve::deterministic_shift, parameters.floor,
                      factors_now(factors_of(parameters), setting), std::move(table)),
        parameters_(parameters) {}

  void resolve(ScenarioParameters& parameters) const override { parameters.g2pp = parameters_; }

 private:
  G2ppParameters parameters_;
};

}  // namespace

std::unique_ptr<CurveModel> make_g2pp_curve(const G2ppParameters& given, const CurveSetting& setting) {
  check_history(setting, 3);
  check_floor(given.floor, setting.measure, "g2pp");
  G2ppParameters parameters = given;
  if (needs_no_real_world(setting)) {
    if (!parameters.real_world_mean_reversion_x)
      parameters.real_world_mean_reversion_x = parameters.mean_reversion_x.value_or(1);
    if (!parameters.real_world_mean_reversion_y)
      parameters.real_world_mean_reversion_y = parameters.mean_reversion_y.value_or(1);
    if (!parameters.market_price_of_risk_x) parameters.market_price_of_risk_x = 0.0;
    if (!parameters.market_price_of_risk_y) parameters.market_price_of_risk_y = 0.0;
    if (!parameters.level) parameters.level = setting.initial.zero_rate(setting.step_years);
  }
  const MarketHistory& history = setting.history;
  double volatility = short_rate_volatility(setting);
  EstimatedParameters all;
  all.add("mean_reversion_x", "1/years", parameters.mean_reversion_x, 0.5, 1e-3, 20);
  all.add("volatility_x", "per year^0.5", parameters.volatility_x, volatility, 1e-5, 0.2);
  all.add("mean_reversion_y", "1/years", parameters.mean_reversion_y, 0.05, 1e-3, 20);
  all.add("volatility_y", "per year^0.5", parameters.volatility_y, volatility, 1e-5, 0.2);
  all.add("correlation", "", parameters.correlation, -0.5, -0.999, 0.999);
  all.add("real_world_mean_reversion_x", "1/years", parameters.real_world_mean_reversion_x, 0.5, 1e-3, 20);
  all.add("real_world_mean_reversion_y", "1/years", parameters.real_world_mean_reversion_y, 0.1, 1e-3, 20);
  all.add("market_price_of_risk_x", "per year^0.5", parameters.market_price_of_risk_x, 0.0, -50, 50);
  all.add("market_price_of_risk_y", "per year^0.5", parameters.market_price_of_risk_y, 0.0, -50, 50);
  all.add("level", "", parameters.level, long_rate_mean(setting), -0.5, 5);
  all.add_nuisance("measurement error", 0.002, 1e-6, 0.05);
  bool named = given.mean_reversion_x || given.mean_reversion_y;
  all.estimate("the G2++ model", "scenarios.g2pp", history.zero_rates.rows(),
               [&](std::span<const double> p, std::span<double> density) {
                 // The factors are alike but for their speeds: x is the faster one, unless the study says otherwise.
                 if (!named && p[0] < p[2]) return false;
                 return panel_log_densities({p[9], {p[0], p[2]}, {p[1], p[3]}, {p[5], p[6]}, {p[7], p[8]}, p[4]},
                                            setting, p[10], density);
               });
  return std::make_unique<G2ppCurve>(setting, parameters,
                                     all.table("G2++ short rate", "maximum likelihood on the history's curves"));
}

}  // namespace ballast

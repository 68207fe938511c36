#include <fmt/format.h>

#include "scenarios/models/gaussian_curve.h"

namespace ballast {
namespace {

/// dr = a (b - r) dt + sigma dW under the risk-neutral measure (Vasicek 1977); the factor is x = r - b.
class VasicekFit {
 public:
  VasicekFit(const VasicekParameters& given, const CurveSetting& setting) : parameters(given) {
    if (needs_no_real_world(setting)) {
      if (!parameters.real_world_mean_reversion)
        parameters.real_world_mean_reversion = parameters.mean_reversion.value_or(1);
      if (!parameters.market_price_of_risk) parameters.market_price_of_risk = 0.0;
    }
    const MarketHistory& history = setting.history;
    EstimatedParameters all;
    all.add("mean_reversion", "1/years", parameters.mean_reversion, 0.1, 1e-3, 20);
    all.add("mean", "", parameters.mean, long_rate_mean(setting), -0.5, 5);
    all.add("volatility", "per year^0.5", parameters.volatility, short_rate_volatility(setting), 1e-5, 0.2);
    all.add("real_world_mean_reversion", "1/years", parameters.real_world_mean_reversion, 0.1, 1e-3, 20);
    all.add("market_price_of_risk", "per year^0.5", parameters.market_price_of_risk, 0.0, -50, 50);
    all.add_nuisance("measurement error", 0.003, 1e-5, 0.05);
    all.estimate("the Vasicek model", "scenarios.vasicek", history.zero_rates.rows(),
                 [&](std::span<const double> p, std::span<double> density) {
                   return panel_log_densities({p[1], {p[0]}, {p[2]}, {p[3]}, {p[4]}, 0.0}, setting, p[5], density);
                 });
    table = all.table("Vasicek short rate", "maximum likelihood on the history's curves");
    factors = {*parameters.mean,
               {*parameters.mean_reversion},
               {*parameters.volatility},
               {*parameters.real_world_mean_reversion},
               {*parameters.market_price_of_risk},
               0.0};
    const bool given_rate = parameters.short_rate.has_value();
    if (!given_rate) parameters.short_rate = *parameters.mean + factors_now(factors, setting)[0];
    const double r = *parameters.short_rate;
    state = {r - *parameters.mean};
    double real_world_mean = *parameters.mean + factors.stationary().drift[0];
    table.rows.push_back({"mean under the real-world measure", fmt::format("{:.5f}", real_world_mean), "", ""});
    table.rows.push_back({"short rate now", fmt::format("{:.5f}", r), "", given_rate ? "given" : "fits today's curve"});
  }

  VasicekParameters parameters;
  GaussianFactors factors;
  std::vector<double> state;
  FitTable table;
};

class VasicekCurve final : public GaussianCurve {
 public:
  VasicekCurve(const CurveSetting& setting, const VasicekFit& fit)
      : GaussianCurve(setting, fit.factors, joined_curve(fit.parameters.initial_curve, setting.measure, "vasicek"),
                      fit.parameters.floor, fit.state, fit.table),
        parameters_(fit.parameters) {}

  void resolve(ScenarioParameters& parameters) const override { parameters.vasicek = parameters_; }

 private:
  VasicekParameters parameters_;
};

}  // namespace

std::unique_ptr<CurveModel> make_vasicek_curve(const VasicekParameters& parameters, const CurveSetting& setting) {
  check_history(setting, 2);
  check_floor(parameters.floor, setting.measure, "vasicek");
  return std::make_unique<VasicekCurve>(setting, VasicekFit(parameters, setting));
}

}  // namespace ballast

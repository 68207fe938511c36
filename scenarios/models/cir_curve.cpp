#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/models/affine_curve.h"
#include "scenarios/models/estimated_parameters.h"
#include "scenarios/models/gaussian_curve.h"
#include "scenarios/models/short_rate_formulas.h"
#include "scenarios/random/noncentral_chi_square.h"
#include "scenarios/stats/state_space.h"

namespace ballast {
namespace {

/// dx = a (b - x) dt + sigma sqrt(x) dW under the risk-neutral measure (Cox, Ingersoll & Ross 1985), r = x - shift.
/// With the market price of risk lambda sqrt(x), x is such a process under the real-world measure too, with speed a -
/// lambda sigma and the same a b: so the degrees of freedom 4 a b / sigma^2 are those of both.
struct CirProcess {
  double a, b, sigma, lambda;

  double real_world_speed() const { return a - lambda * sigma; }
  double real_world_mean() const { return a * b / real_world_speed(); }
  double degrees() const { return 4 * a * b / (sigma * sigma); }
};

/// x' = scale times a non-central chi-square number of non-centrality noncentrality x, exactly.
struct CirTransition {
  double scale, noncentrality;
};

/// Over dt under the real-world measure (Brigo & Mercurio 3.23).
CirTransition real_world_transition(const CirProcess& p, double dt) {
  double k = p.real_world_speed();
  double scale = -p.sigma * p.sigma * std::expm1(-k * dt) / (4 * k);
  return {scale, std::exp(-k * dt) / scale};
}

/// Under the measure whose numeraire is the bond that matures at the step's end (Brigo & Mercurio 3.28): with the
/// step's deposit rolled it discounts exactly, without an error in dt.
CirTransition risk_neutral_transition(const CirProcess& p, double dt) {
  double h = std::sqrt(p.a * p.a + 2 * p.sigma * p.sigma), s2 = p.sigma * p.sigma;
  double rho = 2 * h / (s2 * std::expm1(h * dt)), psi = (p.a + h) / s2;
  double scale = 1 / (2 * (rho + psi));
  return {scale, 4 * rho * rho * std::exp(h * dt) * scale};
}

struct CirPanel {
  Eigen::VectorXd offset;
  Eigen::MatrixXd loadings;
};

CirPanel panel_of(const CirProcess& p, double shift, const std::vector<double>& tenors) {
  auto m = Eigen::Index(tenors.size());
  CirPanel panel{Eigen::VectorXd(m), Eigen::MatrixXd(m, 1)};
  for (Eigen::Index i = 0; i < m; ++i) {
    double tau = std::max(tenors[std::size_t(i)], 1e-6);
    CirBond bond = cir_bond(p.a, p.b, p.sigma, tau);
    panel.offset[i] = bond.log_constant / tau - shift;
    panel.loadings(i, 0) = bond.loading / tau;
  }
  return panel;
}

/// Quasi-likelihood of the panel (Duan & Simonato 1999): the Kalman filter with the process's own conditional means and
/// variances, taken for those of normals.
bool quasi_log_densities(const CirProcess& p, double shift, const CurveSetting& setting, double measurement_sd,
                         std::span<double> density) {
  const MarketHistory& history = setting.history;
  double dt = setting.step_years;
  double k = p.real_world_speed(), mean = p.real_world_mean(), s2 = p.sigma * p.sigma;
  if (!(k > 1e-4)) return false;
  CirPanel panel = panel_of(p, shift, history.tenors);
  double decay = std::exp(-k * dt), fall = -std::expm1(-k * dt);
  auto one = [](double value) { return Eigen::MatrixXd::Constant(1, 1, value); };
  StateSpace model;
  model.offset = panel.offset;
  model.loadings = panel.loadings;
  model.noise_sd = measurement_sd;
  model.intercept = one(mean * fall);
  model.transition = one(decay);
  model.covariance = one(mean * s2 / (2 * k) * fall * fall);
  model.covariance_slope = one(s2 / k * decay * fall);
  model.start_mean = one(mean);
  model.start_covariance = one(mean * s2 / (2 * k));
  return state_space_log_densities(model, history.zero_rates, density);
}

class CirCurve final : public AffineCurve {
 public:
  CirCurve(const CurveSetting& setting, const CirParameters& parameters, FitTable table)
      : AffineCurve(setting, joined_curve(parameters.initial_curve, setting.measure, "cir"), parameters.floor),
        parameters_(parameters),
        process_{*parameters.mean_reversion, *parameters.mean, *parameters.volatility,
                 *parameters.market_price_of_risk},
        chi_square_(degrees_of(process_)),
        table_(std::move(table)) {
    double dt = setting.step_years;
    transition_ = setting.measure == Measure::risk_neutral ? risk_neutral_transition(process_, dt)
                                                           : real_world_transition(process_, dt);
    CirPanel panel = panel_of(process_, parameters.shift, observed_tenors(setting));
    innovations_.resize(0, 1);
    if (setting.has_history()) innovations_ = history_shocks(panel, setting.history.zero_rates, dt);
    columns_ = {"short rate"};
    if (!parameters_.short_rate) {
      parameters_.short_rate =
          cross_sectional_states(panel.offset, panel.loadings, initial_observed(setting))(0, 0) - parameters_.shift;
    }
    const double now = *parameters_.short_rate + parameters_.shift;
    if (now < 0) {
      throw key_error("scenarios.cir.shift", fmt::format("{} leaves today's short rate ({:.4f}) below -shift; raise it",
                                                         parameters.shift, now - parameters.shift));
    }
    join({now});
    describe(now, parameters.short_rate.has_value());
  }

  void resolve(ScenarioParameters& parameters) const override { parameters.cir = parameters_; }
  std::vector<FitTable> fit_tables() const override { return {table_}; }

 private:
  static double degrees_of(const CirProcess& p) {
    double degrees = p.degrees();
    if (!(degrees >= 0.05 && degrees <= 1e4)) {
      throw key_error(
          "scenarios.cir",
          fmt::format("4 mean_reversion mean / volatility^2 is {:.4g}, and the sampling is accurate from 0.05 to "
                      "10000; give other parameters",
                      degrees));
    }
    if (!(p.real_world_speed() > 0)) {
      throw key_error("scenarios.cir.market_price_of_risk",
                      fmt::format("{:.4g} leaves the rate without mean reversion under the real-world measure "
                                  "(mean_reversion - market_price_of_risk volatility is {:.4g}); lower it",
                                  p.lambda, p.real_world_speed()));
    }
    return degrees;
  }

  /// The shocks that would have moved x from date to date, x being what fits each curve best.
  Eigen::MatrixXd history_shocks(const CirPanel& panel, const Eigen::MatrixXd& zero_rates, double dt) const {
    Eigen::VectorXd x = cross_sectional_states(panel.offset, panel.loadings, zero_rates).cwiseMax(1e-8);
    CirTransition past = real_world_transition(process_, dt);
    Eigen::MatrixXd scores(x.size() - 1, 1);
    for (Eigen::Index t = 0; t < scores.rows(); ++t) {
      scores(t, 0) = chi_square_.normal_score(std::sqrt(x[t + 1] / past.scale), std::sqrt(x[t] * past.noncentrality));
    }
    return standardised(scores);
  }

  double constant(double tau) const override {
    return cir_bond(process_.a, process_.b, process_.sigma, tau).log_constant - parameters_.shift * tau;
  }
  double loading(std::size_t, double tau) const override {
    return cir_bond(process_.a, process_.b, process_.sigma, tau).loading;
  }
  void advance(const LaneArray& innovations, std::size_t first, LaneArray& x) const override {
    double* state = x.row(0);
    std::size_t lanes = x.lanes();
    for (std::size_t lane = 0; lane < lanes; ++lane) state[lane] = std::sqrt(state[lane] * transition_.noncentrality);
    chi_square_.root_quantiles(innovations.row(first), state, state, lanes);
    for (std::size_t lane = 0; lane < lanes; ++lane) state[lane] = transition_.scale * state[lane] * state[lane];
  }

  void describe(double now, bool given) {
    auto row = [&](const char* name, double value, const char* digits_unit) {
      table_.rows.push_back({name, fmt::format("{:.5f}", value), "", digits_unit});
    };
    double feller = 2 * process_.a * process_.b / (process_.sigma * process_.sigma);
    row("mean of the short rate under the real-world measure", process_.real_world_mean() - parameters_.shift, "");
    row("half-life under the real-world measure", std::numbers::ln2 / process_.real_world_speed(), "years");
    row("2 a b / sigma^2", feller, feller >= 1 ? "above 1: never reaches -shift" : "below 1: reaches -shift");
    row("short rate now", now - parameters_.shift, given ? "given" : "fits today's curve");
  }

  CirParameters parameters_;
  CirProcess process_;
  NoncentralChiSquare chi_square_;
  CirTransition transition_{};
  FitTable table_;
};

}  // namespace

std::unique_ptr<CurveModel> make_cir_curve(const CirParameters& given, const CurveSetting& setting) {
  check_history(setting, 2);
  check_floor(given.floor, setting.measure, "cir");
  const MarketHistory& history = setting.history;
  const double lowest = setting.has_history() ? history.zero_rates.minCoeff() : 0.0;
  if (lowest + given.shift < -1e-6) {
    throw key_error("scenarios.cir.shift", fmt::format("{} leaves rates of the history below zero (the lowest is "
                                                       "{:.4f}, and CIR rates stay above -shift); raise it",
                                                       given.shift, lowest));
  }
  CirParameters parameters = given;
  if (needs_no_real_world(setting) && !parameters.market_price_of_risk) parameters.market_price_of_risk = 0.0;
  double level = long_rate_mean(setting) + given.shift;
  EstimatedParameters all;
  all.add("mean_reversion", "1/years", parameters.mean_reversion, 0.1, 1e-3, 20);
  all.add("mean", "", parameters.mean, level, 1e-4, 10);
  all.add("volatility", "per year^0.5", parameters.volatility, short_rate_volatility(setting) / std::sqrt(level), 1e-3,
          2);
  all.add("market_price_of_risk", "per year^0.5", parameters.market_price_of_risk, 0.0, -100, 100);
  all.add_nuisance("measurement error", 0.003, 1e-5, 0.05);
  all.estimate("the CIR model", "scenarios.cir", history.zero_rates.rows(),
               [&](std::span<const double> p, std::span<double> density) {
                 return quasi_log_densities({p[0], p[1], p[2], p[3]}, given.shift, setting, p[4], density);
               });
  return std::make_unique<CirCurve>(setting, parameters,
                                    all.table("CIR short rate", "quasi maximum likelihood on the history's curves"));
}

}  // namespace ballast

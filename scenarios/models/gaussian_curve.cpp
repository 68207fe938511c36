#include "scenarios/models/gaussian_curve.h"

#include <cmath>
#include <numbers>

#include <Eigen/Cholesky>
#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/stats/moments.h"
#include "scenarios/stats/state_space.h"

namespace ballast {
namespace {

/// Zero rates are offset + loadings x.
struct Panel {
  Eigen::VectorXd offset;
  Eigen::MatrixXd loadings;
};

Panel panel_of(const GaussianFactors& factors, const std::vector<double>& tenors) {
  auto m = Eigen::Index(tenors.size()), n = Eigen::Index(factors.size());
  Panel panel{Eigen::VectorXd(m), Eigen::MatrixXd(m, n)};
  for (Eigen::Index i = 0; i < m; ++i) {
    double tau = std::max(tenors[std::size_t(i)], 1e-6);
    panel.offset[i] = factors.level - factors.integral_variance(tau) / (2 * tau);
    for (Eigen::Index k = 0; k < n; ++k) panel.loadings(i, k) = factors.loading(std::size_t(k), tau) / tau;
  }
  return panel;
}

}  // namespace

bool panel_log_densities(const GaussianFactors& factors, const CurveSetting& setting, double measurement_sd,
                         std::span<double> log_density) {
  Panel panel = panel_of(factors, setting.history.tenors);
  StateSpace model;
  model.offset = panel.offset;
  model.loadings = panel.loadings;
  model.noise_sd = measurement_sd;
  FactorTransition step = factors.real_world(setting.step_years), start = factors.stationary();
  model.intercept = step.drift;
  model.transition = step.decay;
  model.covariance = step.covariance;
  model.start_mean = start.drift;
  model.start_covariance = start.covariance;
  return state_space_log_densities(model, setting.history.zero_rates, log_density);
}

Eigen::MatrixXd fitted_factors(const GaussianFactors& factors, const Eigen::MatrixXd& zero_rates,
                               const std::vector<double>& tenors) {
  Panel panel = panel_of(factors, tenors);
  return cross_sectional_states(panel.offset, panel.loadings, zero_rates);
}

std::vector<double> factors_now(const GaussianFactors& factors, const CurveSetting& setting) {
  Eigen::MatrixXd x = fitted_factors(factors, initial_observed(setting), observed_tenors(setting));
  return {x.data(), x.data() + x.size()};
}

Eigen::MatrixXd standardised(const Eigen::MatrixXd& residuals) {
  Eigen::MatrixXd centred = residuals.rowwise() - residuals.colwise().mean();
  Eigen::LLT<Eigen::MatrixXd> factor(covariance(centred));
  if (factor.info() != Eigen::Success) {
    throw key_error(
        "market.curve_history",
        "the history's curves do not move in as many ways as the curve model has factors; choose a model of fewer");
  }
  return factor.matrixL().solve(centred.transpose()).transpose();
}

double short_rate_volatility(const CurveSetting& setting) {
  if (!setting.has_history()) return 0.01;
  const Eigen::MatrixXd& z = setting.history.zero_rates;
  Eigen::VectorXd changes = z.col(0).tail(z.rows() - 1) - z.col(0).head(z.rows() - 1);
  return standard_deviation({changes.data(), std::size_t(changes.size())}) / std::sqrt(setting.step_years);
}

double long_rate_mean(const CurveSetting& setting) {
  return setting.has_history() ? setting.history.zero_rates.rightCols(1).mean()
                               : setting.initial.zero_rate(setting.initial.tenors().back());
}

GaussianCurve::GaussianCurve(const CurveSetting& setting, GaussianFactors factors, InitialCurve joined,
                             std::optional<double> floor, const std::vector<double>& state, FitTable table)
    : AffineCurve(setting, joined, floor), factors_(std::move(factors)), table_(std::move(table)) {
  double dt = setting.step_years;
  std::size_t n = factors_.size();
  FactorTransition past = factors_.real_world(dt);
  transition_ = setting.measure == Measure::risk_neutral ? factors_.risk_neutral(dt) : past;
  shock_ = transition_.covariance.llt().matrixL();

  innovations_.resize(0, Eigen::Index(n));
  if (setting.has_history()) {
    Eigen::MatrixXd x = fitted_factors(factors_, setting.history.zero_rates, setting.history.tenors);
    Eigen::Index periods = x.rows() - 1;
    innovations_ = standardised(x.bottomRows(periods) - x.topRows(periods) * past.decay.asDiagonal());
  }
  join(state);

  for (std::size_t k = 0; k < n; ++k) {
    std::string factor = n == 1 ? "" : fmt::format(" of factor {}", k + 1);
    columns_.push_back(n == 1 ? "short rate" : fmt::format("short rate factor {}", k + 1));
    for (auto [measure, speed] :
         {std::pair{"real-world", factors_.kappa[k]}, std::pair{"risk-neutral", factors_.a[k]}}) {
      table_.rows.push_back({fmt::format("half-life{}, {}", factor, measure),
                             fmt::format("{:.2f}", std::numbers::ln2 / speed), "", "years"});
    }
  }
}

double GaussianCurve::constant(double tau) const { return factors_.level * tau - factors_.integral_variance(tau) / 2; }

void GaussianCurve::advance(const LaneArray& innovations, std::size_t first, LaneArray& x) const {
  std::size_t lanes = x.lanes();
  for (std::size_t k = 0; k < x.rows(); ++k) {
    double* state = x.row(k);
    double decay = transition_.decay[Eigen::Index(k)], drift = transition_.drift[Eigen::Index(k)];
    for (std::size_t lane = 0; lane < lanes; ++lane) state[lane] = drift + decay * state[lane];
    for (std::size_t j = 0; j <= k; ++j) {
      double shock = shock_(Eigen::Index(k), Eigen::Index(j));
      const double* z = innovations.row(first + j);
      for (std::size_t lane = 0; lane < lanes; ++lane) state[lane] += shock * z[lane];
    }
  }
}

}  // namespace ballast

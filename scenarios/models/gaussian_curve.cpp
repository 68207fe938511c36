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
  double step_years = setting.step_years;
  Panel panel = panel_of(factors, setting.history.tenors);
  auto n = Eigen::Index(factors.size());
  StateSpace model;
  model.offset = panel.offset;
  model.loadings = panel.loadings;
  model.noise_sd = measurement_sd;
  model.intercept = factors.real_world_drift(step_years);
  model.covariance = factors.step_covariance(step_years);
  model.transition.resize(n);
  model.start_mean.resize(n);
  model.start_covariance.resize(n, n);
  for (Eigen::Index i = 0; i < n; ++i) {
    std::size_t k = std::size_t(i);
    model.transition[i] = factors.decay(k, step_years);
    model.start_mean[i] = factors.lambda[k] * factors.sigma[k] / factors.a[k];
    for (Eigen::Index j = 0; j < n; ++j) {
      std::size_t l = std::size_t(j);
      model.start_covariance(i, j) =
          factors.correlation(k, l) * factors.sigma[k] * factors.sigma[l] / (factors.a[k] + factors.a[l]);
    }
  }
  return state_space_log_densities(model, setting.history.zero_rates, log_density);
}

Eigen::MatrixXd fitted_factors(const GaussianFactors& factors, const Eigen::MatrixXd& zero_rates,
                               const std::vector<double>& tenors) {
  Panel panel = panel_of(factors, tenors);
  return cross_sectional_states(panel.offset, panel.loadings, zero_rates);
}

Eigen::MatrixXd standardised(const Eigen::MatrixXd& residuals) {
  Eigen::MatrixXd centred = residuals.rowwise() - residuals.colwise().mean();
  Eigen::LLT<Eigen::MatrixXd> factor(covariance(centred));
  if (factor.info() != Eigen::Success) {
    throw key_error("market.curve_history",
                    "its curves do not move in as many ways as the curve model has factors; choose a model of fewer");
  }
  return factor.matrixL().solve(centred.transpose()).transpose();
}

double short_rate_volatility(const CurveSetting& setting) {
  const Eigen::MatrixXd& z = setting.history.zero_rates;
  Eigen::VectorXd changes = z.col(0).tail(z.rows() - 1) - z.col(0).head(z.rows() - 1);
  return standard_deviation({changes.data(), std::size_t(changes.size())}) / std::sqrt(setting.step_years);
}

GaussianCurve::GaussianCurve(const CurveSetting& setting, GaussianFactors factors, InitialCurve joined,
                             std::optional<double> floor, const std::vector<double>& state, FitTable table)
    : AffineCurve(setting, joined, floor), factors_(std::move(factors)), table_(std::move(table)) {
  double dt = setting.step_years;
  std::size_t n = factors_.size();
  Eigen::VectorXd drift =
      setting.measure == Measure::risk_neutral ? factors_.risk_neutral_drift(dt) : factors_.real_world_drift(dt);
  for (std::size_t k = 0; k < n; ++k) {
    decay_.push_back(factors_.decay(k, dt));
    drift_.push_back(drift[Eigen::Index(k)]);
    columns_.push_back(n == 1 ? "short rate" : fmt::format("short rate factor {}", k + 1));
  }
  shock_ = factors_.step_covariance(dt).llt().matrixL();

  Eigen::MatrixXd x = fitted_factors(factors_, setting.history.zero_rates, setting.history.tenors);
  Eigen::Index periods = x.rows() - 1;
  Eigen::MatrixXd residuals = x.bottomRows(periods);
  for (std::size_t k = 0; k < n; ++k) {
    residuals.col(Eigen::Index(k)) -= decay_[k] * x.col(Eigen::Index(k)).head(periods);
  }
  innovations_ = standardised(residuals);
  join(state);

  double half_life = std::numbers::ln2;
  for (std::size_t k = 0; k < n; ++k) {
    table_.rows.push_back({n == 1 ? "half-life" : fmt::format("half-life, factor {}", k + 1),
                           fmt::format("{:.2f}", half_life / factors_.a[k]), "", "years"});
  }
}

double GaussianCurve::constant(double tau) const { return factors_.level * tau - factors_.integral_variance(tau) / 2; }

void GaussianCurve::advance(const LaneArray& innovations, std::size_t first, LaneArray& x) const {
  std::size_t lanes = x.lanes();
  for (std::size_t k = 0; k < x.rows(); ++k) {
    double* state = x.row(k);
    double decay = decay_[k], drift = drift_[k];
    for (std::size_t lane = 0; lane < lanes; ++lane) state[lane] = drift + decay * state[lane];
    for (std::size_t j = 0; j <= k; ++j) {
      double shock = shock_(Eigen::Index(k), Eigen::Index(j));
      const double* z = innovations.row(first + j);
      for (std::size_t lane = 0; lane < lanes; ++lane) state[lane] += shock * z[lane];
    }
  }
}

}  // namespace ballast

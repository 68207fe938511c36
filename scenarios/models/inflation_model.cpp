#include "scenarios/models/inflation_model.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/lane_math.h"
#include "scenarios/models/estimated_parameters.h"
#include "scenarios/stats/autoregression.h"

namespace ballast {
namespace {

double per_step(double annual, double step_years) { return std::log1p(annual) * step_years; }
double annual(double log_per_step, double step_years) { return std::expm1(log_per_step / step_years); }

}  // namespace

InflationModel::InflationModel(const InflationParameters& parameters, const Eigen::VectorXd& inflation,
                               double step_years)
    : kind_(parameters.model), step_years_(step_years), estimated_(parameters) {
  Eigen::VectorXd x = (1 + inflation.array()).log().matrix();
  if (x.maxCoeff() - x.minCoeff() < 1e-12) {
    throw key_error("market.inflation",
                    fmt::format("inflation is {:.6g} in all {} periods (a constant cannot be simulated); give another "
                                "series",
                                inflation[0], inflation.size()));
  }
  kind_ == InflationKind::history ? fit_history(x) : fit_vasicek(x);

  Surprises surprises = filter(x, mean_, phi_, gain_);
  innovations_ = surprises.v.array() - surprises.v.mean();
  sd_ = std::sqrt(innovations_.squaredNorm() / double(innovations_.size() - 1));
  expected_ = parameters.expected ? per_step(*parameters.expected, step_years_) : surprises.next_expected;
  double half_life = phi_ > 0 ? -std::numbers::ln2 / std::log(phi_) * step_years_ : 0.0;
  table_.rows.push_back({"half-life of expected inflation", fmt::format("{:.2f}", half_life), "", "years"});
  table_.rows.push_back({"surprise, standard deviation", fmt::format("{:.6f}", sd_), "", "per step"});
  table_.rows.push_back({"expected now", fmt::format("{:.4f}", annual(expected_, step_years_)),
                         parameters.expected ? "given" : "", "a year"});
}

/// Ordinary least squares; with a given mean, about it.
void InflationModel::fit_history(const Eigen::VectorXd& x) {
  Ar1 fit = fit_ar1({x.data(), std::size_t(x.size())});
  mean_ = fit.mean();
  phi_ = fit.slope;
  if (estimated_.mean) {
    mean_ = per_step(*estimated_.mean, step_years_);
    Eigen::Index pairs = x.size() - 1;
    Eigen::ArrayXd before = x.head(pairs).array() - mean_, after = x.tail(pairs).array() - mean_;
    phi_ = (before * after).sum() / before.square().sum();
  }
  if (!(std::abs(phi_) < 1)) {
    throw key_error("market.inflation",
                    fmt::format("inflation is not stationary (its autoregression has slope {:.4f}); give a longer "
                                "history, or scenarios.inflation.mean",
                                phi_));
  }
  gain_ = phi_;
  double mean_error = fit.residual_sd / (1 - phi_) / std::sqrt(double(x.size() - 1)) / step_years_;
  table_ = {"Inflation (history, least squares)", {"parameter", "estimate", "standard error", "unit"}, {}};
  double mean_now = annual(mean_, step_years_);
  table_.rows.push_back({"mean", fmt::format("{:.5f}", mean_now),
                         estimated_.mean ? "given" : fmt::format("{:.5f}", mean_error * (1 + mean_now)), "a year"});
  table_.rows.push_back(
      {"phi", fmt::format("{:.5f}", phi_), fmt::format("{:.5f}", fit.slope_standard_error), "per step"});
}

/// Maximum likelihood of the ARMA(1,1), conditional on E at the start being the mean.
void InflationModel::fit_vasicek(const Eigen::VectorXd& x) {
  InflationParameters& all = estimated_;
  double dt = step_years_, mean = annual(x.mean(), dt);
  double slope = fit_ar1({x.data(), std::size_t(x.size())}).slope;
  // Half-lives from a quarter of a step to 30 years: a few decades cannot tell a slower reversion from none.
  double slowest = std::numbers::ln2 / 30, fastest = 4 * std::numbers::ln2 / dt;
  EstimatedParameters parameters;
  parameters.add("mean", "a year", all.mean, mean, mean - 0.3, mean + 0.3);
  parameters.add("mean_reversion", "1/years", all.mean_reversion, 0.3, slowest, fastest);
  parameters.add("gain", "", all.gain, std::clamp(slope, 0.05, 0.9), 0.0, 1.5);
  auto log_density = [&](std::span<const double> p, std::span<double> density) {
    Eigen::VectorXd v = filter(x, per_step(p[0], dt), std::exp(-p[1] * dt), p[2]).v;
    double variance = v.squaredNorm() / double(v.size());
    for (Eigen::Index t = 0; t < v.size(); ++t) {
      density[std::size_t(t)] = -(std::log(2 * std::numbers::pi * variance) + v[t] * v[t] / variance) / 2;
    }
    return true;
  };
  parameters.estimate("Vasicek inflation", "scenarios.inflation", x.size(), log_density);
  table_ = parameters.table("Inflation, vasicek", "maximum likelihood");
  mean_ = per_step(*all.mean, dt);
  phi_ = std::exp(-*all.mean_reversion * dt);
  gain_ = *all.gain;
}

InflationModel::Surprises InflationModel::filter(const Eigen::VectorXd& x, double mean, double phi, double gain) const {
  Surprises result{Eigen::VectorXd(x.size()), mean};
  for (Eigen::Index t = 0; t < x.size(); ++t) {
    result.v[t] = x[t] - result.next_expected;
    result.next_expected = mean + phi * (result.next_expected - mean) + gain * result.v[t];
  }
  return result;
}

double InflationModel::level(double tau) const {
  double n = tau / step_years_;
  // Sum over r < n of (A - B phi^r)^2, which closed sums extend to n that are not whole.
  double b = gain_ / (1 - phi_), a = 1 + b, power = phi_ > 0 ? std::pow(phi_, n) : 0.0;
  double squares = n * a * a - 2 * a * b * (1 - power) / (1 - phi_) + b * b * (1 - power * power) / (1 - phi_ * phi_);
  return (n * mean_ + sd_ * sd_ / 2 * squares) / tau;
}

double InflationModel::slope(double tau) const {
  double n = tau / step_years_, power = phi_ > 0 ? std::pow(phi_, n) : 0.0;
  return (1 - power) / (1 - phi_) / tau;
}

void InflationModel::resolve(InflationParameters& parameters) const { parameters = estimated_; }

FitTable InflationModel::fit_table() const { return table_; }

InflationPath::InflationPath(const InflationModel& model, const std::vector<double>& tenors, std::size_t lanes)
    : model_(model), expected_(1, lanes), index_(1, lanes), growth_(1, lanes), breakeven_(tenors.size(), lanes) {
  for (double tenor : tenors) {
    double tau = tenor > 0 ? tenor : model.step_years();  // what a tenor of 0 shows is the next step's
    level_.push_back(model.level(tau));
    slope_.push_back(model.slope(tau));
  }
  std::fill_n(expected_.row(0), expected_.lanes(), model.expected_now());
  std::fill_n(index_.row(0), index_.lanes(), 1.0);
  set_breakeven();
}

void InflationPath::step(const double* innovation) {
  std::size_t lanes = index_.lanes();
  double *expected = expected_.row(0), *index = index_.row(0), *growth = growth_.row(0);
  double mean = model_.mean_, phi = model_.phi_, gain = model_.gain_;
  for (std::size_t lane = 0; lane < lanes; ++lane) growth[lane] = expected[lane] + innovation[lane];
  exp_lanes(growth, growth, lanes);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    index[lane] *= growth[lane];
    expected[lane] = mean + phi * (expected[lane] - mean) + gain * innovation[lane];
  }
  set_breakeven();
}

void InflationPath::set_breakeven() {
  double mean = model_.mean_;
  const double* expected = expected_.row(0);
  for (std::size_t i = 0; i < breakeven_.rows(); ++i) {
    double* b = breakeven_.row(i);
    double level = level_[i], slope = slope_[i];
    for (std::size_t lane = 0; lane < breakeven_.lanes(); ++lane) b[lane] = level + slope * (expected[lane] - mean);
  }
}

}  // namespace ballast

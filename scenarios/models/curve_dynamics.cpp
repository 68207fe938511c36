#include "scenarios/models/curve_dynamics.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/lane_math.h"
#include "scenarios/stats/autoregression.h"
#include "scenarios/stats/principal_components.h"

namespace ballast {
namespace {

/// Fitted reversion is never slower than this half-life: ordinary least squares on a few decades cannot tell it from
/// none.
constexpr double kLongestHalfLifeYears = 30.0;

double to_scale(double zero_rate, CurveChangeKind kind, double shift) {
  switch (kind) {
    case CurveChangeKind::relative:
      return std::log(zero_rate);
    case CurveChangeKind::shifted_log:
      return std::log(zero_rate + shift);
    default:
      return zero_rate;
  }
}

void check_scale(double lowest, const CurveChangeParameters& parameters) {
  if (parameters.kind == CurveChangeKind::relative && lowest <= 0) {
    throw key_error(
        "scenarios.curve_changes.kind",
        fmt::format("relative changes need positive rates (the lowest is {:.4f}); use absolute or shifted_log",
                    lowest));
  }
  if (parameters.kind == CurveChangeKind::shifted_log && lowest + parameters.shift <= 0) {
    throw key_error(
        "scenarios.curve_changes.shift",
        fmt::format("{} leaves rates at or below zero (the lowest is {:.4f}); raise it", parameters.shift, lowest));
  }
}

std::vector<double> merged_tenors(std::vector<double> a, const std::vector<double>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  a.erase(std::unique(a.begin(), a.end(), [](double x, double y) { return y - x < 1e-9; }), a.end());
  return a;
}

}  // namespace

CurveDynamics::CurveDynamics(const MarketHistory& history, const YieldCurve& initial,
                             const CurveChangeParameters& parameters, double step_years)
    : kind_(parameters.kind), shift_(parameters.shift), step_years_(step_years), floor_(parameters.floor) {
  bool still = history.tenors.empty() || kind_ == CurveChangeKind::none;
  tenors_ = still ? initial.tenors() : merged_tenors(history.tenors, initial.tenors());
  for (double t : tenors_) initial_zero_rates_.push_back(initial.zero_rate(t));
  if (still) return;

  const std::vector<double>& pillars = history.tenors;
  Eigen::Index m = Eigen::Index(pillars.size()), periods = history.zero_rates.rows() - 1;
  double lowest = history.zero_rates.minCoeff();
  for (double t : pillars) lowest = std::min(lowest, initial.zero_rate(t));
  check_scale(lowest, parameters);

  Eigen::MatrixXd y = history.zero_rates.unaryExpr([&](double z) { return to_scale(z, kind_, shift_); });
  Eigen::VectorXd y0(m);
  for (Eigen::Index i = 0; i < m; ++i) y0[i] = to_scale(initial.zero_rate(pillars[std::size_t(i)]), kind_, shift_);
  Eigen::VectorXd mean = y.colwise().mean();

  Eigen::MatrixXd changes = y.bottomRows(periods) - y.topRows(periods);
  PrincipalComponents pca = principal_components(changes);
  Eigen::Index k = std::min<Eigen::Index>(m, parameters.components.value_or(int(m)));
  if (parameters.components && *parameters.components > m) {
    throw key_error("scenarios.curve_changes.components",
                    fmt::format("{} is more than the history's {} tenors", *parameters.components, m));
  }
  loadings_ = pca.loadings.leftCols(k);
  variance_share_ = pca.share.head(k);

  Eigen::MatrixXd scores = (y.rowwise() - mean.transpose()) * loadings_;
  start_ = loadings_.transpose() * (y0 - mean);
  target_ = parameters.revert_to == RevertTo::initial ? start_ : Eigen::VectorXd::Zero(k);
  anchor_ = y0 - loadings_ * start_;

  phi_.resize(k);
  innovations_.resize(periods, k);
  double slowest = std::exp(-std::log(2.0) / kLongestHalfLifeYears * step_years);
  for (Eigen::Index c = 0; c < k; ++c) {
    Eigen::VectorXd score = scores.col(c);
    phi_[c] = parameters.mean_reversion
                  ? std::exp(-*parameters.mean_reversion * step_years)
                  : std::clamp(fit_ar1({score.data(), std::size_t(score.size())}).slope, 0.0, slowest);
    innovations_.col(c) = score.tail(periods) - phi_[c] * score.head(periods);
    if (parameters.demean) innovations_.col(c).array() -= innovations_.col(c).mean();
  }

  std::vector<double> at_pillars;
  for (double t : pillars) at_pillars.push_back(initial.zero_rate(t));
  YieldCurve pillar_curve(pillars, at_pillars);
  for (std::size_t i = 0; i < tenors_.size(); ++i) {
    to_history_tenor_.push_back(linear_weights(pillars, tenors_[i]));
    basis_.push_back(initial_zero_rates_[i] - pillar_curve.zero_rate(tenors_[i]));
  }
}

LaneArray CurveDynamics::start_scores(std::size_t lanes) const {
  LaneArray scores(std::size_t(components()), lanes);
  for (std::size_t k = 0; k < scores.rows(); ++k) std::fill_n(scores.row(k), scores.lanes(), start_[Eigen::Index(k)]);
  return scores;
}

LaneArray CurveDynamics::start_curve(std::size_t lanes) const {
  LaneArray curve(tenors_.size(), lanes);
  for (std::size_t i = 0; i < tenors_.size(); ++i) std::fill_n(curve.row(i), curve.lanes(), initial_zero_rates_[i]);
  return curve;
}

void CurveDynamics::step(LaneArray& scores, const LaneArray& innovations, std::size_t first,
                         LaneArray& zero_rates) const {
  if (!moves()) return;
  std::size_t lanes = scores.lanes();
  for (std::size_t k = 0; k < scores.rows(); ++k) {
    double target = target_[Eigen::Index(k)], phi = phi_[Eigen::Index(k)];
    const double* e = innovations.row(first + k);
    double* s = scores.row(k);
    for (std::size_t lane = 0; lane < lanes; ++lane) s[lane] = target + phi * (s[lane] - target) + e[lane];
  }
  LaneArray pillars(std::size_t(loadings_.rows()), lanes);
  for (std::size_t m = 0; m < pillars.rows(); ++m) {
    double* y = pillars.row(m);
    std::fill_n(y, lanes, anchor_[Eigen::Index(m)]);
    for (std::size_t k = 0; k < scores.rows(); ++k) {
      double loading = loadings_(Eigen::Index(m), Eigen::Index(k));
      const double* s = scores.row(k);
      for (std::size_t lane = 0; lane < lanes; ++lane) y[lane] += loading * s[lane];
    }
    if (kind_ != CurveChangeKind::absolute) exp_lanes(y, y, lanes);
    if (kind_ == CurveChangeKind::shifted_log) {
      for (std::size_t lane = 0; lane < lanes; ++lane) y[lane] -= shift_;
    }
  }
  for (std::size_t i = 0; i < tenors_.size(); ++i) {
    LinearWeights w = to_history_tenor_[i];
    const double* lower = pillars.row(std::size_t(w.lower));
    const double* upper = w.weight_upper > 0 ? pillars.row(std::size_t(w.lower) + 1) : lower;
    double wl = 1 - w.weight_upper, wu = w.weight_upper, basis = basis_[i];
    double* z = zero_rates.row(i);
    for (std::size_t lane = 0; lane < lanes; ++lane) z[lane] = wl * lower[lane] + wu * upper[lane] + basis;
    if (floor_) {
      for (std::size_t lane = 0; lane < lanes; ++lane) z[lane] = std::max(z[lane], *floor_);
    }
  }
}

FitTable CurveDynamics::fit_table() const {
  FitTable table{"Curve: principal components of the changes and their reversion",
                 {"component", "variance share", "phi per step", "half-life (years)", "now less target (scores)"},
                 {}};
  for (Eigen::Index k = 0; k < phi_.size(); ++k) {
    double half_life = phi_[k] >= 1 ? INFINITY : phi_[k] <= 0 ? 0.0 : -std::log(2.0) / std::log(phi_[k]) * step_years_;
    table.rows.push_back({fmt::format("{}", k + 1), fmt::format("{:.4f}", variance_share_[k]),
                          fmt::format("{:.4f}", phi_[k]), fmt::format("{:.2f}", half_life),
                          fmt::format("{:+.4f}", start_[k] - target_[k])});
  }
  return table;
}

}  // namespace ballast

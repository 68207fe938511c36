#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/lane_math.h"
#include "scenarios/models/curve_model.h"
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

/// How innovations move the yield curve. With y = g(z), g the scale of `curve_changes.kind`, and V the principal
/// components of the history's changes of y (Litterman & Scheinkman 1991), the scores s = V'(y - mean) follow
///     s[t+1] = target + phi (s[t] - target) + e[t+1],  phi = exp(-speed dt),
/// one component at a time, and e are the innovations. With all components this is the full-curve change of a past
/// date, damped (Rebonato et al. 2005); with K it is the change's first K components. The initial curve is met exactly
/// at its own tenors: what the history's tenors do not show of it is added unchanged.
class PrincipalComponentCurve final : public CurveModel {
 public:
  /// Errors: key_error on scenarios.curve_changes for rates that the scale cannot take.
  PrincipalComponentCurve(const CurveChangeParameters& parameters, const CurveSetting& setting);

  std::unique_ptr<CurvePath> start(std::size_t lanes) const override;
  std::vector<FitTable> fit_tables() const override;

 private:
  friend class PrincipalComponentPath;
  CurveChangeKind kind_;
  double shift_;
  double step_years_;
  std::optional<double> floor_;
  std::vector<LinearWeights> to_history_tenor_;  ///< of each simulated tenor among the history's
  std::vector<double> basis_;                    ///< initial curve less its interpolation from the history's tenors
  Eigen::VectorXd anchor_;                       ///< M: the part of y that the scores leave alone
  Eigen::MatrixXd loadings_;                     ///< M x K
  Eigen::VectorXd start_, target_, phi_, variance_share_;  ///< K
};

PrincipalComponentCurve::PrincipalComponentCurve(const CurveChangeParameters& parameters, const CurveSetting& setting)
    : CurveModel(setting.initial, merged_tenors(setting.history.tenors, setting.initial.tenors())),
      kind_(parameters.kind),
      shift_(parameters.shift),
      step_years_(setting.step_years),
      floor_(parameters.floor) {
  const MarketHistory& history = setting.history;
  const YieldCurve& initial = setting.initial;
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
  double slowest = std::exp(-std::log(2.0) / kLongestHalfLifeYears * step_years_);
  for (Eigen::Index c = 0; c < k; ++c) {
    Eigen::VectorXd score = scores.col(c);
    phi_[c] = parameters.mean_reversion
                  ? std::exp(-*parameters.mean_reversion * step_years_)
                  : std::clamp(fit_ar1({score.data(), std::size_t(score.size())}).slope, 0.0, slowest);
    innovations_.col(c) = score.tail(periods) - phi_[c] * score.head(periods);
    if (parameters.demean) innovations_.col(c).array() -= innovations_.col(c).mean();
    columns_.push_back(fmt::format("curve component {}", c + 1));
  }

  std::vector<double> at_pillars;
  for (double t : pillars) at_pillars.push_back(initial.zero_rate(t));
  YieldCurve pillar_curve(pillars, at_pillars);
  for (std::size_t i = 0; i < tenors().size(); ++i) {
    to_history_tenor_.push_back(linear_weights(pillars, tenors()[i]));
    basis_.push_back(initial_zero_rates_[i] - pillar_curve.zero_rate(tenors()[i]));
  }
}

class PrincipalComponentPath final : public CurvePath {
 public:
  PrincipalComponentPath(const PrincipalComponentCurve& model, std::size_t lanes)
      : model_(model),
        scores_(std::size_t(model.loadings_.cols()), lanes),
        pillars_(std::size_t(model.loadings_.rows()), lanes) {
    for (std::size_t k = 0; k < scores_.rows(); ++k) {
      std::fill_n(scores_.row(k), scores_.lanes(), model.start_[Eigen::Index(k)]);
    }
  }

  void step(const LaneArray& innovations, std::size_t first, LaneArray& zero_rates) override {
    std::size_t lanes = scores_.lanes();
    for (std::size_t k = 0; k < scores_.rows(); ++k) {
      double target = model_.target_[Eigen::Index(k)], phi = model_.phi_[Eigen::Index(k)];
      const double* e = innovations.row(first + k);
      double* s = scores_.row(k);
      for (std::size_t lane = 0; lane < lanes; ++lane) s[lane] = target + phi * (s[lane] - target) + e[lane];
    }
    for (std::size_t m = 0; m < pillars_.rows(); ++m) {
      double* y = pillars_.row(m);
      // A few lanes at a time, their sums in registers: rows a power of two apart, read and written again and again,
      // get in each other's way.
      for (std::size_t lane = 0; lane < lanes; lane += kLaneGroup) {
        double sum[kLaneGroup];
        std::fill_n(sum, kLaneGroup, model_.anchor_[Eigen::Index(m)]);
        for (std::size_t k = 0; k < scores_.rows(); ++k) {
          const double loading = model_.loadings_(Eigen::Index(m), Eigen::Index(k));
          const double* s = scores_.row(k) + lane;
          for (std::size_t i = 0; i < kLaneGroup; ++i) sum[i] += loading * s[i];
        }
        std::copy_n(sum, kLaneGroup, y + lane);
      }
      if (model_.kind_ != CurveChangeKind::absolute) exp_lanes(y, y, lanes);
      if (model_.kind_ == CurveChangeKind::shifted_log) {
        for (std::size_t lane = 0; lane < lanes; ++lane) y[lane] -= model_.shift_;
      }
    }
    for (std::size_t i = 0; i < zero_rates.rows(); ++i) {
      LinearWeights w = model_.to_history_tenor_[i];
      const double* lower = pillars_.row(std::size_t(w.lower));
      const double* upper = w.weight_upper > 0 ? pillars_.row(std::size_t(w.lower) + 1) : lower;
      double wl = 1 - w.weight_upper, wu = w.weight_upper, basis = model_.basis_[i];
      double* z = zero_rates.row(i);
      for (std::size_t lane = 0; lane < lanes; ++lane) z[lane] = wl * lower[lane] + wu * upper[lane] + basis;
      if (model_.floor_) {
        for (std::size_t lane = 0; lane < lanes; ++lane) z[lane] = std::max(z[lane], *model_.floor_);
      }
    }
  }

 private:
  const PrincipalComponentCurve& model_;
  LaneArray scores_, pillars_;
};

std::unique_ptr<CurvePath> PrincipalComponentCurve::start(std::size_t lanes) const {
  return std::make_unique<PrincipalComponentPath>(*this, lanes);
}

std::vector<FitTable> PrincipalComponentCurve::fit_tables() const {
  FitTable table{"Curve: principal components of the changes and their reversion",
                 {"component", "variance share", "phi per step", "half-life (years)", "now less target (scores)"},
                 {}};
  for (Eigen::Index k = 0; k < phi_.size(); ++k) {
    double half_life = phi_[k] >= 1 ? INFINITY : phi_[k] <= 0 ? 0.0 : -std::log(2.0) / std::log(phi_[k]) * step_years_;
    table.rows.push_back({fmt::format("{}", k + 1), fmt::format("{:.4f}", variance_share_[k]),
                          fmt::format("{:.4f}", phi_[k]), fmt::format("{:.2f}", half_life),
                          fmt::format("{:+.4f}", start_[k] - target_[k])});
  }
  return {table};
}

}  // namespace

std::unique_ptr<CurveModel> make_principal_components_curve(const CurveChangeParameters& parameters,
                                                            const CurveSetting& setting) {
  check_no_measure(setting, "principal_components");
  return std::make_unique<PrincipalComponentCurve>(parameters, setting);
}

}  // namespace ballast

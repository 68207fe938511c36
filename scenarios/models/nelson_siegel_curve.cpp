#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/models/curve_model.h"
#include "scenarios/models/estimated_parameters.h"

namespace ballast {
namespace {

constexpr const char* kFactor[] = {"level", "slope", "curvature"};

/// Loadings of Nelson & Siegel (1987) on level, slope and curvature, as Diebold & Li (2006), equation 2.
Eigen::RowVector3d loadings_at(double decay, double tau) {
  double x = decay * std::max(tau, 1e-9);
  double slope = -std::expm1(-x) / x;
  return {1.0, slope, slope - std::exp(-x)};
}

Eigen::MatrixXd loadings_at(double decay, const std::vector<double>& tenors) {
  Eigen::MatrixXd loadings(Eigen::Index(tenors.size()), 3);
  for (std::size_t i = 0; i < tenors.size(); ++i) loadings.row(Eigen::Index(i)) = loadings_at(decay, tenors[i]);
  return loadings;
}

/// Least squares of y on x with an intercept in front: coefficients (1 + regressors) x equations, and their errors.
struct Regression {
  Eigen::MatrixXd coefficients, standard_errors;
};
Regression regress(const Eigen::MatrixXd& x, const Eigen::MatrixXd& y) {
  Eigen::MatrixXd design(x.rows(), x.cols() + 1);
  design << Eigen::VectorXd::Ones(x.rows()), x;
  Regression result;
  result.coefficients = design.colPivHouseholderQr().solve(y);
  const Eigen::MatrixXd residuals = y - design * result.coefficients;
  Eigen::VectorXd inverse = (design.transpose() * design).inverse().diagonal();
  double freedom = double(design.rows() - design.cols());
  Eigen::RowVectorXd variance = residuals.colwise().squaredNorm() / freedom;
  result.standard_errors = (inverse * variance).cwiseSqrt();
  return result;
}

double largest_root(const Eigen::Matrix3d& phi) { return phi.eigenvalues().cwiseAbs().maxCoeff(); }

/// Dynamic Nelson-Siegel in two steps (Diebold & Li 2006): level, slope and curvature of each date by least squares,
/// then
///     f[t+1] = mean + Phi (f[t] - mean) + e[t+1],
/// the residuals e, of mean 0, being the innovations. What the factors do not show of today's curve stays at every
/// tenor.
class NelsonSiegelCurve final : public CurveModel {
 public:
  NelsonSiegelCurve(const NelsonSiegelParameters& given, const CurveSetting& setting)
      : CurveModel(setting.initial, merged_tenors(merged_tenors(observed_tenors(setting), setting.initial.tenors()),
                                                  {setting.step_years})),
        parameters_(given) {
    columns_ = {"curve level", "curve slope", "curve curvature"};
    const MarketHistory& history = setting.history;
    fit_decay(history);
    Eigen::MatrixXd observed = loadings_at(*parameters_.decay, observed_tenors(setting));
    auto factors_of = [&](const Eigen::MatrixXd& zero_rates) {
      return Eigen::MatrixXd(observed.colPivHouseholderQr().solve(zero_rates.transpose()).transpose());
    };
    if (setting.has_history()) {
      Eigen::MatrixXd factors = factors_of(history.zero_rates);
      fit_error_ = std::sqrt((history.zero_rates - factors * observed.transpose()).squaredNorm() /
                             double(history.zero_rates.size()));
      fit_autoregression(factors);
    } else {
      take_given();
    }
    start_ = factors_of(initial_observed(setting)).row(0).transpose();
    target_ = parameters_.revert_to == RevertTo::initial ? start_ : mean_;
    loadings_ = loadings_at(*parameters_.decay, tenors());
    for (std::size_t i = 0; i < tenors().size(); ++i) {
      spread_.push_back(initial_zero_rates_[i] - loadings_.row(Eigen::Index(i)).dot(start_));
    }
  }

  std::unique_ptr<CurvePath> start(std::size_t lanes) const override;
  void resolve(ScenarioParameters& parameters) const override { parameters.nelson_siegel = parameters_; }
  Eigen::VectorXd assumed_deviations() const override {
    return Eigen::VectorXd::Map(parameters_.standard_deviation.data(), 3);
  }

  std::vector<FitTable> fit_tables() const override {
    FitTable decay = decay_table_;
    if (innovations_.rows() > 0) {
      decay.rows.push_back({"error of the fit, root mean square", fmt::format("{:.5f}", fit_error_), "", ""});
    }
    decay.rows.push_back(
        {"largest root of the autoregression", fmt::format("{:.5f}", largest_root(phi_)), "", "per step"});
    FitTable var{fmt::format("Factors' autoregression ({}), standard errors in brackets where estimated",
                             name_of(parameters_.autoregression)),
                 {"factor", "mean", "on level", "on slope", "on curvature", "residual sd", "now"},
                 {}};
    for (int k = 0; k < 3; ++k) {
      std::vector<std::string> row = {kFactor[k], fmt::format("{:.5f}", mean_[k])};
      for (int j = 0; j < 3; ++j) {
        row.push_back(phi_error_(k, j) == 0 ? fmt::format("{:.4g}", phi_(k, j))
                                            : fmt::format("{:.4f} ({:.4f})", phi_(k, j), phi_error_(k, j)));
      }
      row.push_back(fmt::format("{:.5f}", parameters_.standard_deviation[std::size_t(k)]));
      row.push_back(fmt::format("{:.5f}", start_[k]));
      var.rows.push_back(std::move(row));
    }
    return {decay, var};
  }

 private:
  friend class NelsonSiegelPath;

  /// Least squares of all curves at once; the standard error is White's, clustered by date.
  void fit_decay(const MarketHistory& history) {
    const Eigen::MatrixXd& y = history.zero_rates;
    EstimatedParameters all;
    all.add("decay", "1/years", parameters_.decay, 0.7, 0.01, 20);
    all.estimate("the Nelson-Siegel decay", "scenarios.nelson_siegel", y.rows(),
                 [&](std::span<const double> p, std::span<double> density) {
                   Eigen::MatrixXd loadings = loadings_at(p[0], history.tenors);
                   Eigen::MatrixXd factors = loadings.colPivHouseholderQr().solve(y.transpose());
                   Eigen::VectorXd squares = (y.transpose() - loadings * factors).colwise().squaredNorm().transpose();
                   double variance = squares.mean() / double(y.cols());
                   for (Eigen::Index t = 0; t < y.rows(); ++t) {
                     density[std::size_t(t)] = -(double(y.cols()) * std::log(variance) + squares[t] / variance) / 2;
                   }
                   return true;
                 });
    decay_table_ = all.table("Dynamic Nelson-Siegel of Diebold & Li (2006), decay", "least squares");
  }

  bool full() const { return parameters_.autoregression == FactorDynamics::full; }

  void take_given_phi() {
    if (full()) {
      phi_ = Eigen::Map<const Eigen::Matrix<double, 3, 3, Eigen::RowMajor>>(parameters_.phi.data());
    } else {
      phi_ = Eigen::Vector3d::Map(parameters_.phi.data()).asDiagonal();
    }
    if (const double root = largest_root(phi_); !(root < 1)) {
      throw key_error("scenarios.nelson_siegel.phi",
                      fmt::format("is not stationary (its largest root is {:.4f}, so that rates would explode); give "
                                  "smaller coefficients",
                                  root));
    }
  }

  void fit_phi(const Eigen::MatrixXd& before, const Eigen::MatrixXd& after) {
    if (const int needed = full() ? 40 : 20; before.rows() < needed) {
      throw key_error(
          "scenarios.nelson_siegel",
          fmt::format("each factor's autoregression has {} coefficients to estimate, which needs {} periods "
                      "of history (there are {}); {}, or a longer history",
                      full() ? 4 : 2, needed, before.rows(),
                      full() ? "use autoregression: diagonal, give phi" : "give phi"));
    }
    if (full()) {
      const Regression fit = regress(before, after);
      phi_ = fit.coefficients.bottomRows(3).transpose();
      phi_error_ = fit.standard_errors.bottomRows(3).transpose();
    } else {
      for (int k = 0; k < 3; ++k) {
        const Regression fit = regress(before.col(k), after.col(k));
        phi_(k, k) = fit.coefficients(1, 0);
        phi_error_(k, k) = fit.standard_errors(1, 0);
      }
    }
    if (const double root = largest_root(phi_); !(root < 1)) {
      throw key_error(
          "scenarios.nelson_siegel.autoregression",
          fmt::format("{} is not stationary over the history (its largest root is {:.4f}, so that rates would "
                      "explode); {}",
                      name_of(parameters_.autoregression), root,
                      full() ? "use diagonal, or a longer history" : "use a longer history"));
    }
    for (int k = 0; k < 3; ++k) {
      for (int j = 0; j < 3; ++j) {
        if (full() || j == k) parameters_.phi.push_back(phi_(k, j));
      }
    }
  }

  void fit_autoregression(const Eigen::MatrixXd& factors) {
    Eigen::Index periods = factors.rows() - 1;
    Eigen::MatrixXd before = factors.topRows(periods), after = factors.bottomRows(periods);
    parameters_.phi.empty() ? fit_phi(before, after) : take_given_phi();
    // What Phi leaves, less its mean: a given mean, too, is where the factors tend to.
    innovations_ = after - before * phi_.transpose();
    const Eigen::RowVector3d intercept = innovations_.colwise().mean();
    innovations_.rowwise() -= intercept;
    mean_ =
        parameters_.mean.empty()
            ? Eigen::Vector3d((Eigen::Matrix3d::Identity() - phi_).colPivHouseholderQr().solve(intercept.transpose()))
            : Eigen::Vector3d(parameters_.mean.data());
    parameters_.mean.assign(mean_.data(), mean_.data() + 3);
    std::vector<double>& deviation = parameters_.standard_deviation;
    const bool given = !deviation.empty();
    for (int k = 0; k < 3; ++k) {
      const double sd = std::sqrt(innovations_.col(k).squaredNorm() / double(periods - 1));
      if (!given) deviation.push_back(sd);
      innovations_.col(k) *= deviation[std::size_t(k)] / sd;
    }
  }

  /// Without a history.
  void take_given() {
    std::vector<std::string> missing;
    if (parameters_.mean.empty() && parameters_.revert_to == RevertTo::history) missing.push_back("mean");
    if (parameters_.phi.empty()) missing.push_back("phi");
    if (parameters_.standard_deviation.empty()) missing.push_back("standard_deviation");
    if (!missing.empty()) {
      throw key_error("scenarios.nelson_siegel",
                      fmt::format("the factors' autoregression needs {} (without market.curve_history nothing can be "
                                  "estimated); give {}, or market.curve_history",
                                  fmt::join(missing, ", "), missing.size() == 1 ? "it" : "them"));
    }
    take_given_phi();
    mean_ = parameters_.mean.empty() ? Eigen::Vector3d::Zero() : Eigen::Vector3d(parameters_.mean.data());
    innovations_.resize(0, 3);
  }

  NelsonSiegelParameters parameters_;
  double fit_error_ = 0.0;
  FitTable decay_table_;
  Eigen::Matrix3d phi_ = Eigen::Matrix3d::Zero(), phi_error_ = Eigen::Matrix3d::Zero();
  Eigen::Vector3d mean_, start_, target_;
  Eigen::MatrixXd loadings_;    ///< tenors x 3
  std::vector<double> spread_;  ///< by tenor
};

class NelsonSiegelPath final : public CurvePath {
 public:
  NelsonSiegelPath(const NelsonSiegelCurve& model, std::size_t lanes) : model_(model), f_(3, lanes), next_(3, lanes) {
    for (std::size_t k = 0; k < 3; ++k) std::fill_n(f_.row(k), f_.lanes(), model.start_[Eigen::Index(k)]);
  }

  void step(const LaneArray& innovations, std::size_t first, LaneArray& zero_rates) override {
    std::size_t lanes = f_.lanes();
    const double *f0 = f_.row(0), *f1 = f_.row(1), *f2 = f_.row(2);
    Eigen::Vector3d drift = model_.target_ - model_.phi_ * model_.target_;
    for (std::size_t k = 0; k < 3; ++k) {
      auto row = Eigen::Index(k);
      double a = model_.phi_(row, 0), b = model_.phi_(row, 1), c = model_.phi_(row, 2), constant = drift[row];
      const double* e = innovations.row(first + k);
      double* f = next_.row(k);
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        f[lane] = constant + a * f0[lane] + b * f1[lane] + c * f2[lane] + e[lane];
      }
    }
    std::swap(f_, next_);
    f0 = f_.row(0), f1 = f_.row(1), f2 = f_.row(2);
    for (std::size_t i = 0; i < zero_rates.rows(); ++i) {
      auto row = Eigen::Index(i);
      double slope = model_.loadings_(row, 1), curvature = model_.loadings_(row, 2), spread = model_.spread_[i];
      double* z = zero_rates.row(i);
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        z[lane] = spread + f0[lane] + slope * f1[lane] + curvature * f2[lane];
      }
      if (model_.parameters_.floor) {
        for (std::size_t lane = 0; lane < lanes; ++lane) z[lane] = std::max(z[lane], *model_.parameters_.floor);
      }
    }
  }

 private:
  const NelsonSiegelCurve& model_;
  LaneArray f_, next_;
};

std::unique_ptr<CurvePath> NelsonSiegelCurve::start(std::size_t lanes) const {
  return std::make_unique<NelsonSiegelPath>(*this, lanes);
}

}  // namespace

std::unique_ptr<CurveModel> make_nelson_siegel_curve(const NelsonSiegelParameters& parameters,
                                                     const CurveSetting& setting) {
  check_history(setting, 4);
  check_no_measure(setting, "nelson_siegel");
  return std::make_unique<NelsonSiegelCurve>(parameters, setting);
}

}  // namespace ballast

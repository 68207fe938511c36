#include <algorithm>
#include <cmath>
#include <numbers>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>
#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/models/covariance.h"
#include "scenarios/models/innovations.h"
#include "scenarios/models/normal_vector.h"
#include "scenarios/models/t_mixing.h"
#include "scenarios/stats/correlation_matrix.h"
#include "scenarios/stats/maximum_likelihood.h"
#include "scenarios/stats/moments.h"

namespace ballast {
namespace {

/// x = mean + s L z: s the common mixing variable of all columns, z standard normal (Demarta & McNeil 2005, section
/// 2.1). The covariance is that estimated, the arithmetic mean of each series is the history's.
class StudentT final : public InnovationModel {
 public:
  StudentT(const StudentTParameters& parameters, const InnovationHistory& history)
      : columns_(history.columns), given_(parameters.dof.has_value()) {
    refuse_constant_columns(history);
    require_periods(history, 20, "student_t fits its degrees of freedom to");
    EstimatedCovariance estimated =
        estimate_covariance(history, parameters.covariance, "scenarios.student_t.covariance");
    covariance_ = estimated.matrix;
    note_ = estimated.note;
    if (given_) {
      dof_ = *parameters.dof;
    } else {
      fit(history.rows);
    }
    const TMixing mixing(dof_, true);
    scale_ = mixing.scale();
    const double square = mixing.expectation([](double s) { return s * s; });
    factor_ = lower_factor(covariance_ / square);
    mean_ = history.rows.colwise().mean();
    for (int c = 0; c < history.series; ++c) {
      const double variance = covariance_(c, c) / square;
      const double growth = mixing.expectation([&](double s) { return std::exp(variance * s * s / 2); });
      mean_[c] = std::log(history.rows.col(c).array().exp().mean()) - std::log(growth);
    }
  }

  std::uint64_t draws_per_scenario(int steps) const override {
    return std::uint64_t(steps) * std::uint64_t(mean_.size() + 1);
  }
  std::uint64_t normal_draws_per_step() const override { return std::uint64_t(mean_.size() + 1); }
  std::unique_ptr<InnovationPath> start(std::size_t lanes) const override;
  void resolve(ScenarioParameters& parameters) const override { parameters.student_t.dof = dof_; }

  std::vector<FitTable> fit_tables() const override {
    std::string dof =
        given_ ? "given"
               : fmt::format("standard error {:.2f}; log-likelihood {:.1f} over the normal's", dof_error_, gain_);
    FitTable table{fmt::format("Student t innovations, per step: {:.2f} degrees of freedom ({}){}", dof_, dof,
                               note_.empty() ? "" : "; " + note_),
                   {"column", "mean", "standard deviation"},
                   {}};
    for (Eigen::Index c = 0; c < mean_.size(); ++c) {
      table.rows.push_back({columns_[std::size_t(c)], fmt::format("{:.6f}", mean_[c]),
                            fmt::format("{:.6f}", std::sqrt(covariance_(c, c)))});
    }
    return {table};
  }

 private:
  friend class StudentTPath;

  /// Degrees of freedom by maximum likelihood, mean and covariance held at their estimates.
  void fit(const Eigen::MatrixXd& rows) {
    // Below, distances would be made of rounding; a Cholesky factor may still exist.
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> spectrum(correlation(covariance_), Eigen::EigenvaluesOnly);
    Eigen::LLT<Eigen::MatrixXd> cholesky(covariance_);
    if (cholesky.info() != Eigen::Success || !(spectrum.eigenvalues()[0] > 1e-10)) {
      throw key_error(
          "scenarios.student_t.covariance",
          "the covariance is singular (two columns move together exactly), so that degrees of freedom cannot "
          "be fitted; leave one out, or give scenarios.student_t.dof");
    }
    Eigen::MatrixXd centred = rows.rowwise() - rows.colwise().mean();
    Eigen::VectorXd distance =
        cholesky.matrixL().solve(centred.transpose()).colwise().squaredNorm().transpose();  // Mahalanobis, squared
    const double d = double(rows.cols());
    auto density = [&](double inverse_dof, std::span<double> out) {
      const double nu = 1 / inverse_dof;
      const double constant =
          std::lgamma((nu + d) / 2) - std::lgamma(nu / 2) - d / 2 * std::log(std::numbers::pi * (nu - 2));
      for (std::size_t t = 0; t < out.size(); ++t) {
        out[t] = constant - (nu + d) / 2 * std::log1p(distance[Eigen::Index(t)] / (nu - 2));
      }
    };
    LikelihoodProblem problem;
    problem.of = "the Student t likelihood";
    problem.start = {0.15};
    problem.lower = {0.005};
    problem.upper = {0.4};
    problem.observations = std::size_t(rows.rows());
    problem.log_density = [&](std::span<const double> theta, std::span<double> out) {
      density(theta[0], out);
      return true;
    };
    LikelihoodFit fit = maximum_likelihood(problem, {{0.02}});
    dof_ = 1 / fit.theta[0];
    dof_error_ = fit.standard_error(0) * dof_ * dof_;
    gain_ = fit.log_likelihood;
    for (Eigen::Index t = 0; t < distance.size(); ++t) {
      gain_ += d / 2 * std::log(2 * std::numbers::pi) + distance[t] / 2;
    }
  }

  std::vector<std::string> columns_;
  bool given_;
  Eigen::VectorXd mean_;
  Eigen::MatrixXd covariance_;
  std::string note_;
  double dof_ = 0.0, dof_error_ = 0.0, gain_ = 0.0;
  MonotoneMap scale_;
  std::vector<double> factor_;
};

class StudentTPath final : public InnovationPath {
 public:
  StudentTPath(const StudentT& model, std::size_t lanes)
      : model_(model), vector_(model.factor_, std::size_t(model.mean_.size()), lanes), s_(1, lanes) {}

  void step(BlockDraws& draws, LaneArray& out) override {
    const std::size_t lanes = s_.lanes();
    double* s = s_.row(0);
    draws.normals(s);
    model_.scale_.map(s, s, lanes);
    vector_.draw(draws, out);
    for (std::size_t c = 0; c < out.rows(); ++c) {
      double* x = out.row(c);
      const double mean = model_.mean_[Eigen::Index(c)];
      for (std::size_t lane = 0; lane < lanes; ++lane) x[lane] = mean + s[lane] * x[lane];
    }
  }

 private:
  const StudentT& model_;
  NormalVector vector_;
  LaneArray s_;
};

std::unique_ptr<InnovationPath> StudentT::start(std::size_t lanes) const {
  return std::make_unique<StudentTPath>(*this, lanes);
}

}  // namespace

std::unique_ptr<InnovationModel> make_student_t(const StudentTParameters& parameters,
                                                const InnovationHistory& history) {
  return std::make_unique<StudentT>(parameters, history);
}

}  // namespace ballast

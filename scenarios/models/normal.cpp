#include <cmath>

#include <Eigen/Cholesky>
#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/lane_math.h"
#include "scenarios/models/innovations.h"
#include "scenarios/stats/moments.h"
#include "scenarios/stats/shrinkage.h"

namespace ballast {
namespace {

/// x = mean + L z with z standard normal: multivariate normal log returns and curve innovations.
/// The means of the log returns are set so that the *arithmetic* mean of each series is the history's: with mean log
/// return m and variance v, E exp(x) = exp(m + v/2).
class Normal final : public InnovationModel {
 public:
  Normal(const NormalParameters& parameters, const InnovationHistory& history) : columns_(history.columns) {
    const Eigen::MatrixXd& rows = history.rows;
    Eigen::Index periods = rows.rows(), dimension = rows.cols();
    if (parameters.covariance == CovarianceEstimate::sample) {
      if (periods <= dimension) {
        throw key_error(
            "scenarios.normal.covariance",
            fmt::format("a sample covariance of {} variables needs more than {} periods (the history has {}); "
                        "use ledoit_wolf",
                        dimension, dimension, periods));
      }
      covariance_ = covariance(rows);
    } else {
      Shrinkage shrunk = ledoit_wolf_identity(rows);
      covariance_ = shrunk.covariance;
      shrinkage_ = shrunk.intensity;
    }
    mean_ = rows.colwise().mean();
    for (int c = 0; c < history.series; ++c) {
      mean_[c] = std::log(rows.col(c).array().exp().mean()) - covariance_(c, c) / 2;
    }
    factor_ = lower_factor(covariance_);
  }

  std::uint64_t draws_per_scenario(int steps) const override {
    return std::uint64_t(steps) * std::uint64_t(mean_.size());
  }
  std::unique_ptr<InnovationPath> start(std::size_t lanes) const override;
  void resolve(ScenarioParameters&) const override {}
  bool normal() const override { return true; }

  std::vector<FitTable> fit_tables() const override {
    FitTable table{fmt::format("Normal innovations, per step (shrinkage intensity {:.4f})", shrinkage_),
                   {"column", "mean", "standard deviation"},
                   {}};
    for (Eigen::Index c = 0; c < mean_.size(); ++c) {
      table.rows.push_back({columns_[std::size_t(c)], fmt::format("{:.6f}", mean_[c]),
                            fmt::format("{:.6f}", std::sqrt(covariance_(c, c)))});
    }
    return {table};
  }

 private:
  friend class NormalPath;

  /// Cholesky factor, row-major; a pivot that rounding made (nearly) zero, as identical columns do, gives a zero
  /// column.
  static std::vector<double> lower_factor(const Eigen::MatrixXd& a) {
    Eigen::Index n = a.rows();
    std::vector<double> l(std::size_t(n * n), 0.0);
    auto at = [&](Eigen::Index i, Eigen::Index j) -> double& { return l[std::size_t(i * n + j)]; };
    for (Eigen::Index j = 0; j < n; ++j) {
      double pivot = a(j, j);
      for (Eigen::Index k = 0; k < j; ++k) pivot -= at(j, k) * at(j, k);
      if (pivot <= 1e-13 * a(j, j)) continue;
      at(j, j) = std::sqrt(pivot);
      for (Eigen::Index i = j + 1; i < n; ++i) {
        double sum = a(i, j);
        for (Eigen::Index k = 0; k < j; ++k) sum -= at(i, k) * at(j, k);
        at(i, j) = sum / at(j, j);
      }
    }
    return l;
  }

  std::vector<std::string> columns_;
  Eigen::VectorXd mean_;
  Eigen::MatrixXd covariance_;
  double shrinkage_ = 0.0;
  std::vector<double> factor_;
};

class NormalPath final : public InnovationPath {
 public:
  NormalPath(const Normal& model, std::size_t lanes) : model_(model), z_(std::size_t(model.mean_.size()), lanes) {}

  void step(BlockDraws& draws, LaneArray& out) override {
    std::size_t n = z_.rows(), lanes = z_.lanes();
    for (std::size_t c = 0; c < n; ++c) draws.normals(z_.row(c));
    triangular_product(model_.factor_.data(), int(n), z_.data(), out.data(), lanes);
    for (std::size_t c = 0; c < n; ++c) {
      double* x = out.row(c);
      double mean = model_.mean_[Eigen::Index(c)];
      for (std::size_t lane = 0; lane < lanes; ++lane) x[lane] += mean;
    }
  }

 private:
  const Normal& model_;
  LaneArray z_;
};

std::unique_ptr<InnovationPath> Normal::start(std::size_t lanes) const {
  return std::make_unique<NormalPath>(*this, lanes);
}

}  // namespace

std::unique_ptr<InnovationModel> make_normal(const NormalParameters& parameters, const InnovationHistory& history) {
  return std::make_unique<Normal>(parameters, history);
}

}  // namespace ballast

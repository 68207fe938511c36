#include <cmath>

#include <fmt/format.h>

#include "scenarios/models/covariance.h"
#include "scenarios/models/innovations.h"
#include "scenarios/models/normal_vector.h"
#include "scenarios/stats/correlation_matrix.h"

namespace ballast {
namespace {

/// x = mean + L z with z standard normal: multivariate normal log returns and curve innovations.
/// The means of the log returns are set so that the *arithmetic* mean of each series is the history's: with mean log
/// return m and variance v, E exp(x) = exp(m + v/2).
class Normal final : public InnovationModel {
 public:
  Normal(const NormalParameters& parameters, const InnovationHistory& history) : columns_(history.columns) {
    const Eigen::MatrixXd& rows = history.rows;
    EstimatedCovariance estimated = estimate_covariance(history, parameters.covariance, "scenarios.normal.covariance");
    covariance_ = estimated.matrix;
    note_ = estimated.note;
    mean_ = rows.colwise().mean();
    for (int c = 0; c < history.series; ++c) {
      mean_[c] = std::log(rows.col(c).array().exp().mean()) - covariance_(c, c) / 2;
    }
    factor_ = lower_factor(covariance_);
  }

  std::uint64_t draws_per_scenario(int steps) const override {
    return std::uint64_t(steps) * std::uint64_t(mean_.size());
  }
  std::uint64_t normal_draws_per_step() const override { return std::uint64_t(mean_.size()); }
  std::unique_ptr<InnovationPath> start(std::size_t lanes) const override;
  void resolve(ScenarioParameters&) const override {}
  bool normal() const override { return true; }

  std::vector<FitTable> fit_tables() const override {
    FitTable table{
        note_.empty() ? "Normal innovations, per step" : fmt::format("Normal innovations, per step ({})", note_),
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

  std::vector<std::string> columns_;
  Eigen::VectorXd mean_;
  Eigen::MatrixXd covariance_;
  std::string note_;
  std::vector<double> factor_;
};

class NormalPath final : public InnovationPath {
 public:
  NormalPath(const Normal& model, std::size_t lanes)
      : mean_(model.mean_.data()), vector_(model.factor_, std::size_t(model.mean_.size()), lanes) {}

  void step(BlockDraws& draws, LaneArray& out) override { vector_.draw(draws, out, mean_); }

 private:
  const double* mean_;
  NormalVector vector_;
};

std::unique_ptr<InnovationPath> Normal::start(std::size_t lanes) const {
  return std::make_unique<NormalPath>(*this, lanes);
}

}  // namespace

std::unique_ptr<InnovationModel> make_normal(const NormalParameters& parameters, const InnovationHistory& history) {
  return std::make_unique<Normal>(parameters, history);
}

}  // namespace ballast

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenarios/base/lane_math.h"
#include "scenarios/models/covariance.h"
#include "scenarios/models/given_regimes.h"
#include "scenarios/models/innovations.h"
#include "scenarios/models/regimes.h"
#include "scenarios/stats/correlation_matrix.h"

namespace ballast {
namespace {

/// Hardy (2001), "A regime-switching model of long-term stock returns", North American Actuarial Journal 5, for any
/// number of columns: a Markov chain chooses the regime of each step, and innovations are normal with the regime's mean
/// and covariance. A step's first draws are the normal vector, the last one moves the chain.
class RegimeSwitching final : public InnovationModel {
 public:
  RegimeSwitching(const RegimeSwitchingParameters& parameters, const InnovationHistory& history)
      : parameters_(parameters),
        history_(history.unshifted()),
        given_(!parameters.parameters.empty()),
        keeps_means_(parameters.keeps_means()) {
    refuse_constant_columns(history);
    const int columns = int(history.rows.cols());
    if (given_) {
      require_periods(history, columns + 12, "the moments that are not given are those of");
    } else {
      require_periods(history, 2 * parameters.regimes * (columns + 1) + 20,
                      fmt::format("{} regimes of {} columns are fitted to", parameters.regimes, columns));
      fit_ = fit_regimes(history_.rows, parameters.regimes, parameters.starts);
      parameters_.parameters = regime_parameters(fit_, history.columns);
      parameters_.means = RegimeMeans::history;
    }
    // Fitted ones go the way of given ones: what the resolved study states is what is simulated, to the last bit.
    regimes_ = given_regimes(parameters_.parameters, history_);
    const Eigen::VectorXd stationary = regimes_.stationary();
    before_ = parameters.start == RegimeStart::stationary
                  ? stationary
                  : Eigen::VectorXd(regimes_.filtered.row(regimes_.filtered.rows() - 1).transpose());
    for (const Eigen::MatrixXd& covariance : regimes_.covariance) factors_.push_back(lower_factor(covariance));
    means_ = regimes_.mean;
    for (int c = 0; c < history.series; ++c) {
      growth_.push_back(0.0);
      for (int k = 0; k < regimes_.count(); ++k) {
        const auto regime = std::size_t(k);
        growth_.back() += stationary[k] * std::exp(means_[regime][c] + regimes_.covariance[regime](c, c) / 2);
      }
      if (keeps_means_) continue;
      // The long-run arithmetic mean is the history's, or the expected one.
      const double shift = std::log(history.rows.col(c).array().exp().mean()) - std::log(growth_.back());
      for (Eigen::VectorXd& mean : means_) mean[c] += shift;
    }
  }

  std::uint64_t draws_per_scenario(int steps) const override {
    return std::uint64_t(steps) * std::uint64_t(history_.rows.cols() + 1);
  }
  std::uint64_t normal_draws_per_step() const override { return std::uint64_t(history_.rows.cols()); }
  std::unique_ptr<InnovationPath> start(std::size_t lanes) const override;
  void resolve(ScenarioParameters& parameters) const override { parameters.regime_switching = parameters_; }
  std::optional<double> mean_growth(int series) const override {
    return keeps_means_ ? std::optional(growth_[std::size_t(series)]) : std::nullopt;
  }
  std::vector<FitTable> fit_tables() const override;
  std::vector<RegimeProbability> regime_probabilities() const override;

 private:
  friend class RegimeSwitchingPath;
  /// A parameter, with its standard error where it was estimated.
  std::string cell(const char* format, double value, double error) const {
    std::string text = fmt::format(fmt::runtime(format), value);
    return given_ ? text : text + fmt::format(fmt::runtime(" (" + std::string(format) + ")"), error);
  }
  std::string title(const std::string& of) const {
    return "Regimes: " + of + (given_ ? ", given" : ", standard errors in brackets");
  }
  RegimeErrors no_errors() const;
  FitTable chain_table(const RegimeErrors& errors) const;
  FitTable moments_table(const RegimeErrors& errors) const;
  FitTable dates_table() const;
  FitTable spells_table() const;
  std::string period_name(Eigen::Index t) const {
    return std::size_t(t) < history_.dates.size() ? to_string(history_.dates[std::size_t(t)])
                                                  : fmt::format("{}", t + 1);
  }
  RegimeSwitchingParameters parameters_;
  InnovationHistory history_;  ///< unshifted
  bool given_, keeps_means_;
  Regimes fit_;  ///< where not given
  Regimes regimes_;
  Eigen::VectorXd before_;              ///< probabilities of the regime before the first step
  std::vector<Eigen::VectorXd> means_;  ///< as simulated
  std::vector<double> growth_;          ///< long-run arithmetic mean of exp(x) under regimes_, by series
  std::vector<std::vector<double>> factors_;
};

RegimeErrors RegimeSwitching::no_errors() const {
  const Eigen::Index count = regimes_.count();
  const std::vector<Eigen::VectorXd> none(std::size_t(count), Eigen::VectorXd::Zero(history_.rows.cols()));
  return {Eigen::MatrixXd::Zero(count, count), none, none};
}

std::vector<FitTable> RegimeSwitching::fit_tables() const {
  const RegimeErrors errors = given_ ? no_errors() : regime_errors(history_.rows, fit_);
  return {chain_table(errors), moments_table(errors), spells_table(), dates_table()};
}

FitTable RegimeSwitching::chain_table(const RegimeErrors& errors) const {
  const int count = regimes_.count();
  const Eigen::VectorXd stationary = regimes_.stationary();
  FitTable chain{
      title("probabilities per step") + (given_ ? fmt::format(" (log-likelihood {:.1f})", regimes_.log_likelihood)
                                                : fmt::format(" (log-likelihood {:.1f} after {} EM iterations)",
                                                              fit_.log_likelihood, fit_.iterations)),
      {"from regime"},
      {}};
  for (int k = 0; k < count; ++k) chain.header.push_back(fmt::format("to {}", k + 1));
  for (const char* name : {"long-run share", "expected steps", "at the history's end"}) chain.header.push_back(name);
  for (int k = 0; k < count; ++k) {
    std::vector<std::string> row = {fmt::format("{}", k + 1)};
    for (int j = 0; j < count; ++j) {
      row.push_back(j == k && count > 2 ? fmt::format("{:.4f}", regimes_.transition(k, j))
                                        : cell("{:.4f}", regimes_.transition(k, j), errors.transition(k, j)));
    }
    row.push_back(fmt::format("{:.3f}", stationary[k]));
    row.push_back(fmt::format("{:.1f}", 1 / (1 - regimes_.transition(k, k))));
    row.push_back(fmt::format("{:.3f}", regimes_.filtered(regimes_.filtered.rows() - 1, k)));
    chain.rows.push_back(row);
  }
  return chain;
}

FitTable RegimeSwitching::moments_table(const RegimeErrors& errors) const {
  const int count = regimes_.count();
  FitTable moments{title("mean and standard deviation per step"), {"column"}, {}};
  for (int k = 0; k < count; ++k) {
    moments.header.push_back(fmt::format("mean {}", k + 1));
    moments.header.push_back(fmt::format("sd {}", k + 1));
  }
  for (Eigen::Index c = 0; c < history_.rows.cols(); ++c) {
    std::vector<std::string> row = {history_.columns[std::size_t(c)]};
    for (int k = 0; k < count; ++k) {
      const auto regime = std::size_t(k);
      row.push_back(cell("{:.5f}", regimes_.mean[regime][c], errors.mean[regime][c]));
      row.push_back(cell("{:.5f}", std::sqrt(regimes_.covariance[regime](c, c)), errors.deviation[regime][c]));
    }
    moments.rows.push_back(row);
  }
  return moments;
}

FitTable RegimeSwitching::dates_table() const {
  const int count = regimes_.count();
  FitTable by_date{"Regime probabilities by date: given all periods (smoothed)", {"period end"}, {}};
  for (int k = 0; k < count; ++k) by_date.header.push_back(fmt::format("regime {}", k + 1));
  for (Eigen::Index t = 0; t < regimes_.smoothed.rows(); ++t) {
    std::vector<std::string> row = {period_name(t)};
    for (int k = 0; k < count; ++k) row.push_back(fmt::format("{:.4f}", regimes_.smoothed(t, k)));
    by_date.rows.push_back(row);
  }
  return by_date;
}

std::vector<RegimeProbability> RegimeSwitching::regime_probabilities() const {
  std::vector<RegimeProbability> probabilities;
  if (history_.dates.size() < std::size_t(regimes_.smoothed.rows())) return probabilities;  // a history without dates
  for (Eigen::Index t = 0; t < regimes_.smoothed.rows(); ++t) {
    for (int k = 0; k < regimes_.count(); ++k) {
      probabilities.push_back(
          {history_.dates[std::size_t(t)], k + 1, regimes_.filtered(t, k), regimes_.smoothed(t, k)});
    }
  }
  return probabilities;
}

/// Runs of periods in which the same regime is the most probable.
FitTable RegimeSwitching::spells_table() const {
  FitTable table{"Spells of the most probable regime", {"regime", "from", "to", "periods", "mean probability"}, {}};
  const Eigen::Index periods = regimes_.smoothed.rows();
  auto likeliest = [&](Eigen::Index t) {
    Eigen::Index k = 0;
    regimes_.smoothed.row(t).maxCoeff(&k);
    return k;
  };
  for (Eigen::Index first = 0; first < periods;) {
    const Eigen::Index regime = likeliest(first);
    Eigen::Index end = first;
    while (end < periods && likeliest(end) == regime) ++end;
    table.rows.push_back({fmt::format("{}", regime + 1), period_name(first), period_name(end - 1),
                          fmt::format("{}", end - first),
                          fmt::format("{:.2f}", regimes_.smoothed.col(regime).segment(first, end - first).mean())});
    first = end;
  }
  return table;
}

class RegimeSwitchingPath final : public InnovationPath {
 public:
  RegimeSwitchingPath(const RegimeSwitching& model, std::size_t lanes)
      : model_(model),
        z_(std::size_t(model.history_.rows.cols()), lanes),
        of_regime_(z_.rows(), lanes),
        u_(1, lanes),
        regime_(1, lanes) {}

  void step(BlockDraws& draws, LaneArray& out) override {
    const std::size_t columns = z_.rows(), lanes = z_.lanes();
    for (std::size_t c = 0; c < columns; ++c) draws.normals(z_.row(c));
    draws.uniforms(u_.row(0));
    move_chain();
    const double* regime = regime_.row(0);
    for (std::size_t k = 0; k < model_.factors_.size(); ++k) {
      LaneArray& x = k == 0 ? out : of_regime_;
      triangular_product(model_.factors_[k].data(), model_.means_[k].data(), int(columns), z_.data(), x.data(), lanes);
      for (std::size_t c = 0; k > 0 && c < columns; ++c) {
        const double* from = x.row(c);
        double* to = out.row(c);
        for (std::size_t lane = 0; lane < lanes; ++lane) {
          to[lane] = regime[lane] == double(k) ? from[lane] : to[lane];
        }
      }
    }
  }

 private:
  /// The regime is the number of cumulated probabilities of its row that u exceeds.
  void move_chain() {
    const Eigen::MatrixXd& p = model_.regimes_.transition;
    const int count = int(p.rows());
    const std::size_t lanes = u_.lanes();
    const double* u = u_.row(0);
    double* regime = regime_.row(0);
    double first[3] = {}, second[3] = {};  // cumulated, by regime before; the last one is 1
    for (int k = 0; k < count; ++k) {
      first[k] = p(k, 0);
      second[k] = count == 3 ? p(k, 0) + p(k, 1) : 1.0;
    }
    if (step_++ == 0) {
      const Eigen::VectorXd next = p.transpose() * model_.before_;
      for (int k = 0; k < 3; ++k) {
        first[k] = next[0];
        second[k] = count == 3 ? next[0] + next[1] : 1.0;
      }
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const double r = regime[lane];
      const double a = r == 0.0 ? first[0] : r == 1.0 ? first[1] : first[2];
      const double b = r == 0.0 ? second[0] : r == 1.0 ? second[1] : second[2];
      regime[lane] = (u[lane] >= a ? 1.0 : 0.0) + (u[lane] >= b ? 1.0 : 0.0);
    }
  }

  const RegimeSwitching& model_;
  int step_ = 0;
  LaneArray z_, of_regime_, u_, regime_;
};

std::unique_ptr<InnovationPath> RegimeSwitching::start(std::size_t lanes) const {
  return std::make_unique<RegimeSwitchingPath>(*this, lanes);
}

}  // namespace

std::unique_ptr<InnovationModel> make_regime_switching(const RegimeSwitchingParameters& parameters,
                                                       const InnovationHistory& history) {
  return std::make_unique<RegimeSwitching>(parameters, history);
}

}  // namespace ballast

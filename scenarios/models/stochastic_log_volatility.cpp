#include "scenarios/models/stochastic_log_volatility.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/isa.h"
#include "scenarios/base/suggest.h"
#include "scenarios/models/covariance.h"
#include "scenarios/models/innovations.h"
#include "scenarios/models/normal_vector.h"
#include "scenarios/stats/correlation_matrix.h"

namespace ballast {

BALLAST_KERNELS(void log_volatility_step_array(const LogVolatilityStep*, double*, const double*, double*, std::size_t);)

namespace {

/// The long-run mean of exp(log return) under the recursion: log-volatility as a Markov chain on a grid, one step's
/// shock by the trapezoid rule; the return's own shock, given log-volatility's, is normal and integrates in closed
/// form.
double long_run_growth(const LogVolatilityStep& p) {
  constexpr int kGrid = 240, kShocks = 120, kSteps = 600;
  constexpr double kFarthest = 6.0;
  const double width = (p.highest - p.lowest) / (kGrid - 1);
  if (!(width > 0)) {
    const double sigma = std::exp(p.lowest);
    return std::exp(p.a + p.b * sigma + p.c * sigma * sigma + sigma * sigma * p.root_step * p.root_step / 2);
  }
  std::vector<double> mass(kGrid, 1.0 / kGrid), next(kGrid);
  std::vector<double> shock, weight;
  for (int k = 0; k <= kShocks; ++k) {
    shock.push_back(-kFarthest + 2 * kFarthest * k / kShocks);
    weight.push_back(std::exp(-shock.back() * shock.back() / 2));
  }
  double total = 0.0;
  for (double w : weight) total += w;
  double growth = 0.0;
  for (int step = 0; step < kSteps; ++step) {
    std::fill(next.begin(), next.end(), 0.0);
    growth = 0.0;
    for (int g = 0; g < kGrid; ++g) {
      const double capped = std::min(p.highest_before, p.keep * (p.lowest + g * width) + p.pull);
      for (std::size_t k = 0; k < shock.size(); ++k) {
        const double v = std::clamp(capped + p.sigma_v * shock[k], p.lowest, p.highest),
                     m = mass[std::size_t(g)] * weight[k] / total;
        const double place = std::min((v - p.lowest) / width, kGrid - 1.000001);
        const auto below = std::size_t(place);
        next[below] += m * (1 - (place - double(below)));
        next[below + 1] += m * (place - double(below));
        if (step == kSteps - 1) {
          const double sigma = std::exp(v), scale = sigma * p.root_step;
          growth += m * std::exp(p.a + p.b * sigma + p.c * sigma * sigma + scale * p.rho * shock[k] +
                                 scale * scale * p.rest * p.rest / 2);
        }
      }
    }
    mass.swap(next);
  }
  return growth;
}

/// American Academy of Actuaries (March 2005), "Recommended approach for setting regulatory risk-based capital
/// requirements for variable annuities and similar products" (C-3 Phase II), stochastic log volatility model:
///     v(t) = max(v-, min(v*, min(v+, (1 - phi) v(t-1) + phi ln tau) + sigma_v Z_v)),   sigma = exp v,
///     ln S(t)/S(t-1) = (A + B sigma + C sigma^2) / 12 + sigma sqrt(1/12) Z_s,   corr(Z_v, Z_s) = rho.
/// Z_s is one component of a normal vector with the history's (shrunk) correlations; the other columns are normal.
class StochasticLogVolatility final : public InnovationModel {
 public:
  StochasticLogVolatility(const StochasticLogVolatilityParameters& p, const InnovationHistory& history)
      : parameters_(p), columns_(history.columns), equity_(equity_column(p, history)) {
    refuse_constant_columns(history);
    require_periods(history, 20, "the correlations of stochastic_log_volatility are fitted to");
    if (std::abs(history.step_years * 12 - 1) > 1e-9) {
      throw key_error("scenarios.steps_per_year",
                      fmt::format("must be 12 for model: stochastic_log_volatility (its published parameters are "
                                  "monthly; the study has steps of {:.4g} years)",
                                  history.step_years));
    }
    if (equity_ < int(history.excess.size()) && history.excess[std::size_t(equity_)] &&
        p.drift == DriftSource::published) {
      throw key_error(
          "scenarios.stochastic_log_volatility.drift",
          fmt::format("published is the drift of total returns, but {} is simulated over the short rate; say "
                      "return: total of that asset, or drift: history",
                      columns_[std::size_t(equity_)]));
    }
    const double step = history.step_years;
    step_ = {1 - p.phi,
             p.phi * std::log(p.tau),
             p.sigma_v,
             p.rho,
             std::sqrt(1 - p.rho * p.rho),
             std::log(p.sigma_plus),
             std::log(p.sigma_max),
             std::log(p.sigma_min),
             p.a * step,
             p.b * step,
             p.c * step,
             std::sqrt(step)};
    growth_ = long_run_growth(step_);
    if (p.drift == DriftSource::history) {
      const double wanted = history.rows.col(equity_).array().exp().mean();
      step_.a += std::log(wanted) - std::log(growth_);
      growth_ = wanted;
    }

    const Eigen::MatrixXd covariance = estimate_covariance(history, {}, "scenarios.stochastic_log_volatility").matrix;
    const Eigen::VectorXd scale = covariance.diagonal().cwiseSqrt().cwiseInverse();
    correlation_ = scale.asDiagonal() * covariance * scale.asDiagonal();
    deviation_ = covariance.diagonal().cwiseSqrt();
    mean_ = history.rows.colwise().mean();
    for (int c = 0; c < history.series; ++c) {
      mean_[c] = std::log(history.rows.col(c).array().exp().mean()) - covariance(c, c) / 2;
    }
    factor_ = lower_factor(correlation_);
  }

  std::uint64_t draws_per_scenario(int steps) const override { return std::uint64_t(steps) * (columns_.size() + 1); }
  std::uint64_t normal_draws_per_step() const override { return columns_.size() + 1; }
  std::unique_ptr<InnovationPath> start(std::size_t lanes) const override;
  void resolve(ScenarioParameters& parameters) const override {
    parameters.stochastic_log_volatility.series = columns_[std::size_t(equity_)];
  }

  std::optional<double> mean_growth(int series) const override {
    const bool published = parameters_.drift == DriftSource::published && series == equity_;
    return published ? std::optional(growth_) : std::nullopt;
  }

  std::vector<FitTable> fit_tables() const override {
    FitTable table{fmt::format("Stochastic log-volatility of {}: published parameters, long-run annual arithmetic mean "
                               "{:.4f}; the other columns are normal",
                               columns_[std::size_t(equity_)], std::pow(growth_, 12) - 1),
                   {"column", "mean per step", "standard deviation", "correlation with it"},
                   {}};
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const auto i = Eigen::Index(c);
      const bool own = int(c) == equity_;
      table.rows.push_back({columns_[c], own ? "by volatility" : fmt::format("{:.6f}", mean_[i]),
                            own ? "stochastic" : fmt::format("{:.6f}", deviation_[i]),
                            fmt::format("{:.4f}", correlation_(i, equity_))});
    }
    return {table};
  }

 private:
  friend class StochasticLogVolatilityPath;

  static int equity_column(const StochasticLogVolatilityParameters& p, const InnovationHistory& history) {
    if (history.series == 0) {
      throw key_error("scenarios.model", "stochastic_log_volatility needs an asset that is a series of the history");
    }
    if (!p.series) return 0;
    const auto end = history.columns.begin() + history.series;
    const auto found = std::find(history.columns.begin(), end, *p.series);
    if (found == end) {
      std::vector<std::string> series(history.columns.begin(), end);
      throw key_error("scenarios.stochastic_log_volatility.series",
                      fmt::format("there is no series {} (there are {}) {}", *p.series, fmt::join(series, ", "),
                                  did_you_mean(*p.series, series)));
    }
    return int(found - history.columns.begin());
  }

  StochasticLogVolatilityParameters parameters_;
  std::vector<std::string> columns_;
  int equity_;
  LogVolatilityStep step_{};
  double growth_ = 1.0;
  Eigen::VectorXd mean_, deviation_;
  Eigen::MatrixXd correlation_;
  std::vector<double> factor_;
};

class StochasticLogVolatilityPath final : public InnovationPath {
 public:
  StochasticLogVolatilityPath(const StochasticLogVolatility& model, std::size_t lanes)
      : model_(model), vector_(model.factor_, model.columns_.size(), lanes), z_v_(1, lanes), v_(1, lanes) {
    std::fill_n(v_.row(0), v_.lanes(), std::log(model.parameters_.sigma_0));
  }

  void step(BlockDraws& draws, LaneArray& out) override {
    const std::size_t lanes = v_.lanes();
    draws.normals(z_v_.row(0));
    vector_.draw(draws, out);
    for (std::size_t c = 0; c < out.rows(); ++c) {
      double* x = out.row(c);
      if (int(c) == model_.equity_) {
        BALLAST_DISPATCH(log_volatility_step_array)(&model_.step_, v_.row(0), z_v_.row(0), x, lanes);
        continue;
      }
      const double mean = model_.mean_[Eigen::Index(c)], deviation = model_.deviation_[Eigen::Index(c)];
      for (std::size_t lane = 0; lane < lanes; ++lane) x[lane] = mean + deviation * x[lane];
    }
  }

 private:
  const StochasticLogVolatility& model_;
  NormalVector vector_;
  LaneArray z_v_, v_;
};

std::unique_ptr<InnovationPath> StochasticLogVolatility::start(std::size_t lanes) const {
  return std::make_unique<StochasticLogVolatilityPath>(*this, lanes);
}

}  // namespace

std::unique_ptr<InnovationModel> make_stochastic_log_volatility(const StochasticLogVolatilityParameters& parameters,
                                                                const InnovationHistory& history) {
  return std::make_unique<StochasticLogVolatility>(parameters, history);
}

}  // namespace ballast

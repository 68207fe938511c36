#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/isa.h"
#include "scenarios/base/lane_math.h"
#include "scenarios/base/parallel.h"
#include "scenarios/base/suggest.h"
#include "scenarios/models/covariance.h"
#include "scenarios/models/garch.h"
#include "scenarios/models/innovations.h"
#include "scenarios/random/monotone_map.h"
#include "scenarios/stats/portmanteau.h"

namespace ballast {

BALLAST_KERNELS(void garch_step_array(double, double, double, double, double, double*, double*, std::size_t);)

namespace {

constexpr int kLags = 12;
constexpr double kHighestVolatility = 8.0;  ///< of a step; beyond it the drift falls no further

/// Barone-Adesi, Giannopoulos & Vosper (1999): each column's history is divided by its conditional volatility; rows of
/// the residuals are drawn with replacement, jointly for all columns, and multiplied by volatilities that each scenario
/// carries on from its own shocks. A series' drift is ln G - K(s), K(s) = ln E[exp(s z)] of its residuals at the
/// volatility s that the scenario is at (with normal ones s^2 / 2; Duan 1995): whatever the volatilities become, the
/// arithmetic mean of every step is the history's, G.
class FilteredHistorical final : public InnovationModel {
 public:
  FilteredHistorical(const FilteredHistoricalParameters& parameters, const InnovationHistory& history)
      : parameters_(parameters), history_(history) {
    refuse_constant_columns(history);
    require_periods(history, 60, "filtered_historical fits variances to");
    for (const auto& [name, unused] : parameters.coefficients) {
      if (std::find(history.columns.begin(), history.columns.end(), name) == history.columns.end()) {
        throw key_error("scenarios.filtered_historical.coefficients",
                        fmt::format("there is no column {} (the columns are {}) {}", name,
                                    fmt::join(history.columns, ", "), did_you_mean(name, history.columns)));
      }
    }
    const auto columns = std::size_t(history.rows.cols());
    const InnovationHistory own = history.unshifted();
    fits_.resize(columns);
    parallel_for(columns, [&](std::size_t c) {
      auto given = parameters_.coefficients.find(history_.columns[c]);
      const Eigen::VectorXd x = own.rows.col(Eigen::Index(c));
      fits_[c] = given != parameters_.coefficients.end()
                     ? filter_garch(x, given->second)
                     : fit_garch(x, parameters_.variance, parameters_.likelihood, history_.columns[c]);
    });
    table_ = RowTable(std::size_t(history.rows.rows()), columns);
    for (std::size_t c = 0; c < columns; ++c) standardise(c);
  }

  std::uint64_t draws_per_scenario(int steps) const override { return std::uint64_t(steps); }
  std::unique_ptr<InnovationPath> start(std::size_t lanes) const override;

  void resolve(ScenarioParameters& parameters) const override {
    for (std::size_t c = 0; c < fits_.size(); ++c) {
      parameters.filtered_historical.coefficients[history_.columns[c]] = fits_[c].coefficients;
    }
  }

  std::vector<FitTable> fit_tables() const override {
    FitTable table{fmt::format("Conditional variance ({}, {} likelihood), per step; standard errors in brackets",
                               name_of(parameters_.variance), name_of(parameters_.likelihood)),
                   {"column", "mean", "omega", "alpha", "gamma", "beta", "persistence", "dof", "long-run sd", "sd now"},
                   {}};
    FitTable memory{fmt::format("Clustering left: Ljung-Box of squares, {} lags", kLags),
                    {"column", "history", "p-value", "residuals", "p-value", "gain in log-likelihood"},
                    {}};
    for (std::size_t c = 0; c < fits_.size(); ++c) {
      const Garch& g = fits_[c];
      auto cell = [&](double GarchCoefficients::*member, const char* format) {
        std::string text = fmt::format(fmt::runtime(format), g.coefficients.*member);
        const bool none =
            g.constant || (member == &GarchCoefficients::gamma && parameters_.variance == VarianceModel::garch);
        if (g.standard_error && !(none && g.coefficients.*member == 0)) {
          const double error = (*g.standard_error).*member;
          text += error > 0 ? " (" + fmt::format(fmt::runtime(format), error) + ")" : " (at its bound)";
        }
        return text;
      };
      std::string dof = g.dof ? fmt::format("{:.1f} ({:.1f})", *g.dof, *g.dof_standard_error) : "";
      table.rows.push_back({history_.columns[c], cell(&GarchCoefficients::mean, "{:.3g}"),
                            cell(&GarchCoefficients::omega, "{:.2e}"), cell(&GarchCoefficients::alpha, "{:.3f}"),
                            cell(&GarchCoefficients::gamma, "{:.3f}"), cell(&GarchCoefficients::beta, "{:.3f}"),
                            g.constant ? "constant variance" : fmt::format("{:.4f}", g.persistence()), dof,
                            fmt::format("{:.3g}", std::sqrt(g.long_run_variance())),
                            fmt::format("{:.3g}", std::sqrt(start_variance(c)))});
      Eigen::ArrayXd raw = history_.rows.col(Eigen::Index(c)).array() - history_.rows.col(Eigen::Index(c)).mean();
      Portmanteau before = ljung_box(raw.square().matrix(), kLags),
                  after = ljung_box(g.residual.array().square().matrix(), kLags);
      memory.rows.push_back({history_.columns[c], fmt::format("{:.1f}", before.statistic),
                             fmt::format("{:.4f}", before.p_value), fmt::format("{:.1f}", after.statistic),
                             fmt::format("{:.4f}", after.p_value),
                             g.standard_error ? fmt::format("{:.1f}", g.gain) : "given"});
    }
    return {table, memory};
  }

 private:
  friend class FilteredHistoricalPath;

  double start_variance(std::size_t c) const {
    const Garch& g = fits_[c];
    return parameters_.start == VarianceStart::last ? g.variance[g.variance.size() - 1] : g.long_run_variance();
  }

  /// Residuals into the table, and what the drift of a series is made of.
  void standardise(std::size_t c) {
    const Garch& g = fits_[c];
    const Eigen::ArrayXd z = g.residual.array();
    for (Eigen::Index t = 0; t < z.size(); ++t) table_(std::size_t(t), c) = z[t];
    if (g.persistence() >= 1) {
      throw key_error(
          fmt::format("scenarios.filtered_historical.coefficients.{}", history_.columns[c]),
          fmt::format("the variance would grow without bound (alpha + gamma x {:.3f} + beta = {:.4f}, {:.1f}% "
                      "of the residuals' squares being negative ones'); lower beta or gamma",
                      g.downside, g.persistence(), 100 * g.downside));
    }
    Eigen::VectorXd x = history_.rows.col(Eigen::Index(c));
    if (int(c) >= history_.series) {
      mean_.push_back(x.mean());
      return;
    }
    mean_.push_back(std::log(x.array().exp().mean()));
    cumulant_.emplace_back([&z](double s) { return s > 0 ? std::log((s * z).exp().mean()) : 0.0; }, -1.0,
                           kHighestVolatility);
  }

  FilteredHistoricalParameters parameters_;
  InnovationHistory history_;
  std::vector<Garch> fits_;
  std::vector<double> mean_;           ///< of a step's log return; of a series ln G
  std::vector<MonotoneMap> cumulant_;  ///< K of each series
  RowTable table_;
};

class FilteredHistoricalPath final : public InnovationPath {
 public:
  FilteredHistoricalPath(const FilteredHistorical& model, std::size_t lanes)
      : model_(model), row_(padded_lanes(lanes)), variance_(model.fits_.size(), lanes), cumulant_(1, lanes) {
    for (std::size_t c = 0; c < variance_.rows(); ++c) {
      std::fill_n(variance_.row(c), variance_.lanes(), model.start_variance(c));
    }
  }

  void step(BlockDraws& draws, LaneArray& out) override {
    draws.indices(std::uint32_t(model_.table_.rows()), row_.data());
    model_.table_.gather(row_.data(), out.data(), row_.size());
    for (std::size_t c = 0; c < variance_.rows(); ++c) {
      const GarchCoefficients& g = model_.fits_[c].coefficients;
      const bool series = int(c) < model_.history_.series;
      double *k = cumulant_.row(0), *x = out.row(c);
      if (series) {
        const double* h = variance_.row(c);
        for (std::size_t lane = 0; lane < cumulant_.lanes(); ++lane) k[lane] = std::sqrt(h[lane]);
        model_.cumulant_[c].map(k, k, cumulant_.lanes());
      }
      BALLAST_DISPATCH(garch_step_array)
      (model_.mean_[c], g.omega, g.alpha, g.gamma, g.beta, x, variance_.row(c), variance_.lanes());
      for (std::size_t lane = 0; series && lane < cumulant_.lanes(); ++lane) x[lane] -= k[lane];
    }
  }

 private:
  const FilteredHistorical& model_;
  std::vector<std::uint32_t> row_;
  LaneArray variance_, cumulant_;
};

std::unique_ptr<InnovationPath> FilteredHistorical::start(std::size_t lanes) const {
  return std::make_unique<FilteredHistoricalPath>(*this, lanes);
}

}  // namespace

std::unique_ptr<InnovationModel> make_filtered_historical(const FilteredHistoricalParameters& parameters,
                                                          const InnovationHistory& history) {
  return std::make_unique<FilteredHistorical>(parameters, history);
}

}  // namespace ballast

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"
#include "scenarios/models/copula_fit.h"
#include "scenarios/models/covariance.h"
#include "scenarios/models/innovations.h"
#include "scenarios/models/marginals.h"
#include "scenarios/models/normal_vector.h"
#include "scenarios/models/t_mixing.h"
#include "scenarios/random/normal.h"
#include "scenarios/stats/correlation_matrix.h"

namespace ballast {
namespace {

/// Gaussian and t copulas: y = s L z with correlation matrix L L' and s = 1 or the t's mixing variable, then
/// x = Q(F(y)) column by column, F the distribution of y's components and Q the column's quantile function (McNeil,
/// Frey & Embrechts 2005, sections 5.1 and 5.3). Q o F is a MonotoneMap, cut at kTailCut on both sides; the arithmetic
/// mean of each series is the history's.
class Copula final : public InnovationModel {
 public:
  Copula(const TCopulaParameters& parameters, bool is_t, const InnovationHistory& history)
      : columns_(history.columns),
        kind_(parameters.marginals),
        is_t_(is_t),
        given_(parameters.dof.has_value()),
        fit_(fit_checked(history)),
        marginals_(columns_.size()),
        maps_(columns_.size()) {
    if (is_t && !given_ && columns_.size() == 1) {
      throw key_error("scenarios.t_copula.dof",
                      fmt::format("cannot be fitted ({} is the only column, and one column has no dependence); choose "
                                  "gaussian_copula, or give a number",
                                  columns_[0]));
    }
    if (is_t && given_) fit_.dof = *parameters.dof;
    if (is_t && !given_) fit_dof(history.rows, fit_);
    if (is_t) scale_ = TMixing(fit_.dof, false).scale();
    factor_ = lower_factor(fit_.correlation);
    const std::string key = is_t ? "scenarios.t_copula" : "scenarios.gaussian_copula";
    parallel_for(columns_.size(), [&](std::size_t c) {
      const Eigen::VectorXd x = history.rows.col(Eigen::Index(c));
      marginals_[c] = kind_ == MarginalKind::empirical ? empirical_marginal(x, columns_[c], parameters.tail_share, key)
                                                       : skewed_t_marginal(x, columns_[c]);
      maps_[c] = column_map(marginals_[c], int(c) < history.series ? x.array().exp().mean() : 0.0);
    });
  }

  std::uint64_t draws_per_scenario(int steps) const override {
    return std::uint64_t(steps) * std::uint64_t(columns_.size() + (is_t_ ? 1 : 0));
  }
  std::uint64_t normal_draws_per_step() const override { return columns_.size() + (is_t_ ? 1 : 0); }
  std::unique_ptr<InnovationPath> start(std::size_t lanes) const override;
  void resolve(ScenarioParameters& parameters) const override {
    if (is_t_) parameters.t_copula.dof = fit_.dof;
  }

  std::vector<FitTable> fit_tables() const override {
    FitTable table{fmt::format("Marginal distributions ({}), per step; standard errors in brackets", name_of(kind_)),
                   marginal_header(kind_),
                   {}};
    for (const Marginal& marginal : marginals_) table.rows.push_back(marginal.row);
    FitTable copula{
        is_t_ ? "t copula, correlations from Kendall's tau" : "Gaussian copula, correlations from Kendall's tau",
        {"", "value", "standard error"},
        {}};
    if (is_t_) {
      copula.rows.push_back({"degrees of freedom", fmt::format("{:.2f}", fit_.dof),
                             given_                                ? "given"
                             : std::isnan(fit_.dof_standard_error) ? "at its bound"
                                                                   : fmt::format("{:.2f}", fit_.dof_standard_error)});
      if (!given_) copula.rows.push_back({"log-likelihood over Gaussian", fmt::format("{:.1f}", fit_.gain), ""});
    }
    copula.rows.push_back(
        {"largest correlation moved to make them positive definite", fmt::format("{:.4f}", fit_.largest_repair), ""});
    return {table, copula};
  }

 private:
  friend class CopulaPath;

  static CopulaFit fit_checked(const InnovationHistory& history) {
    refuse_constant_columns(history);
    require_periods(history, 30, "a copula is fitted to");
    return fit_correlation(history.rows);
  }

  /// growth: the wanted mean of exp(x); 0: the marginal's own mean stands.
  MonotoneMap column_map(const Marginal& marginal, double growth) const {
    const double reach = is_t_ ? -t_quantile(kTailCut, fit_.dof) : -inverse_normal(kTailCut);
    auto x_of = [&](double y) {
      const double tail = is_t_ ? t_cdf(-std::abs(y), fit_.dof) : normal_cdf(-std::abs(y));
      return marginal.quantile(y < 0 ? tail : 1 - tail);
    };
    MonotoneMap map(x_of, -reach, reach);
    if (growth > 0) {
      const double cut = -inverse_normal(kTailCut);
      const double mean = normal_expectation(
          [&](double z) { return std::exp(marginal.quantile(z < 0 ? normal_cdf(z) : 1 - normal_cdf(-z))); }, -cut, cut);
      map.shift(std::log(growth) - std::log(mean));
    }
    return map;
  }

  std::vector<std::string> columns_;
  MarginalKind kind_;
  bool is_t_, given_;
  CopulaFit fit_;
  std::vector<Marginal> marginals_;
  std::vector<MonotoneMap> maps_;
  MonotoneMap scale_;
  std::vector<double> factor_;
};

class CopulaPath final : public InnovationPath {
 public:
  CopulaPath(const Copula& model, std::size_t lanes)
      : model_(model), vector_(model.factor_, model.columns_.size(), lanes), s_(1, lanes) {}

  void step(BlockDraws& draws, LaneArray& out) override {
    const std::size_t lanes = s_.lanes();
    double* s = s_.row(0);
    if (model_.is_t_) {
      draws.normals(s);
      model_.scale_.map(s, s, lanes);
    }
    vector_.draw(draws, out);
    for (std::size_t c = 0; c < out.rows(); ++c) {
      double* x = out.row(c);
      if (model_.is_t_) {
        for (std::size_t lane = 0; lane < lanes; ++lane) x[lane] *= s[lane];
      }
      model_.maps_[c].map(x, x, lanes);
    }
  }

 private:
  const Copula& model_;
  NormalVector vector_;
  LaneArray s_;
};

std::unique_ptr<InnovationPath> Copula::start(std::size_t lanes) const {
  return std::make_unique<CopulaPath>(*this, lanes);
}

}  // namespace

std::unique_ptr<InnovationModel> make_gaussian_copula(const GaussianCopulaParameters& parameters,
                                                      const InnovationHistory& history) {
  return std::make_unique<Copula>(TCopulaParameters{parameters.marginals, parameters.tail_share, {}}, false, history);
}

std::unique_ptr<InnovationModel> make_t_copula(const TCopulaParameters& parameters, const InnovationHistory& history) {
  return std::make_unique<Copula>(parameters, true, history);
}

}  // namespace ballast

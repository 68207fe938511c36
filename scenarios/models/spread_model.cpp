#include "scenarios/models/spread_model.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/lane_math.h"
#include "scenarios/stats/autoregression.h"

namespace ballast {
namespace {

std::optional<double> given(const std::map<std::string, double>& values, const std::string& name) {
  auto found = values.find(name);
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

void check_names(const std::map<std::string, double>& values, const char* key, const std::vector<std::string>& names) {
  for (const auto& [name, value] : values) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    throw key_error(fmt::format("scenarios.spreads.{}", key),
                    fmt::format("no asset has the spread '{}' (known: {})", name, fmt::join(names, ", ")));
  }
}

}  // namespace

SpreadModel::SpreadModel(const SpreadParameters& parameters, std::vector<std::string> names,
                         const Eigen::MatrixXd& levels, double step_years)
    : step_years_(step_years), names_(std::move(names)), estimated_(parameters) {
  check_names(parameters.median, "median", names_);
  check_names(parameters.mean_reversion, "mean_reversion", names_);
  check_names(parameters.now, "now", names_);
  table_ = {"Credit spreads (log-normal, mean-reverting; least squares)",
            {"spread", "now", "median", "mean reversion a year", "half-life, years", "phi", "standard error",
             "volatility of ln, a year"},
            {}};
  Eigen::Index periods = levels.rows() - 1;
  innovations_.resize(periods, levels.cols());
  for (Eigen::Index k = 0; k < levels.cols(); ++k) {
    const std::string& name = names_[std::size_t(k)];
    Eigen::VectorXd x = levels.col(k).array().log().matrix();
    Fit found = fit(x, name);
    // What is written into a study and read again gives the same model to the last bit.
    double median = given(parameters.median, name).value_or(std::exp(found.mean));
    double speed = given(parameters.mean_reversion, name).value_or(-std::log(found.phi) / step_years_);
    found.mean = std::log(median);
    found.phi = std::exp(-speed * step_years_);
    mean_.push_back(found.mean);
    phi_.push_back(found.phi);
    now_.push_back(given(parameters.now, name).value_or(levels(periods, k)));
    Eigen::VectorXd v = (x.tail(periods).array() - found.mean - found.phi * (x.head(periods).array() - found.mean));
    innovations_.col(k) = v.array() - v.mean();
    double sd = std::sqrt(innovations_.col(k).squaredNorm() / double(periods - 1));
    estimated_.median[name] = median;
    estimated_.mean_reversion[name] = speed;
    estimated_.now[name] = now_.back();
    table_.rows.push_back({name, fmt::format("{:.5f}", now_.back()), fmt::format("{:.5f}", median),
                           fmt::format("{:.4f}", speed), fmt::format("{:.2f}", std::numbers::ln2 / speed),
                           fmt::format("{:.5f}", found.phi),
                           found.phi_error > 0 ? fmt::format("{:.5f}", found.phi_error) : "given",
                           fmt::format("{:.4f}", sd / std::sqrt(step_years_))});
  }
}

SpreadModel::Fit SpreadModel::fit(const Eigen::VectorXd& x, const std::string& name) const {
  if (x.maxCoeff() - x.minCoeff() < 1e-12) {
    throw key_error("market.spreads", fmt::format("the spread '{}' never moves (nothing can be estimated from it); "
                                                  "give another history",
                                                  name));
  }
  Ar1 free = fit_ar1({x.data(), std::size_t(x.size())});
  Fit result{free.mean(), free.slope, free.slope_standard_error};
  Eigen::Index periods = x.size() - 1;
  auto before = x.head(periods).array(), after = x.tail(periods).array();
  std::optional<double> median = given(estimated_.median, name), speed = given(estimated_.mean_reversion, name);
  if (speed) {
    result.phi = std::exp(-*speed * step_years_);
    result.phi_error = 0.0;
    result.mean = median ? std::log(*median) : (after - result.phi * before).mean() / (1 - result.phi);
  } else if (median) {
    result.mean = std::log(*median);
    result.phi = ((before - result.mean) * (after - result.mean)).sum() / (before - result.mean).square().sum();
  }
  if (!(result.phi > 0 && result.phi < 1)) {
    throw key_error("market.spreads",
                    fmt::format("the logarithm of the spread '{}' does not revert (its autoregression has slope "
                                "{:.4f}); give a longer history, or scenarios.spreads.mean_reversion",
                                name, result.phi));
  }
  return result;
}

SpreadPath::SpreadPath(const SpreadModel& model, std::size_t lanes)
    : model_(model), log_(model.size(), lanes), before_(model.size(), lanes), now_(model.size(), lanes) {
  for (std::size_t k = 0; k < model.size(); ++k) {
    std::fill_n(log_.row(k), log_.lanes(), std::log(model.now(k)));
    std::fill_n(now_.row(k), now_.lanes(), model.now(k));
  }
}

void SpreadPath::step(const LaneArray& innovations, std::size_t first) {
  std::swap(before_, now_);
  for (std::size_t k = 0; k < model_.size(); ++k) {
    double* x = log_.row(k);
    const double* v = innovations.row(first + k);
    double mean = model_.mean_[k], phi = model_.phi_[k];
    for (std::size_t lane = 0; lane < log_.lanes(); ++lane) x[lane] = mean + phi * (x[lane] - mean) + v[lane];
    exp_lanes(x, now_.row(k), log_.lanes());
  }
}

}  // namespace ballast

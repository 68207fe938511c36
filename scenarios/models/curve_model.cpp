#include "scenarios/models/curve_model.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "scenarios/base/error.h"

namespace ballast {

CurveModel::CurveModel(const YieldCurve& initial, std::vector<double> tenors) : tenors_(std::move(tenors)) {
  for (double t : tenors_) initial_zero_rates_.push_back(initial.zero_rate(t));
}

LaneArray CurveModel::start_curve(std::size_t lanes) const {
  LaneArray curve(tenors_.size(), lanes);
  for (std::size_t i = 0; i < tenors_.size(); ++i) std::fill_n(curve.row(i), curve.lanes(), initial_zero_rates_[i]);
  return curve;
}

std::vector<double> merged_tenors(std::vector<double> a, const std::vector<double>& b) {
  a.insert(a.end(), b.begin(), b.end());
  std::sort(a.begin(), a.end());
  a.erase(std::unique(a.begin(), a.end(), [](double x, double y) { return y - x < 1e-9; }), a.end());
  return a;
}

std::vector<double> observed_tenors(const CurveSetting& setting) {
  if (setting.has_history()) return setting.history.tenors;
  return setting.initial.tenors().size() >= 3 ? setting.initial.tenors() : std::vector<double>{1, 2, 5, 10, 20, 30};
}

Eigen::MatrixXd initial_observed(const CurveSetting& setting) {
  const std::vector<double> tenors = observed_tenors(setting);
  Eigen::MatrixXd row(1, Eigen::Index(tenors.size()));
  for (Eigen::Index i = 0; i < row.cols(); ++i) row(0, i) = setting.initial.zero_rate(tenors[std::size_t(i)]);
  return row;
}

void check_history(const CurveSetting& setting, std::size_t tenors) {
  const MarketHistory& history = setting.history;
  if (!setting.has_history()) return;
  if (history.tenors.size() < tenors) {
    throw key_error(
        "market.curve_history",
        fmt::format("the history of curves has {} tenors, and this curve model needs at least {}; give another "
                    "history, or choose another curve_model",
                    history.tenors.size(), tenors));
  }
  Eigen::RowVectorXd range = history.zero_rates.colwise().maxCoeff() - history.zero_rates.colwise().minCoeff();
  Eigen::Index stillest = 0;
  if (!(range.minCoeff(&stillest) > 1e-10)) {
    throw key_error("market.curve_history",
                    fmt::format("the rate at {:g} years never moves in the history of curves (nothing can be estimated "
                                "from it); give another history",
                                history.tenors[std::size_t(stillest)]));
  }
}

void check_no_measure(const CurveSetting& setting, const char* model) {
  if (setting.measure == Measure::real_world) return;
  throw key_error(
      "scenarios.measure",
      fmt::format("{} has no risk-neutral measure; choose vasicek, cir, hull_white or g2pp as curve_model", model));
}

std::unique_ptr<CurveModel> make_curve_model(const ScenarioParameters& parameters, const CurveSetting& setting) {
  const bool bootstrapped = parameters.curve_model == CurveModelKind::principal_components;
  if (!parameters.curve_moves() || (bootstrapped && !setting.has_history())) {
    return std::make_unique<CurveModel>(setting.initial);
  }
  switch (parameters.curve_model) {
#define BALLAST_CURVE_MODEL(name, key, Parameters, help) \
  case CurveModelKind::name:                             \
    return make_##name##_curve(parameters.key, setting);
#include "scenarios/models/curve_registry.def"
#undef BALLAST_CURVE_MODEL
  }
  throw std::logic_error("unknown curve model");
}

}  // namespace ballast

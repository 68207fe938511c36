#include "scenarios/models/curve_model.h"

#include <algorithm>
#include <stdexcept>

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

std::unique_ptr<CurveModel> make_curve_model(const ScenarioParameters& parameters, const MarketHistory& history,
                                             const YieldCurve& initial, double step_years) {
  if (history.tenors.empty() || !parameters.curve_moves()) return std::make_unique<CurveModel>(initial);
  switch (parameters.curve_model) {
#define BALLAST_CURVE_MODEL(name, key, Parameters, help) \
  case CurveModelKind::name:                             \
    return make_##name##_curve(parameters.key, history, initial, step_years);
#include "scenarios/models/curve_registry.def"
#undef BALLAST_CURVE_MODEL
  }
  throw std::logic_error("unknown curve model");
}

}  // namespace ballast

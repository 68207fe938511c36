#include "scenarios/models/affine_curve.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenarios/base/error.h"

namespace ballast {
namespace {

constexpr double kShortest = 1e-6;  ///< a tenor of zero is shown the rate of this one

double tau_of(double tenor) { return std::max(tenor, kShortest); }

std::vector<double> affine_tenors(const CurveSetting& setting) {
  std::vector<double> tenors = merged_tenors(setting.history.tenors, setting.initial.tenors());
  std::vector<double> more = {setting.step_years};
  // A curve that is only given may be one flat rate, and the model's own curves are not flat.
  const double longest = setting.has_history() ? tenors.back() : std::max(tenors.back(), 31.0);
  for (double year = 1; year < longest; ++year) more.push_back(year);
  return merged_tenors(tenors, more);
}

}  // namespace

class AffinePath final : public CurvePath {
 public:
  AffinePath(const AffineCurve& model, std::size_t lanes) : model_(model), x_(model.state_.size(), lanes) {
    for (std::size_t k = 0; k < x_.rows(); ++k) std::fill_n(x_.row(k), x_.lanes(), model.state_[k]);
  }

  void step(const LaneArray& innovations, std::size_t first, LaneArray& zero_rates) override {
    model_.advance(innovations, first, x_);
    double t = ++step_ * model_.step_years_;
    std::size_t lanes = x_.lanes();
    for (std::size_t i = 0; i < zero_rates.rows(); ++i) {
      double* z = zero_rates.row(i);
      std::fill_n(z, lanes, model_.constants_[i] + model_.joint(i, t));
      for (std::size_t k = 0; k < x_.rows(); ++k) {
        double loading = model_.loadings_[k][i];
        const double* x = x_.row(k);
        for (std::size_t lane = 0; lane < lanes; ++lane) z[lane] += loading * x[lane];
      }
      if (model_.floor_) {
        for (std::size_t lane = 0; lane < lanes; ++lane) z[lane] = std::max(z[lane], *model_.floor_);
      }
    }
  }

 private:
  const AffineCurve& model_;
  LaneArray x_;
  int step_ = 0;
};

AffineCurve::AffineCurve(const CurveSetting& setting, InitialCurve joined, std::optional<double> floor)
    : CurveModel(setting.initial, affine_tenors(setting)),
      initial_(setting.initial),
      step_years_(setting.step_years),
      joined_(joined),
      floor_(floor) {}

void AffineCurve::join(std::vector<double> state) {
  state_ = std::move(state);
  loadings_.assign(state_.size(), {});
  for (std::size_t i = 0; i < tenors().size(); ++i) {
    double tau = tau_of(tenors()[i]);
    constants_.push_back(constant(tau) / tau);
    for (std::size_t k = 0; k < state_.size(); ++k) loadings_[k].push_back(loading(k, tau) / tau);
    if (joined_ == InitialCurve::model) initial_zero_rates_[i] = model_log_discount(tau) / tau;
  }
}

double AffineCurve::model_log_discount(double tau) const {
  double sum = constant(tau);
  for (std::size_t k = 0; k < state_.size(); ++k) sum += loading(k, tau) * state_[k];
  return sum;
}

double AffineCurve::joint(std::size_t tenor, double t) const {
  if (joined_ == InitialCurve::model) return 0.0;
  double tau = tau_of(tenors()[tenor]);
  auto left = [&](double years) { return initial_.zero_rate(years) * years - model_log_discount(years); };
  return joined_ == InitialCurve::constant_spread ? left(tau) / tau : (left(t + tau) - left(t)) / tau;
}

std::optional<double> AffineCurve::closed_form_discount(double years) const {
  return joined_ == InitialCurve::model ? std::exp(-model_log_discount(years)) : initial_.discount(years);
}

std::unique_ptr<CurvePath> AffineCurve::start(std::size_t lanes) const {
  return std::make_unique<AffinePath>(*this, lanes);
}

InitialCurve joined_curve(std::optional<InitialCurve> asked, Measure measure, const char* model) {
  bool risk_neutral = measure == Measure::risk_neutral;
  if (risk_neutral && asked == InitialCurve::constant_spread) {
    throw key_error(fmt::format("scenarios.{}.initial_curve", model),
                    "constant_spread leaves arbitrage, which measure: risk_neutral excludes; use deterministic_shift");
  }
  return asked.value_or(risk_neutral ? InitialCurve::deterministic_shift : InitialCurve::constant_spread);
}

void check_floor(std::optional<double> floor, Measure measure, const char* model) {
  if (floor && measure == Measure::risk_neutral) {
    throw key_error(fmt::format("scenarios.{}.floor", model),
                    "cuts rates, and bonds would not be martingales under measure: risk_neutral; leave it out");
  }
}

}  // namespace ballast

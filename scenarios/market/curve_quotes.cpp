#include "scenarios/market/curve_quotes.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <Eigen/Dense>
#include <fmt/format.h>

#include "scenarios/market/bond.h"
#include "scenarios/market/nelson_siegel.h"
#include "scenarios/market/smith_wilson.h"

namespace ballast {
namespace {

/// EIOPA: the ultimate forward is reached 40 years after the last liquid point, and not before 60 years.
double convergence_point(const CurveMethodRequest& request, double last_tenor) {
  return request.convergence_years.value_or(std::max(last_tenor + 40, 60.0));
}

double alpha_of(const CurveMethodRequest& request, double last_tenor, const std::function<SmithWilson(double)>& make) {
  if (request.alpha) return *request.alpha;
  const double convergence = convergence_point(request, last_tenor);
  if (!(convergence > last_tenor)) {
    throw std::invalid_argument(
        fmt::format("convergence_years {} is not beyond the last tenor {}, from where forward rates converge",
                    convergence, last_tenor));
  }
  return calibrate_alpha(make, convergence, request.convergence_tolerance, request.least_alpha);
}

/// What each instrument pays at all their dates.
struct InstrumentFlows {
  std::vector<double> dates;
  Eigen::MatrixXd flows;  ///< instrument x date
};

InstrumentFlows instrument_flows(const CurveQuotes& quotes) {
  int frequency = periods_per_year(quotes.compounding);
  InstrumentFlows all;
  std::vector<CouponSchedule> schedules;
  for (double tenor : quotes.tenors) {
    schedules.push_back(coupon_schedule(tenor, frequency));
    all.dates.insert(all.dates.end(), schedules.back().times.begin(), schedules.back().times.end());
  }
  std::sort(all.dates.begin(), all.dates.end());
  all.dates.erase(std::unique(all.dates.begin(), all.dates.end(), [](double a, double b) { return b - a < 1e-9; }),
                  all.dates.end());
  all.flows = Eigen::MatrixXd::Zero(Eigen::Index(quotes.tenors.size()), Eigen::Index(all.dates.size()));
  for (std::size_t i = 0; i < schedules.size(); ++i) {
    const CouponSchedule& schedule = schedules[i];
    for (std::size_t k = 0; k < schedule.times.size(); ++k) {
      auto at = std::lower_bound(all.dates.begin(), all.dates.end(), schedule.times[k] - 1e-9) - all.dates.begin();
      double flow = quotes.quotes[i] * schedule.fractions[k] + (k + 1 == schedule.times.size() ? 1.0 : 0.0);
      if (schedule.times.size() == 1) flow = bill_redemption(quotes.tenors[i], quotes.quotes[i], frequency);
      all.flows(Eigen::Index(i), at) += flow;
    }
  }
  return all;
}

YieldCurve smith_wilson_of_instruments(const CurveQuotes& quotes, CurveMethod method) {
  InstrumentFlows instruments = instrument_flows(quotes);
  auto make = [&](double alpha) {
    return SmithWilson(instruments.dates, instruments.flows, method.ultimate_forward, alpha);
  };
  method.alpha = alpha_of(quotes.request, quotes.tenors.back(), make);
  SmithWilson curve = make(method.alpha);
  std::vector<double> zero;
  for (double t : instruments.dates) zero.push_back(curve.log_discount(t) / t);
  for (std::size_t k = 0; k < zero.size(); ++k) {
    if (!std::isfinite(zero[k])) {
      throw std::invalid_argument(
          fmt::format("Smith-Wilson has no positive discount factor at {} years", instruments.dates[k]));
    }
  }
  return YieldCurve(instruments.dates, zero, method);
}

/// Zero rates under which every instrument is worth 1, all together, from those of the linear curve.
std::vector<double> solve_par(const CurveQuotes& quotes, std::vector<double> zero, const CurveMethod& method) {
  InstrumentFlows instruments = instrument_flows(quotes);
  auto n = Eigen::Index(zero.size());
  auto excess = [&](const std::vector<double>& rates) {
    YieldCurve curve(quotes.tenors, rates, method);
    Eigen::VectorXd discount(Eigen::Index(instruments.dates.size()));
    for (std::size_t j = 0; j < instruments.dates.size(); ++j) {
      discount[Eigen::Index(j)] = curve.discount(instruments.dates[j]);
    }
    return Eigen::VectorXd(instruments.flows * discount - Eigen::VectorXd::Ones(n));
  };
  constexpr double kBump = 1e-6, kEnough = 1e-14;
  Eigen::VectorXd error = excess(zero);
  for (int iteration = 0; iteration < 30 && error.cwiseAbs().maxCoeff() > kEnough; ++iteration) {
    Eigen::MatrixXd jacobian(n, n);
    for (Eigen::Index k = 0; k < n; ++k) {
      std::vector<double> up = zero, down = zero;
      up[std::size_t(k)] += kBump;
      down[std::size_t(k)] -= kBump;
      jacobian.col(k) = (excess(up) - excess(down)) / (2 * kBump);
    }
    Eigen::VectorXd step = jacobian.partialPivLu().solve(error);
    std::vector<double> next = zero;
    for (Eigen::Index k = 0; k < n; ++k) next[std::size_t(k)] -= step[k];
    Eigen::VectorXd left = excess(next);
    if (!(left.cwiseAbs().maxCoeff() < error.cwiseAbs().maxCoeff())) break;  // rounding, or no progress
    zero = next;
    error = left;
  }
  if (!(error.cwiseAbs().maxCoeff() < 1e-10)) {
    throw std::invalid_argument("the instruments cannot be priced together under this interpolation");
  }
  return zero;
}

}  // namespace

YieldCurve CurveQuotes::curve() const {
  YieldCurve linear = curve_from_quotes(tenors, quotes, quote, compounding);
  CurveMethod method;
  bool smith_wilson = request.extrapolation == Extrapolation::smith_wilson;
  method.interpolation =
      request.interpolation.value_or(smith_wilson ? Interpolation::smith_wilson : Interpolation::linear_zero);
  method.extrapolation = request.extrapolation;
  if (method.linear_flat()) return linear;
  if (method.smith_wilson()) method.ultimate_forward = std::log1p(request.ufr.value_or(0.0));
  std::vector<double> at = tenors, zero = linear.zero_rates();
  if (at.front() == 0.0) {  // says nothing: every curve begins with P(0) = 1
    at.erase(at.begin());
    zero.erase(zero.begin());
    if (at.empty()) throw std::invalid_argument("the only tenor is 0");
  }
  bool coupons = quote == Quote::par || quote == Quote::swap;
  if (method.interpolation == Interpolation::nelson_siegel || method.interpolation == Interpolation::svensson) {
    bool svensson = method.interpolation == Interpolation::svensson;
    if (at.size() < (svensson ? 6u : 4u)) {
      throw std::invalid_argument(
          fmt::format("{} needs at least {} tenors", name_of(method.interpolation), svensson ? 6 : 4));
    }
    Decays decays = request.decay_1 > 0 ? Decays{request.decay_1, request.decay_2} : fit_decays(at, zero, svensson);
    method.decay_1 = decays.first;
    method.decay_2 = decays.second;
    NelsonSiegel fit(at, zero, decays.first, decays.second);
    for (std::size_t k = 0; k < at.size(); ++k) zero[k] = fit.zero_rate(at[k]);
    return YieldCurve(at, zero, method);
  }
  if (method.interpolation == Interpolation::smith_wilson && coupons) return smith_wilson_of_instruments(*this, method);
  if (coupons) {
    CurveMethod inside = method;
    inside.extrapolation = Extrapolation::flat_zero;  // nothing is paid beyond the last tenor
    zero = solve_par(*this, zero, inside);
  }
  if (method.smith_wilson()) {
    method.alpha = alpha_of(request, at.back(),
                            [&](double alpha) { return SmithWilson(at, zero, method.ultimate_forward, alpha); });
  }
  return YieldCurve(at, zero, method);
}

CurveQuotes CurveQuotes::with_estimates_of(const YieldCurve& curve) const {
  CurveQuotes fixed = *this;
  const CurveMethod& method = curve.method();
  if (method.smith_wilson()) fixed.request.alpha = method.alpha;
  fixed.request.decay_1 = method.decay_1;
  fixed.request.decay_2 = method.decay_2;
  return fixed;
}

}  // namespace ballast

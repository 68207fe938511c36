#include "scenarios/market/curve_map.h"

#include <algorithm>
#include <cmath>

#include "scenarios/base/error.h"
#include "scenarios/base/lane_math.h"
#include "scenarios/market/smith_wilson.h"

namespace ballast {

CurveMap::CurveMap(std::span<const double> block_tenors, const YieldCurve& like, std::vector<double> times)
    : method_(like.method()), times_(std::move(times)) {
  if (method_.linear_flat()) {
    tenors_.assign(block_tenors.begin(), block_tenors.end());
    for (std::size_t k = 0; k < tenors_.size(); ++k) rows_.push_back(k);
  } else {
    tenors_ = like.tenors();
    for (double t : tenors_) {
      auto at = std::lower_bound(block_tenors.begin(), block_tenors.end(), t - 1e-9);
      if (at == block_tenors.end() || *at > t + 1e-9) break;
      rows_.push_back(std::size_t(at - block_tenors.begin()));
    }
    if (rows_.size() < tenors_.size()) {  // the block's own tenors serve as well
      tenors_.clear();
      rows_.clear();
      for (std::size_t k = 0; k < block_tenors.size(); ++k) {
        if (!(block_tenors[k] > 0)) continue;
        tenors_.push_back(block_tenors[k]);
        rows_.push_back(k);
      }
    }
  }
  weights_.resize(times_.size());
  if (curve_by_curve()) return;
  if (method_.interpolation == Interpolation::smith_wilson) {
    Eigen::MatrixXd w = smith_wilson_weights(tenors_, times_, method_.alpha);
    for (std::size_t i = 0; i < times_.size(); ++i) {
      for (std::size_t k = 0; k < tenors_.size(); ++k) weights_[i].push_back({k, w(Eigen::Index(i), Eigen::Index(k))});
    }
    return;
  }
  // The map's columns are the curves of unit vectors.
  for (std::size_t k = 0; k < tenors_.size(); ++k) {
    std::vector<double> unit(tenors_.size(), 0.0);
    unit[k] = 1.0;
    YieldCurve curve(tenors_, unit, method_);
    for (std::size_t i = 0; i < times_.size(); ++i) {
      double w = curve.zero_rate(times_[i]);
      if (w != 0.0) weights_[i].push_back({k, w});
    }
  }
}

/// What is linear neither in zero rates nor in discount factors.
bool CurveMap::curve_by_curve() const {
  return method_.interpolation == Interpolation::monotone_convex ||
         (!method_.runs_on_by_itself() && method_.extrapolation == Extrapolation::smith_wilson);
}

void CurveMap::evaluate(const LaneArray& zero_rates, std::size_t first, LaneArray& out) const {
  BALLAST_EXPECTS(out.rows() == times_.size() && first + out.lanes() <= zero_rates.lanes());
  LaneArray in(tenors_.size(), out.lanes());
  for (std::size_t k = 0; k < tenors_.size(); ++k) {
    std::copy_n(zero_rates.row(rows_[k]) + first, out.lanes(), in.row(k));
  }
  if (curve_by_curve()) return each_alone(in, out);
  if (method_.interpolation == Interpolation::smith_wilson) return smith_wilson(in, out);
  weigh(in, out);
}

void CurveMap::weigh(const LaneArray& in, LaneArray& out) const {
  for (std::size_t i = 0; i < times_.size(); ++i) {
    double* z = out.row(i);
    std::fill_n(z, out.lanes(), 0.0);
    for (const Weight& w : weights_[i]) {
      const double* rate = in.row(w.row);
      for (std::size_t lane = 0; lane < out.lanes(); ++lane) z[lane] += w.weight * rate[lane];
    }
  }
}

/// z(t) t = w t - ln(1 + sum of weights x (P(u) e^(w u) - 1)).
void CurveMap::smith_wilson(LaneArray& in, LaneArray& out) const {
  double ultimate = method_.ultimate_forward;
  for (std::size_t k = 0; k < tenors_.size(); ++k) {
    double* rate = in.row(k);
    for (std::size_t lane = 0; lane < in.lanes(); ++lane) rate[lane] = (ultimate - rate[lane]) * tenors_[k];
    expm1_lanes(rate, rate, in.lanes());
  }
  weigh(in, out);
  for (std::size_t i = 0; i < times_.size(); ++i) {
    double* z = out.row(i);
    double t = std::max(times_[i], 1e-9);
    for (std::size_t lane = 0; lane < out.lanes(); ++lane) z[lane] += 1.0;
    log_lanes(z, z, out.lanes());
    for (std::size_t lane = 0; lane < out.lanes(); ++lane) z[lane] = ultimate - z[lane] / t;
  }
}

void CurveMap::each_alone(const LaneArray& in, LaneArray& out) const {
  std::vector<double> rates(tenors_.size());
  for (std::size_t lane = 0; lane < out.lanes(); ++lane) {
    for (std::size_t k = 0; k < rates.size(); ++k) rates[k] = in(k, lane);
    YieldCurve curve(tenors_, rates, method_);
    for (std::size_t i = 0; i < times_.size(); ++i) out(i, lane) = curve.zero_rate(times_[i]);
  }
}

}  // namespace ballast

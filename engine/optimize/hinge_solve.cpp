#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/optimize/hinge_newton.h"

namespace ballast {
namespace {

using Eigen::ArrayXd;
using Eigen::VectorXd;

double largest(const ArrayXd& values) { return values.size() ? values.abs().maxCoeff() : 0.0; }

/// Every product as it is: the predictor's, which would have them all vanish.
ComplementarityTarget vanishing(const HingeState& s) {
  ComplementarityTarget target;
  target.tq.resize(s.hinges);
  target.uz.resize(s.hinges);
  s.for_hinges([&](std::size_t, long first, long count, long) {
    target.tq.segment(first, count) = s.t.segment(first, count) * s.q.segment(first, count);
    target.uz.segment(first, count) = s.u.segment(first, count) * s.z.segment(first, count);
  });
  target.lower = s.to_lower * s.dual_lower - s.barrier;
  target.upper = s.to_upper * s.dual_upper;
  target.limit = s.slack * s.price;
  return target;
}

/// Less what is to stay, with what the predictor's products leave.
void correct(const HingeState& s, const HingeStep& predictor, double centring, ComplementarityTarget& target) {
  s.for_hinges([&](std::size_t, long first, long count, long) {
    auto part = [&](const ArrayXd& all) { return all.segment(first, count); };
    target.tq.segment(first, count) += part(predictor.t) * part(predictor.q) - centring;
    target.uz.segment(first, count) += part(predictor.u) * part(predictor.z) - centring;
  });
  target.lower = s.has_lower * (target.lower + predictor.box * predictor.dual_lower - centring);
  target.upper = s.has_upper * (target.upper - predictor.box * predictor.dual_upper - centring);
  target.limit += predictor.slack * predictor.price - centring;
}

double complementarity_after(const HingeState& s, const HingeStep& d) {
  const double a = d.primal, b = d.dual;
  std::array<double, Slices::kCount> sums{};
  s.for_hinges([&](std::size_t slice, long first, long count, long) {
    auto part = [&](const ArrayXd& all) { return all.segment(first, count); };
    sums[slice] += ((part(s.t) + a * part(d.t)) * (part(s.q) + b * part(d.q))).sum() +
                   ((part(s.u) + a * part(d.u)) * (part(s.z) + b * part(d.z))).sum();
  });
  return std::accumulate(sums.begin(), sums.end(), 0.0) +
         ((s.to_lower + a * s.has_lower * d.box) * (s.dual_lower + b * d.dual_lower) - s.barrier).abs().sum() +
         ((s.to_upper - a * s.has_upper * d.box) * (s.dual_upper + b * d.dual_upper)).sum() +
         ((s.slack + a * d.slack) * (s.price + b * d.price)).sum();
}

void advance(HingeState& s, const HingeStep& d, double primal, double dual) {
  s.x += primal * d.x;
  s.for_hinges([&](std::size_t, long first, long count, long) {
    s.fit.segment(first, count) += primal * d.fit.segment(first, count);
    s.t.segment(first, count) += primal * d.t.segment(first, count);
    s.u.segment(first, count) += primal * d.u.segment(first, count);
    s.q.segment(first, count) += dual * d.q.segment(first, count);
    s.z.segment(first, count) += dual * d.z.segment(first, count);
  });
  s.activity += primal * d.box.tail(s.activity.size());
  s.slack += primal * d.slack;
  s.measure_boxes();
  s.dual_lower += dual * d.dual_lower;
  s.dual_upper += dual * d.dual_upper;
  s.price += dual * d.price;
  s.share_prices();
  s.y += dual * d.y;
}

/// Size of the dual equation's terms, which its residual is measured against.
double dual_scale(const HingeState& s) {
  double scale = s.programme.cost.cwiseAbs().maxCoeff();
  for (const HingeBlock& block : s.programme.blocks) {
    if (!block.limited) scale = std::max(scale, block.multiplier * block.slope.cwiseAbs().maxCoeff());
  }
  if (s.programme.hessian.size() > 0) scale = std::max(scale, s.programme.hessian.diagonal().maxCoeff());
  return scale + 1e-300;
}

}  // namespace

HingeSolution solve(const HingeProgram& programme, const VectorXd& start, const HingeOptions& options) {
  HingeState s(programme, start, options);
  const double scale = dual_scale(s);
  // Certificates price whatever residual is left, and a curved objective's weights are as good as its gradient.
  const double met = options.residual > 0.0 ? options.residual
                     : programme.curved()   ? 1e-9
                                            : std::clamp(0.01 * options.gap / scale, 1e-9, 1e-5);
  HingeSolution best;
  double best_score = kNoLimit;
  for (int iteration = 0; iteration < options.max_iterations; ++iteration) {
    const HingeResiduals r(s);
    const double gap = s.complementarity(), mu = gap / s.pairs();
    const double residual = std::max({largest(r.dual.array()) / scale, r.largest_hinge / scale, largest(r.box),
                                      largest(r.equality.array()), largest(s.price * r.limit) / scale});
    const double score = std::max(gap / options.gap, residual / met);
    if (!std::isfinite(score)) break;
    if (score < best_score) {
      best_score = score;
      best.x = s.x;
      best.multiplier = s.q.matrix();
      best.block_multiplier = s.block_multiplier.matrix();
      best.quadratic_multiplier = s.price.tail(long(programme.quadratics.size())).matrix();
      best.row_dual = s.row_duals();
      best.gap = gap;
      best.residual = residual;
    }
    best.iterations = iteration;
    best.converged = best_score <= 1.0;
    if (best.converged || (iteration > 12 && score > 1e8 * best_score)) break;

    HingeNewton newton(s);
    if (!newton.factor()) break;
    ComplementarityTarget target = vanishing(s);
    const HingeStep predictor = newton.direction(r, target);
    const double reached = complementarity_after(s, predictor) / gap;
    correct(s, predictor, std::max(1e-6, std::pow(std::clamp(reached, 0.0, 1.0), 3)) * mu, target);
    HingeStep step = newton.direction(r, target);
    // Where x stands in the dual equations, both have to move alike.
    if (programme.curved()) step.primal = step.dual = std::min(step.primal, step.dual);
    advance(s, step, std::min(1.0, 0.99 * step.primal), std::min(1.0, 0.99 * step.dual));
  }
  return best;
}

}  // namespace ballast

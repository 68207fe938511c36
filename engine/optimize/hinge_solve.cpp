#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "engine/optimize/open_hinges.h"

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

/// The iterations from a state on.
class HingeSearch {
 public:
  HingeSearch(const HingeProgram& programme, const HingeOptions& options, double scale)
      : options_(options), scale_(scale), curved_(programme.curved()) {
    // Certificates price whatever residual is left, and a curved objective's weights are as good as its gradient.
    met_ = options.residual > 0.0 ? options.residual
           : curved_              ? 1e-9
                                  : std::clamp(0.01 * options.gap / scale, 1e-9, 1e-5);
  }

  /// Moves s until it solves its programme, or no iteration helps any more. leave_out: stops when few hinges are open,
  /// and returns them.
  std::optional<OpenHinges> run(HingeState& s, bool leave_out) {
    while (iteration_ < options_.max_iterations) {
      const HingeResiduals r(s);
      const double gap = s.complementarity(), mu = gap / s.pairs();
      if (!remember(s, r, gap)) break;
      ++iteration_;
      HingeNewton newton(s);
      if (!newton.factor()) break;
      ComplementarityTarget target = vanishing(s);
      const HingeStep predictor = newton.direction(r, target);
      const double reached = complementarity_after(s, predictor) / gap;
      correct(s, predictor, std::max(1e-6, std::pow(std::clamp(reached, 0.0, 1.0), 3)) * mu, target);
      HingeStep step = newton.direction(r, target);
      // Where x stands in the dual equations, both have to move alike.
      if (curved_) step.primal = step.dual = std::min(step.primal, step.dual);
      advance(s, step, std::min(1.0, 0.99 * step.primal), std::min(1.0, 0.99 * step.dual));
      if (!leave_out) continue;
      OpenHinges open(s, step);
      if (open.few()) return open;
    }
    return std::nullopt;
  }

  HingeSolution best;

 private:
  /// Keeps the best iterate; false: it is good enough, or they only get worse.
  bool remember(const HingeState& s, const HingeResiduals& r, double gap) {
    const double residual = std::max({largest(r.dual.array()) / scale_, r.largest_hinge / scale_, largest(r.box),
                                      largest(r.equality.array()), largest(s.price * r.limit) / scale_});
    const double score = std::max(gap / options_.gap, residual / met_);
    if (!std::isfinite(score)) return false;
    if (score < best_score_) {
      best_score_ = score;
      best.x = s.x;
      best.multiplier = s.q.matrix();
      best.block_multiplier = s.block_multiplier.matrix();
      best.quadratic_multiplier = s.price.tail(long(s.programme.quadratics.size())).matrix();
      best.row_dual = s.row_duals();
      best.gap = gap;
      best.residual = residual;
    }
    best.iterations = iteration_;
    best.converged = best_score_ <= 1.0;
    return !best.converged && (iteration_ <= 12 || score <= 1e8 * best_score_);
  }

  HingeOptions options_;
  double scale_, met_;
  bool curved_;
  int iteration_ = 0;
  double best_score_ = kNoLimit;
};

}  // namespace

HingeSolution solve(const HingeProgram& programme, const VectorXd& start, const HingeOptions& options) {
  HingeState s(programme, start, options);
  const double scale = dual_scale(s);
  HingeSearch search(programme, options, scale);
  const std::optional<OpenHinges> open = search.run(s, programme.many_hinges());
  if (!open) return search.best;
  const HingeProgram part = open->programme(s);
  HingeState few(part, s, open->index());
  HingeSearch among_few(part, options, scale);
  among_few.run(few, false);
  HingeSolution& found = among_few.best;
  if (found.converged && open->complete(s, found, 0.1 * options.gap)) {
    found.iterations += search.best.iterations;
    return found;
  }
  search.run(s, false);  // with all of them after all
  search.best.iterations += found.iterations;
  return search.best;
}

}  // namespace ballast

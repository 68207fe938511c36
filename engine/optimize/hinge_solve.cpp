#include <algorithm>
#include <cmath>

#include "engine/optimize/hinge_state.h"
#include "engine/optimize/weighted_gram.h"

namespace ballast {
namespace {

using Eigen::ArrayXd;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Right-hand sides of the complementarity equations: what each product still has to lose.
struct Target {
  ArrayXd tq, uz, lower, upper, limit;
};

struct Step {
  VectorXd x, y;
  ArrayXd fit, t, u, q, z, box, dual_lower, dual_upper, slack, price;
};

struct Residuals {
  VectorXd dual;      // of x
  ArrayXd hinge;      // u + fit - offset - t
  ArrayXd box;        // boxed quantities: 0 for variables, rows x - activity for inequality rows
  VectorXd equality;  // value - rows x
  ArrayXd limit;      // value + slack
};

Residuals residuals(const HingeState& s) {
  Residuals r;
  r.dual = s.gradient();
  const ArrayXd box_dual = s.dual_lower - s.dual_upper;
  r.dual -= box_dual.head(s.variables).matrix();
  r.dual -= s.inequality.transpose() * box_dual.tail(s.activity.size()).matrix();
  r.dual -= s.equality.transpose() * s.y;
  r.hinge = s.u + s.fit - s.programme.offset.array() - s.t;
  r.box = ArrayXd::Zero(s.boxed);
  r.box.tail(s.activity.size()) = (s.inequality * s.x).array() - s.activity;
  r.equality = s.equality_value - s.equality * s.x;
  r.limit = s.slack;
  for (long k = 0; k < r.limit.size(); ++k) r.limit[k] += s.limit_value(k);
  return r;
}

double largest(const ArrayXd& values) { return values.size() ? values.abs().maxCoeff() : 0.0; }

/// Newton's equations reduced to x and the multipliers of equality rows and limits,
///     [K B; B' -C],
/// K = F'DF + boxes + Hessians, B the negative equality rows and the limits' gradients at the hinges' response, C the
/// limits' own. Factored once an iteration.
class NewtonSystem {
 public:
  explicit NewtonSystem(const HingeState& state) : s_(state) {
    tq_ = s_.t / s_.q;
    uz_ = s_.u / s_.z;
    weight_ = 1.0 / (tq_ + uz_);
    box_weight_ = s_.dual_lower / s_.to_lower + s_.dual_upper / s_.to_upper;
    assemble();
    border();
  }

  bool factor() {
    normal_.diagonal().array() += 1e-16 * normal_.diagonal().maxCoeff() + 1e-300;
    llt_.compute(normal_);
    if (llt_.info() != Eigen::Success) {
      normal_.diagonal() *= 1.0 + 1e-8;
      llt_.compute(normal_);
    }
    if (llt_.info() != Eigen::Success) return false;
    if (border_.cols() > 0) {
      solved_border_ = llt_.solve(border_);
      MatrixXd schur = border_.transpose() * solved_border_;
      const double redundant = 1e-14 * schur.diagonal().maxCoeff() + 1e-300;  // redundant equality rows
      corner_.head(s_.equality.rows()).setConstant(redundant);
      schur.diagonal() += corner_;
      ldlt_.compute(schur);
    }
    return true;
  }

  Step direction(const Residuals& r, const Target& target) const {
    const long equal = s_.equality.rows();
    const ArrayXd e = r.hinge + target.tq / s_.q - target.uz / s_.z;
    const ArrayXd pull = target.upper / s_.to_upper - target.lower / s_.to_lower - box_weight_ * r.box;
    VectorXd right = -r.dual + pull.head(s_.variables).matrix();
    right += s_.inequality.transpose() * pull.tail(s_.activity.size()).matrix();
    right -= s_.features_transposed((weight_ * e).matrix());
    VectorXd below(border_.cols());
    below.head(equal) = -r.equality;
    for (long k = 0; k < s_.slack.size(); ++k) {
      below[equal + k] = -r.limit[k] + target.limit[k] / s_.price[k];
      if (k < long(s_.limited.size())) {
        const HingeBlock& block = s_.programme.blocks[std::size_t(s_.limited[std::size_t(k)])];
        const long first = block.begin, size = block.end - block.begin;
        const ArrayXd mass = s_.programme.mass.segment(first, size).array();
        below[equal + k] +=
            (mass * target.uz.segment(first, size) / s_.z.segment(first, size)).sum() +
            (mass * uz_.segment(first, size) * weight_.segment(first, size) * e.segment(first, size)).sum();
      }
    }
    Step d;
    VectorXd multiplier;
    solve_reduced(right, below, d.x, multiplier);
    d.y = multiplier.head(equal);
    d.price = multiplier.tail(s_.slack.size()).array();
    d.slack = -(target.limit + s_.slack * d.price) / s_.price;
    d.fit = s_.features_times(d.x);
    d.q = -weight_ * (d.fit + e);
    d.z = -d.q;
    for (long k = 0; k < long(s_.limited.size()); ++k) {
      const HingeBlock& block = s_.programme.blocks[std::size_t(s_.limited[std::size_t(k)])];
      const long first = block.begin, size = block.end - block.begin;
      const ArrayXd more = d.price[k] * s_.programme.mass.segment(first, size).array();
      d.q.segment(first, size) += weight_.segment(first, size) * uz_.segment(first, size) * more;
      d.z.segment(first, size) = more - d.q.segment(first, size);
    }
    d.t = -(target.tq + s_.t * d.q) / s_.q;
    d.u = -(target.uz + s_.u * d.z) / s_.z;
    d.box = r.box;
    d.box.head(s_.variables) += d.x.array();
    d.box.tail(s_.activity.size()) += (s_.inequality * d.x).array();
    d.dual_lower = s_.has_lower * (-target.lower - s_.dual_lower * d.box) / s_.to_lower;
    d.dual_upper = s_.has_upper * (-target.upper + s_.dual_upper * d.box) / s_.to_upper;
    return d;
  }

 private:
  void assemble() {
    const long weights = s_.programme.weights();
    normal_ = MatrixXd::Zero(s_.variables, s_.variables);
    const RowMatrix& features = s_.programme.features;
    for (long b = 0; b < s_.blocks; ++b) {
      const HingeBlock& block = s_.programme.blocks[std::size_t(b)];
      const std::size_t rows = std::size_t(block.end - block.begin), columns = std::size_t(features.cols());
      if (rows == 0) continue;
      const MatrixXd gram =
          weighted_gram(features.row(block.begin).data(), columns, rows, columns, weight_.data() + block.begin);
      normal_.topLeftCorner(weights, weights) += gram.topLeftCorner(weights, weights);
      const long level = s_.programme.level(b);  // below the weights: the lower triangle holds it
      normal_.row(level).head(weights) += gram.row(weights).head(weights);
      normal_(level, level) += gram(weights, weights);
    }
    if (s_.programme.hessian.size() > 0) normal_.topLeftCorner(weights, weights) += s_.programme.hessian;
    for (std::size_t k = 0; k < s_.programme.quadratics.size(); ++k) {
      normal_.topLeftCorner(weights, weights) +=
          s_.price[long(s_.limited.size() + k)] * s_.programme.quadratics[k].hessian;
    }
    normal_.diagonal().array() += box_weight_.head(s_.variables);
    for (long i = 0; i < s_.inequality.rows(); ++i) {
      for (SparseRows::InnerIterator a(s_.inequality, i); a; ++a) {
        for (SparseRows::InnerIterator b(s_.inequality, i); b && b.col() <= a.col(); ++b) {
          normal_(a.col(), b.col()) += box_weight_[s_.variables + i] * a.value() * b.value();
        }
      }
    }
  }

  void border() {
    const long equal = s_.equality.rows(), limits = s_.slack.size();
    border_ = MatrixXd::Zero(s_.variables, equal + limits);
    corner_ = VectorXd::Zero(equal + limits);
    border_.leftCols(equal) = -MatrixXd(s_.equality.transpose());
    for (long k = 0; k < limits; ++k) {
      border_.col(equal + k) = s_.limit_gradient(k);
      corner_[equal + k] = s_.slack[k] / s_.price[k];
      if (k >= long(s_.limited.size())) continue;
      const HingeBlock& block = s_.programme.blocks[std::size_t(s_.limited[std::size_t(k)])];
      const long first = block.begin, size = block.end - block.begin;
      const ArrayXd lift = s_.programme.mass.segment(first, size).array() * uz_.segment(first, size);
      VectorXd response = VectorXd::Zero(s_.hinges);
      response.segment(first, size) = (weight_.segment(first, size) * lift).matrix();
      border_.col(equal + k) -= s_.features_transposed(response);
      corner_[equal + k] += (s_.programme.mass.segment(first, size).array() * lift *
                             (1.0 - weight_.segment(first, size) * uz_.segment(first, size)))
                                .sum();
    }
  }

  void solve_reduced(const VectorXd& right, const VectorXd& below, VectorXd& dx, VectorXd& multiplier) const {
    dx = VectorXd::Zero(s_.variables);
    multiplier = VectorXd::Zero(border_.cols());
    for (int pass = 0; pass < 2; ++pass) {  // the second refines
      VectorXd f = right, g = below;
      if (pass > 0) {
        f -= normal_.selfadjointView<Eigen::Lower>() * dx;
        f -= border_ * multiplier;
        g -= border_.transpose() * dx - corner_.cwiseProduct(multiplier);
      }
      VectorXd part = llt_.solve(f);
      if (border_.cols() > 0) {
        const VectorXd more = ldlt_.solve(border_.transpose() * part - g);
        multiplier += more;
        part -= solved_border_ * more;
      }
      dx += part;
    }
  }

  const HingeState& s_;
  ArrayXd tq_, uz_, weight_, box_weight_;
  MatrixXd normal_, border_, solved_border_;
  VectorXd corner_;
  Eigen::LLT<MatrixXd> llt_;
  Eigen::LDLT<MatrixXd> ldlt_;
};

/// The part of the step, at most 1, that keeps `value` (positive) from going below zero.
double longest_step(const ArrayXd& value, const ArrayXd& change) {
  return value.size() ? 1.0 / std::max(1.0, (-change / value).maxCoeff()) : 1.0;
}

struct StepLength {
  double primal, dual;
};

StepLength step_length(const HingeState& s, const Step& d) {
  return {std::min({longest_step(s.t, d.t), longest_step(s.u, d.u), longest_step(s.to_lower, s.has_lower * d.box),
                    longest_step(s.to_upper, -s.has_upper * d.box), longest_step(s.slack, d.slack)}),
          std::min({longest_step(s.q, d.q), longest_step(s.z, d.z), longest_step(s.dual_lower, d.dual_lower),
                    longest_step(s.dual_upper, d.dual_upper), longest_step(s.price, d.price)})};
}

double complementarity_after(const HingeState& s, const Step& d, StepLength a) {
  return ((s.t + a.primal * d.t) * (s.q + a.dual * d.q)).sum() + ((s.u + a.primal * d.u) * (s.z + a.dual * d.z)).sum() +
         ((s.to_lower + a.primal * s.has_lower * d.box) * (s.dual_lower + a.dual * d.dual_lower) - s.barrier)
             .abs()
             .sum() +
         ((s.to_upper - a.primal * s.has_upper * d.box) * (s.dual_upper + a.dual * d.dual_upper)).sum() +
         ((s.slack + a.primal * d.slack) * (s.price + a.dual * d.price)).sum();
}

void advance(HingeState& s, const Step& d, StepLength a) {
  s.x += a.primal * d.x;
  s.fit += a.primal * d.fit;
  s.t += a.primal * d.t;
  s.u += a.primal * d.u;
  s.activity += a.primal * d.box.tail(s.activity.size());
  s.slack += a.primal * d.slack;
  s.measure_boxes();
  s.q += a.dual * d.q;
  s.z += a.dual * d.z;
  s.dual_lower += a.dual * d.dual_lower;
  s.dual_upper += a.dual * d.dual_upper;
  s.price += a.dual * d.price;
  s.share_prices();
  s.y += a.dual * d.y;
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
    const Residuals r = residuals(s);
    const double gap = s.complementarity(), mu = gap / s.pairs();
    const double residual = std::max({largest(r.dual.array()) / scale, largest(r.hinge) / scale, largest(r.box),
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

    NewtonSystem system(s);
    if (!system.factor()) break;
    const Target affine{s.t * s.q, s.u * s.z, s.to_lower * s.dual_lower - s.barrier, s.to_upper * s.dual_upper,
                        s.slack * s.price};
    const Step predictor = system.direction(r, affine);
    const double reached = complementarity_after(s, predictor, step_length(s, predictor)) / gap;
    const double centring = std::max(1e-6, std::pow(std::clamp(reached, 0.0, 1.0), 3)) * mu;
    const Target corrected{affine.tq + predictor.t * predictor.q - centring,
                           affine.uz + predictor.u * predictor.z - centring,
                           s.has_lower * (affine.lower + predictor.box * predictor.dual_lower - centring),
                           s.has_upper * (affine.upper - predictor.box * predictor.dual_upper - centring),
                           affine.limit + predictor.slack * predictor.price - centring};
    const Step step = system.direction(r, corrected);
    StepLength longest = step_length(s, step);
    // Where x stands in the dual equations, both have to move alike.
    if (programme.curved()) longest.primal = longest.dual = std::min(longest.primal, longest.dual);
    advance(s, step, {std::min(1.0, 0.99 * longest.primal), std::min(1.0, 0.99 * longest.dual)});
  }
  return best;
}

}  // namespace ballast

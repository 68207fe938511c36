#include <algorithm>
#include <cmath>

#include "engine/optimize/hinge_state.h"
#include "engine/optimize/slices.h"

namespace ballast {
namespace {

using Eigen::ArrayXd;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Right-hand sides of the complementarity equations: what each product still has to lose.
struct Target {
  ArrayXd tq, uz, lower, upper;
};

struct Step {
  VectorXd x, y;
  ArrayXd fit, t, u, q, box, dual_lower, dual_upper;  // z moves by -q
};

struct Residuals {
  VectorXd dual;      // of x
  ArrayXd hinge;      // u + fit - offset - t
  ArrayXd box;        // boxed quantities: 0 for variables, rows x - activity for inequality rows
  VectorXd equality;  // value - rows x
};

Residuals residuals(const HingeState& s) {
  Residuals r;
  r.dual = s.programme.cost;
  r.dual.head(s.featured) -= s.features_transposed(s.q.matrix());
  const ArrayXd box_dual = s.dual_lower - s.dual_upper;
  r.dual -= box_dual.head(s.variables).matrix();
  r.dual -= s.inequality.transpose() * box_dual.tail(s.activity.size()).matrix();
  r.dual -= s.equality.transpose() * s.y;
  r.hinge = s.u + s.fit - s.programme.offset.array() - s.t;
  r.box = ArrayXd::Zero(s.boxed);
  r.box.tail(s.activity.size()) = (s.inequality * s.x).array() - s.activity;
  r.equality = s.equality_value - s.equality * s.x;
  return r;
}

double largest(const ArrayXd& values) { return values.size() ? values.abs().maxCoeff() : 0.0; }

/// Newton's equations reduced to x and y: [K -E'; E 0], K = F'DF + boxes, E the equality rows. Factored once an
/// iteration.
class NewtonSystem {
 public:
  explicit NewtonSystem(const HingeState& state) : s_(state) {
    tq_ = s_.t / s_.q;
    uz_ = s_.u / s_.z;
    weight_ = 1.0 / (tq_ + uz_);
    box_weight_ = s_.dual_lower / s_.to_lower + s_.dual_upper / s_.to_upper;
    assemble();
  }

  bool factor() {
    normal_.diagonal().array() += 1e-16 * normal_.diagonal().maxCoeff() + 1e-300;
    llt_.compute(normal_);
    if (llt_.info() != Eigen::Success) {
      normal_.diagonal() *= 1.0 + 1e-8;
      llt_.compute(normal_);
    }
    if (llt_.info() != Eigen::Success) return false;
    if (s_.equality.rows() > 0) {
      const MatrixXd rows = s_.equality;
      solved_rows_ = llt_.solve(rows.transpose());
      MatrixXd schur = rows * solved_rows_;
      regularisation_ = 1e-14 * schur.diagonal().maxCoeff() + 1e-300;  // redundant equality rows
      schur.diagonal().array() += regularisation_;
      ldlt_.compute(schur);
    }
    return true;
  }

  Step direction(const Residuals& r, const Target& target) const {
    const ArrayXd e = r.hinge + target.tq / s_.q - target.uz / s_.z;
    const ArrayXd pull = target.upper / s_.to_upper - target.lower / s_.to_lower - box_weight_ * r.box;
    VectorXd right = -r.dual + pull.head(s_.variables).matrix();
    right += s_.inequality.transpose() * pull.tail(s_.activity.size()).matrix();
    right.head(s_.featured) -= s_.features_transposed((weight_ * e).matrix());
    Step d;
    solve_reduced(right, r.equality, d.x, d.y);
    d.fit = s_.features_times(d.x);
    d.q = -weight_ * (d.fit + e);
    d.t = -(target.tq + s_.t * d.q) / s_.q;
    d.u = (s_.u * d.q - target.uz) / s_.z;
    d.box = r.box;
    d.box.head(s_.variables) += d.x.array();
    d.box.tail(s_.activity.size()) += (s_.inequality * d.x).array();
    d.dual_lower = s_.has_lower * (-target.lower - s_.dual_lower * d.box) / s_.to_lower;
    d.dual_upper = s_.has_upper * (-target.upper + s_.dual_upper * d.box) / s_.to_upper;
    return d;
  }

 private:
  void assemble() {
    const ArrayXd root = weight_.sqrt();
    std::vector<MatrixXd> parts(Slices::kCount);
    Slices{std::size_t(s_.hinges)}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
      constexpr long kChunk = 256;  // scaled rows stay in cache
      MatrixXd& part = parts[slice];
      part = MatrixXd::Zero(s_.featured, s_.featured);
      RowMatrix scaled;
      for (long first = long(begin); first < long(end); first += kChunk) {
        const long count = std::min(kChunk, long(end) - first);
        scaled.noalias() =
            root.segment(first, count).matrix().asDiagonal() * s_.programme.features.middleRows(first, count);
        part.selfadjointView<Eigen::Lower>().rankUpdate(scaled.transpose());
      }
    });
    for (std::size_t k = 1; k < parts.size(); ++k) parts[0] += parts[k];
    normal_ = MatrixXd::Zero(s_.variables, s_.variables);
    normal_.topLeftCorner(s_.featured, s_.featured) = parts[0];
    normal_.diagonal().array() += box_weight_.head(s_.variables);
    for (long i = 0; i < s_.inequality.rows(); ++i) {
      for (SparseRows::InnerIterator a(s_.inequality, i); a; ++a) {
        for (SparseRows::InnerIterator b(s_.inequality, i); b && b.col() <= a.col(); ++b) {
          normal_(a.col(), b.col()) += box_weight_[s_.variables + i] * a.value() * b.value();
        }
      }
    }
  }

  void solve_reduced(const VectorXd& right, const VectorXd& equality, VectorXd& dx, VectorXd& dy) const {
    dx = VectorXd::Zero(s_.variables);
    dy = VectorXd::Zero(s_.equality.rows());
    for (int pass = 0; pass < 2; ++pass) {  // the second refines
      VectorXd f = right;
      VectorXd g = equality;
      if (pass > 0) {
        f -= normal_.selfadjointView<Eigen::Lower>() * dx;
        f += s_.equality.transpose() * dy;
        g -= s_.equality * dx + regularisation_ * dy;
      }
      VectorXd part = llt_.solve(f);
      if (s_.equality.rows() > 0) {
        const VectorXd multiplier = ldlt_.solve(g - s_.equality * part);
        dy += multiplier;
        part += solved_rows_ * multiplier;
      }
      dx += part;
    }
  }

  const HingeState& s_;
  ArrayXd tq_, uz_, weight_, box_weight_;
  MatrixXd normal_, solved_rows_;
  double regularisation_ = 0.0;
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
                    longest_step(s.to_upper, -s.has_upper * d.box)}),
          std::min({longest_step(s.q, d.q), longest_step(s.z, -d.q), longest_step(s.dual_lower, d.dual_lower),
                    longest_step(s.dual_upper, d.dual_upper)})};
}

double complementarity_after(const HingeState& s, const Step& d, StepLength a) {
  return ((s.t + a.primal * d.t) * (s.q + a.dual * d.q)).sum() + ((s.u + a.primal * d.u) * (s.z - a.dual * d.q)).sum() +
         ((s.to_lower + a.primal * s.has_lower * d.box) * (s.dual_lower + a.dual * d.dual_lower)).sum() +
         ((s.to_upper - a.primal * s.has_upper * d.box) * (s.dual_upper + a.dual * d.dual_upper)).sum();
}

void advance(HingeState& s, const Step& d, StepLength a) {
  s.x += a.primal * d.x;
  s.fit += a.primal * d.fit;
  s.t += a.primal * d.t;
  s.u += a.primal * d.u;
  s.activity += a.primal * d.box.tail(s.activity.size());
  s.measure_boxes();
  s.q += a.dual * d.q;
  s.z -= a.dual * d.q;
  s.dual_lower += a.dual * d.dual_lower;
  s.dual_upper += a.dual * d.dual_upper;
  s.y += a.dual * d.y;
}

}  // namespace

HingeSolution solve(const HingeProgram& programme, const VectorXd& start, const HingeOptions& options) {
  HingeState s(programme, start, options);
  const double scale = programme.cost.cwiseAbs().maxCoeff() + 1e-300;
  HingeSolution best;
  double best_score = kNoLimit;
  for (int iteration = 0; iteration < options.max_iterations; ++iteration) {
    const Residuals r = residuals(s);
    const double gap = s.complementarity(), mu = gap / s.pairs();
    const double residual = std::max(
        {largest(r.dual.array()) / scale, largest(r.hinge) / scale, largest(r.box), largest(r.equality.array())});
    const double score = std::max(gap / options.gap, residual / 1e-9);
    if (!std::isfinite(score)) break;
    if (score < best_score) {
      best_score = score;
      best.x = s.x;
      best.multiplier = s.q.matrix();
      best.row_dual = s.row_duals();
      best.gap = gap;
      best.residual = residual;
    }
    best.iterations = iteration;
    best.converged = best_score <= 1.0;
    if (best.converged || (iteration > 12 && score > 1e8 * best_score)) break;

    NewtonSystem system(s);
    if (!system.factor()) break;
    const Target affine{s.t * s.q, s.u * s.z, s.to_lower * s.dual_lower, s.to_upper * s.dual_upper};
    const Step predictor = system.direction(r, affine);
    const double reached = complementarity_after(s, predictor, step_length(s, predictor)) / gap;
    const double centring = std::max(1e-6, std::pow(std::clamp(reached, 0.0, 1.0), 3)) * mu;
    const Target corrected{affine.tq + predictor.t * predictor.q - centring,
                           affine.uz - predictor.u * predictor.q - centring,
                           s.has_lower * (affine.lower + predictor.box * predictor.dual_lower - centring),
                           s.has_upper * (affine.upper - predictor.box * predictor.dual_upper - centring)};
    const Step step = system.direction(r, corrected);
    const StepLength longest = step_length(s, step);
    advance(s, step, {std::min(1.0, 0.99 * longest.primal), std::min(1.0, 0.99 * longest.dual)});
  }
  return best;
}

}  // namespace ballast

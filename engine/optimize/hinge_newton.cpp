#include "engine/optimize/hinge_newton.h"

#include <algorithm>

#include "engine/optimize/weighted_gram.h"

namespace ballast {

using Eigen::ArrayXd;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

using Parts = std::array<double, Slices::kCount>;  // of each slice

double largest(const Parts& parts) { return *std::max_element(parts.begin(), parts.end()); }

/// The part of a step, at most 1, that keeps `value` (positive) from going below zero.
double longest_step(const ArrayXd& value, const ArrayXd& change) {
  return value.size() ? 1.0 / std::max(1.0, (-change / value).maxCoeff()) : 1.0;
}

}  // namespace

HingeResiduals::HingeResiduals(const HingeState& s) {
  dual = s.gradient();
  const ArrayXd box_dual = s.dual_lower - s.dual_upper;
  dual -= box_dual.head(s.variables).matrix();
  dual -= s.inequality.transpose() * box_dual.tail(s.activity.size()).matrix();
  dual -= s.equality.transpose() * s.y;
  hinge.resize(s.hinges);
  Parts most{};
  s.for_hinges([&](std::size_t slice, long first, long count, long) {
    auto part = hinge.segment(first, count);
    part = s.u.segment(first, count) + s.fit.segment(first, count) - s.programme.offset.segment(first, count).array() -
           s.t.segment(first, count);
    most[slice] = std::max(most[slice], part.abs().maxCoeff());
  });
  largest_hinge = largest(most);
  box = ArrayXd::Zero(s.boxed);
  box.tail(s.activity.size()) = (s.inequality * s.x).array() - s.activity;
  equality = s.equality_value - s.equality * s.x;
  limit = s.slack;
  for (long k = 0; k < limit.size(); ++k) limit[k] += s.limit_value(k);
}

HingeNewton::HingeNewton(const HingeState& state) : s_(state), tq_(s_.hinges), uz_(s_.hinges), weight_(s_.hinges) {
  s_.for_hinges([&](std::size_t, long first, long count, long) {
    tq_.segment(first, count) = s_.t.segment(first, count) / s_.q.segment(first, count);
    uz_.segment(first, count) = s_.u.segment(first, count) / s_.z.segment(first, count);
    weight_.segment(first, count) = 1.0 / (tq_.segment(first, count) + uz_.segment(first, count));
  });
  box_weight_ = s_.dual_lower / s_.to_lower + s_.dual_upper / s_.to_upper;
  assemble();
  border();
}

void HingeNewton::assemble() {
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

void HingeNewton::border() {
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

bool HingeNewton::factor() {
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

HingeStep HingeNewton::direction(const HingeResiduals& r, const ComplementarityTarget& target) const {
  const long equal = s_.equality.rows(), tails = long(s_.limited.size());
  ArrayXd e(s_.hinges);
  VectorXd pull(s_.hinges);
  s_.for_hinges([&](std::size_t, long first, long count, long) {
    e.segment(first, count) = r.hinge.segment(first, count) +
                              target.tq.segment(first, count) / s_.q.segment(first, count) -
                              target.uz.segment(first, count) / s_.z.segment(first, count);
    pull.segment(first, count) = (weight_.segment(first, count) * e.segment(first, count)).matrix();
  });
  const ArrayXd box_pull = target.upper / s_.to_upper - target.lower / s_.to_lower - box_weight_ * r.box;
  VectorXd right = -r.dual + box_pull.head(s_.variables).matrix();
  right += s_.inequality.transpose() * box_pull.tail(s_.activity.size()).matrix();
  right -= s_.features_transposed(pull);
  VectorXd below(border_.cols());
  below.head(equal) = -r.equality;
  for (long k = 0; k < s_.slack.size(); ++k) {
    below[equal + k] = -r.limit[k] + target.limit[k] / s_.price[k];
    if (k >= tails) continue;
    const HingeBlock& block = s_.programme.blocks[std::size_t(s_.limited[std::size_t(k)])];
    const long first = block.begin, size = block.end - block.begin;
    const ArrayXd mass = s_.programme.mass.segment(first, size).array();
    below[equal + k] += (mass * target.uz.segment(first, size) / s_.z.segment(first, size)).sum() +
                        (mass * uz_.segment(first, size) * pull.segment(first, size).array()).sum();
  }
  HingeStep d;
  VectorXd multiplier;
  solve_reduced(right, below, d.x, multiplier);
  d.y = multiplier.head(equal);
  d.price = multiplier.tail(s_.slack.size()).array();
  d.slack = -(target.limit + s_.slack * d.price) / s_.price;
  d.box = r.box;
  d.box.head(s_.variables) += d.x.array();
  d.box.tail(s_.activity.size()) += (s_.inequality * d.x).array();
  d.dual_lower = s_.has_lower * (-target.lower - s_.dual_lower * d.box) / s_.to_lower;
  d.dual_upper = s_.has_upper * (-target.upper + s_.dual_upper * d.box) / s_.to_upper;
  d.primal = std::min({longest_step(s_.to_lower, s_.has_lower * d.box),
                       longest_step(s_.to_upper, -s_.has_upper * d.box), longest_step(s_.slack, d.slack)});
  d.dual = std::min({longest_step(s_.dual_lower, d.dual_lower), longest_step(s_.dual_upper, d.dual_upper),
                     longest_step(s_.price, d.price)});
  move_hinges(d, e, target);
  return d;
}

/// The hinges' part of a step that moves x and the prices, and how far they allow it.
void HingeNewton::move_hinges(HingeStep& d, const ArrayXd& e, const ComplementarityTarget& target) const {
  for (ArrayXd* part : {&d.fit, &d.t, &d.u, &d.q, &d.z}) part->resize(s_.hinges);
  std::vector<double> price(std::size_t(s_.blocks), 0.0);  // how each block's multiplier changes
  for (long k = 0; k < long(s_.limited.size()); ++k) price[std::size_t(s_.limited[std::size_t(k)])] = d.price[k];
  Parts primal{}, dual{};
  s_.for_hinges([&](std::size_t slice, long first, long count, long block) {
    s_.fit_of(d.x, block, first, count, d.fit);
    auto part = [&](const ArrayXd& all) { return all.segment(first, count); };
    auto t = d.t.segment(first, count), u = d.u.segment(first, count), q = d.q.segment(first, count),
         z = d.z.segment(first, count);
    const auto more = price[std::size_t(block)] * s_.programme.mass.segment(first, count).array();
    q = part(weight_) * (part(uz_) * more - part(d.fit) - part(e));
    z = more - q;
    t = -(part(target.tq) + part(s_.t) * q) / part(s_.q);
    u = -(part(target.uz) + part(s_.u) * z) / part(s_.z);
    primal[slice] = std::max({primal[slice], (-t / part(s_.t)).maxCoeff(), (-u / part(s_.u)).maxCoeff()});
    dual[slice] = std::max({dual[slice], (-q / part(s_.q)).maxCoeff(), (-z / part(s_.z)).maxCoeff()});
  });
  d.primal = std::min(d.primal, 1.0 / std::max(1.0, largest(primal)));
  d.dual = std::min(d.dual, 1.0 / std::max(1.0, largest(dual)));
}

void HingeNewton::solve_reduced(const VectorXd& right, const VectorXd& below, VectorXd& dx,
                                VectorXd& multiplier) const {
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

}  // namespace ballast

#include <cmath>

#include "engine/optimize/loss_scan.h"
#include "engine/optimize/slices.h"
#include "engine/optimize/window_solver.h"

// The windows' programme over the chosen columns, the others staying where they are, and what its solution proves for
// all columns and scenarios. Losses are in units of `unit`, the objective in units of `objective_unit`.

namespace ballast {

using Eigen::MatrixXd;
using Eigen::VectorXd;

HingeProgram WindowSolver::window_programme(const VectorXd& x, const Columns& columns) const {
  const long tails = long(samples_.size()), size = long(columns.index.size()) + tails, weights = columns.weights;
  const double ours = programme_.objective_unit;
  HingeProgram program;
  long hinges = 0;
  for (const TailWindow& window : windows_) hinges += long(window.rows().size());
  program.features.resize(hinges, weights + 1);
  program.offset.resize(hinges);
  program.mass.resize(hinges);
  program.cost = VectorXd::Zero(size);
  program.lower = VectorXd::Constant(size, -kNoLimit);
  program.upper = VectorXd::Constant(size, kNoLimit);
  for (std::size_t k = 0; k < columns.index.size(); ++k) {
    const long j = columns.index[k], slot = columns.slot[std::size_t(j)];
    program.cost[slot] = programme_.cost[j] / ours;
    program.lower[slot] = polytope_.lower[j];
    program.upper[slot] = polytope_.upper[j];
  }
  VectorXd resting = x;  // what the chosen columns leave where it is
  for (int j : columns.index) resting[j] = 0.0;
  const std::vector<int> chosen(columns.index.begin(), columns.index.begin() + weights);
  if (programme_.hessian.size() > 0) {
    program.hessian = programme_.hessian(chosen, chosen) / ours;
    const VectorXd pull = programme_.hessian * resting.head(programme_.hessian.rows());
    for (long k = 0; k < weights; ++k) program.cost[k] += pull[chosen[std::size_t(k)]] / ours;
  }
  for (const NamedQuadratic& q : programme_.quadratics) {
    QuadraticLimit limit;
    limit.hessian = q.limit.hessian(chosen, chosen) / q.size;
    limit.slope = VectorXd::Zero(size);
    const VectorXd slope = q.limit.gradient(resting);
    for (int j : columns.index) limit.slope[columns.slot[std::size_t(j)]] = slope[j] / q.size;
    limit.constant = q.limit.value(resting) / q.size;
    program.quadratics.push_back(std::move(limit));
  }
  for (std::size_t k = 0; k < samples_.size(); ++k) fill_block(program, k, resting, columns);

  const long rows = polytope_.rows.rows();
  program.rows.resize(rows, size);
  program.row_lower = polytope_.row_lower;
  program.row_upper = polytope_.row_upper;
  std::vector<Eigen::Triplet<double>> entries;
  for (long i = 0; i < rows; ++i) {
    double resting_value = 0.0;
    for (SparseRows::InnerIterator e(polytope_.rows, i); e; ++e) {
      const long slot = columns.slot[std::size_t(e.col())];
      if (slot >= 0) {
        entries.emplace_back(int(i), int(slot), e.value());
      } else {
        resting_value += e.value() * x[e.col()];
      }
    }
    const bool equality = program.row_lower[i] == program.row_upper[i];
    program.row_lower[i] -= resting_value;
    program.row_upper[i] = equality ? program.row_lower[i] : program.row_upper[i] - resting_value;
  }
  program.rows.setFromTriplets(entries.begin(), entries.end());
  return program;
}

/// The hinges of one tail's window, and what is surely in its tail.
void WindowSolver::fill_block(HingeProgram& program, std::size_t tail, const VectorXd& resting,
                              const Columns& columns) const {
  const TailWindow& window = windows_[tail];
  const WindowRows& rows = window.rows();
  const TailTerm& term = programme_.tails[tail];
  const double unit = programme_.unit;
  HingeBlock block;
  block.begin = program.blocks.empty() ? 0 : program.blocks.back().end;
  block.end = block.begin + long(rows.size());
  block.limited = !term.in_objective();
  block.multiplier =
      (block.limited ? std::max(multiplier_[long(tail)], 1e-2 * programme_.objective_unit / unit) : term.weight) *
      unit / programme_.objective_unit;
  std::vector<long> held;  // assets that keep a weight which is not zero
  for (long j = 0; j < long(polytope_.assets); ++j) {
    if (resting[j] != 0.0) held.push_back(j);
  }
  const long weights = columns.weights;
  Slices{rows.size()}.for_each([&](std::size_t, std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      const long s = block.begin + long(k);
      if (k + kRowsAhead < end) prefetch_row(rows.growth(k + kRowsAhead), polytope_.assets);
      const double* row = rows.growth(k);
      double* features = program.features.row(s).data();
      for (long c = 0; c < weights; ++c) features[c] = row[columns.index[std::size_t(c)]] / unit;
      features[weights] = 1.0;
      double offset = rows.liability(k);
      for (long j : held) offset -= row[j] * resting[j];
      program.offset[s] = offset / unit;
      program.mass[s] = rows.share(k);
    }
  });
  VectorXd slope = term.linear;
  slope.head(long(polytope_.assets)) += window.fixed().slope;
  block.slope = VectorXd::Zero(program.cost.size());
  for (int j : columns.index) block.slope[columns.slot[std::size_t(j)]] = slope[j] / unit;
  block.slope[weights + long(tail)] = window.free_tail();
  block.constant = (window.fixed().constant + slope.dot(resting) - limit_[tail]) / unit;
  program.blocks.push_back(std::move(block));
}

/// A tail's multipliers (over the tail's own) moved onto 0 <= q <= h, sum q = 1, as a plane under CVaR over all
/// scenarios.
SupportingPlane WindowSolver::tail_plane(std::size_t tail, const VectorXd& multiplier) const {
  const TailWindow& window = windows_[tail];
  const WindowRows& rows = window.rows();
  VectorXd share(multiplier.size());
  for (long k = 0; k < share.size(); ++k) share[k] = rows.share(std::size_t(k));
  VectorXd q = multiplier.cwiseMax(0.0).cwiseMin(share);
  const double sum = q.sum(), most = share.sum(), wanted = window.free_tail();
  if (sum > wanted) {
    q *= wanted / sum;
  } else if (most > sum) {
    q = share - (share - q) * (std::max(0.0, most - wanted) / (most - sum));
  }
  SupportingPlane plane = window.fixed();
  for (long k = 0; k < q.size(); ++k) plane.constant += q[k] * rows.liability(std::size_t(k));
  plane.slope -= rows.weighted_growth({q.data(), std::size_t(q.size())});
  return plane;
}

/// A plane under the objective plus the multipliers times what exceeds the limits, over all variables: curved parts by
/// their tangents at x, each CVaR by its own plane. Nowhere allowed does the objective lie below it.
SupportingPlane WindowSolver::lagrangian_plane(const VectorXd& x, const HingeProgram& program,
                                               const HingeSolution& solution, ProgrammeDuals& duals) const {
  const double ours = programme_.objective_unit, unit = programme_.unit;
  const long tails = long(samples_.size());
  duals.tail = solution.block_multiplier * (ours / unit);
  duals.quadratic.resize(long(programme_.quadratics.size()));
  for (long k = 0; k < duals.quadratic.size(); ++k) {
    duals.quadratic[k] = solution.quadratic_multiplier[k] * ours / programme_.quadratics[std::size_t(k)].size;
  }
  if (const long e = programme_.epigraph; e >= 0) {
    // The epigraph variable's own cost exactly, so that its bounds do not count.
    double total = 0.0;
    for (long k = 0; k < tails; ++k) total -= duals.tail[k] * programme_.tails[std::size_t(k)].linear[e];
    for (long k = 0; k < duals.quadratic.size(); ++k) {
      total -= duals.quadratic[k] * programme_.quadratics[std::size_t(k)].limit.slope[e];
    }
    const double factor = total > 0.0 ? programme_.cost[e] / total : 1.0;
    for (long k = 0; k < tails; ++k) {
      if (programme_.raises_epigraph(programme_.tails[std::size_t(k)])) duals.tail[k] *= factor;
    }
    for (long k = 0; k < duals.quadratic.size(); ++k) {
      if (programme_.raises_epigraph(programme_.quadratics[std::size_t(k)])) duals.quadratic[k] *= factor;
    }
  }
  SupportingPlane plane{programme_.constant, programme_.cost};
  if (programme_.hessian.size() > 0) {
    const VectorXd pull = programme_.hessian * x.head(programme_.hessian.rows());
    plane.constant -= 0.5 * pull.dot(x.head(pull.size()));
    plane.slope.head(pull.size()) += pull;
  }
  duals.limits = {0.0, VectorXd::Zero(x.size())};
  for (long k = 0; k < duals.quadratic.size(); ++k) {
    const QuadraticLimit& limit = programme_.quadratics[std::size_t(k)].limit;
    const VectorXd gradient = limit.gradient(x);
    duals.limits.constant += duals.quadratic[k] * (limit.value(x) - gradient.dot(x));
    duals.limits.slope += duals.quadratic[k] * gradient;
  }
  for (long k = 0; k < tails; ++k) {
    const HingeBlock& block = program.blocks[std::size_t(k)];
    const TailTerm& term = programme_.tails[std::size_t(k)];
    const double own = solution.block_multiplier[k];
    if (!(own > 0.0)) continue;  // a limit that costs nothing
    const SupportingPlane tail =
        tail_plane(std::size_t(k), solution.multiplier.segment(block.begin, block.end - block.begin) / own);
    SupportingPlane& into = term.in_objective() ? plane : duals.limits;
    into.constant += duals.tail[k] * (tail.constant - (term.in_objective() ? 0.0 : limit_[std::size_t(k)]));
    into.slope += duals.tail[k] * term.linear;
    into.slope.head(tail.slope.size()) += duals.tail[k] * tail.slope;
  }
  plane.constant += duals.limits.constant;
  plane.slope += duals.limits.slope;
  if (programme_.epigraph >= 0) plane.slope[programme_.epigraph] = 0.0;
  return plane;
}

}  // namespace ballast

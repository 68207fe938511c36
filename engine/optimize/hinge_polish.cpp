#include "engine/optimize/hinge_polish.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "engine/optimize/quadratic_polish.h"

namespace ballast {
namespace {

using Eigen::VectorXd;

/// The programme over x and the shortfalls u of the open hinges, those that may go to the other side; the others'
/// shortfalls are linear in x. Its rows: those of the programme, u + fit >= offset of each open hinge, the limited
/// blocks, and the quadratics' tangents.
class HingePolish {
 public:
  HingePolish(const HingeProgram& programme, const HingeSolution& solution)
      : programme_(programme), solution_(solution), x_(solution.x) {
    for (long b = 0; b < blocks(); ++b) {
      if (programme_.blocks[std::size_t(b)].limited) limited_.push_back(b);
    }
    if (!programme_.quadratics.empty()) price_ = solution.quadratic_multiplier.cwiseMax(0.0);
    choose_sides();
  }

  bool run() {
    constexpr int kMostRounds = 6;
    QuadraticGuess guess;
    for (int round = 0; round < kMostRounds; ++round) {
      gather();
      // About as many hinges are at their kinks as variables are free; each step solves equations of them all.
      if (long(open_.size()) > 4 * variables() + 100) return false;
      build();
      guess = guess_from(guess.row_dual);
      if (!sequence(guess)) return false;
      if (!open_misplaced()) return true;
      open_before_ = open_;
    }
    return false;
  }

  HingeSolution result() const {
    HingeSolution found = solution_;
    found.x = x_;
    found.gap = 0.0;
    found.row_dual = dual_.head(programme_.rows.rows());
    for (std::size_t k = 0; k < limited_.size(); ++k) {
      found.block_multiplier[limited_[k]] = std::max(0.0, -dual_[first_limit() + long(k)]);
    }
    found.quadratic_multiplier = price_;
    for (long b = 0; b < blocks(); ++b) {
      const HingeBlock& block = programme_.blocks[std::size_t(b)];
      for (long s = block.begin; s < block.end; ++s) {
        found.multiplier[s] = side_[std::size_t(s)] > 0 ? found.block_multiplier[b] * programme_.mass[s] : 0.0;
      }
    }
    for (std::size_t a = 0; a < open_.size(); ++a) {
      found.multiplier[open_[a]] = std::max(0.0, dual_[programme_.rows.rows() + long(a)]);
    }
    return found;
  }

 private:
  long blocks() const { return long(programme_.blocks.size()); }
  long variables() const { return programme_.cost.size(); }
  long first_limit() const { return programme_.rows.rows() + long(open_.size()); }
  long first_quadratic() const { return first_limit() + long(limited_.size()); }

  VectorXd shortfalls(const VectorXd& x) const {
    VectorXd value = programme_.offset;
    const long weights = programme_.weights();
    for (long b = 0; b < blocks(); ++b) {
      const HingeBlock& block = programme_.blocks[std::size_t(b)];
      const long count = block.end - block.begin;
      value.segment(block.begin, count) -=
          programme_.features.middleRows(block.begin, count).leftCols(weights) * x.head(weights);
      value.segment(block.begin, count).array() -= x[programme_.level(b)];
    }
    return value;
  }

  /// Open: the hinges whose multiplier is between its bounds, and those nearest to their kinks.
  void choose_sides() {
    const long hinges = programme_.offset.size();
    const VectorXd shortfall = shortfalls(x_);
    side_.resize(std::size_t(hinges));
    std::size_t between = 0;
    for (long b = 0; b < blocks(); ++b) {
      const HingeBlock& block = programme_.blocks[std::size_t(b)];
      for (long s = block.begin; s < block.end; ++s) {
        const double share = solution_.multiplier[s] / (solution_.block_multiplier[b] * programme_.mass[s]);
        side_[std::size_t(s)] = share > 0.001 && share < 0.999 ? 0 : shortfall[s] > 0.0 ? 1 : -1;
        between += share > 0.01 && share < 0.99;
      }
    }
    std::vector<double> distance(shortfall.begin(), shortfall.end());
    for (double& d : distance) d = std::abs(d);
    const std::size_t near = std::min(distance.size(), 2 * between + 16);
    if (near == 0) return;
    std::nth_element(distance.begin(), distance.begin() + long(near) - 1, distance.end());
    for (long s = 0; s < hinges; ++s) {
      if (std::abs(shortfall[s]) <= distance[near - 1]) side_[std::size_t(s)] = 0;
    }
  }

  void gather() {
    open_.clear();
    owner_.clear();
    for (long b = 0; b < blocks(); ++b) {
      const HingeBlock& block = programme_.blocks[std::size_t(b)];
      for (long s = block.begin; s < block.end; ++s) {
        if (side_[std::size_t(s)] == 0) open_.push_back(s), owner_.push_back(b);
      }
    }
  }

  /// All that does not change with x: linear costs, bounds, rows.
  void build() {
    const long n = variables(), weights = programme_.weights(), count = long(open_.size());
    const long rows = first_quadratic() + price_.size();
    cost_ = VectorXd::Zero(n + count);
    cost_.head(n) = programme_.cost;
    region_ = Polytope{};
    region_.assets = std::size_t(weights);
    region_.lower = VectorXd::Zero(n + count);
    region_.upper = VectorXd::Constant(n + count, kNoLimit);
    region_.lower.head(n) = programme_.lower;
    region_.upper.head(n) = programme_.upper;
    region_.row_lower = VectorXd::Constant(rows, -kNoLimit);
    region_.row_upper = VectorXd::Constant(rows, kNoLimit);
    region_.row_lower.head(programme_.rows.rows()) = programme_.row_lower;
    region_.row_upper.head(programme_.rows.rows()) = programme_.row_upper;
    entries_.clear();
    for (long i = 0; i < programme_.rows.rows(); ++i) {
      for (SparseRows::InnerIterator e(programme_.rows, i); e; ++e) entries_.emplace_back(i, e.col(), e.value());
    }
    long next = programme_.rows.rows();
    for (long a = 0; a < count; ++a, ++next) {
      const long s = open_[std::size_t(a)];
      for (long j = 0; j < weights; ++j) entries_.emplace_back(next, j, programme_.features(s, j));
      entries_.emplace_back(next, programme_.level(owner_[std::size_t(a)]), 1.0);
      entries_.emplace_back(next, n + a, 1.0);
      region_.row_lower[next] = programme_.offset[s];
    }
    for (long b = 0; b < blocks(); ++b) {
      const HingeBlock& block = programme_.blocks[std::size_t(b)];
      VectorXd slope = block.slope;
      double constant = block.constant;
      for (long s = block.begin; s < block.end; ++s) {
        if (side_[std::size_t(s)] <= 0) continue;
        slope.head(weights) -= programme_.mass[s] * programme_.features.row(s).head(weights).transpose();
        slope[programme_.level(b)] -= programme_.mass[s];
        constant += programme_.mass[s] * programme_.offset[s];
      }
      for (long a = 0; a < count; ++a) {
        if (owner_[std::size_t(a)] != b) continue;
        const double mass = programme_.mass[open_[std::size_t(a)]];
        if (block.limited) {
          entries_.emplace_back(next, n + a, mass);
        } else {
          cost_[n + a] = block.multiplier * mass;
        }
      }
      if (block.limited) {
        for (long j = 0; j < n; ++j) {
          if (slope[j] != 0.0) entries_.emplace_back(next, j, slope[j]);
        }
        region_.row_upper[next++] = -constant;
      } else {
        cost_.head(n) += block.multiplier * slope;
      }
    }
  }

  /// x and the open hinges' shortfalls there.
  VectorXd extended() const {
    const VectorXd shortfall = shortfalls(x_);
    VectorXd z(variables() + long(open_.size()));
    z.head(variables()) = x_;
    for (std::size_t a = 0; a < open_.size(); ++a) z[variables() + long(a)] = std::max(0.0, shortfall[open_[a]]);
    return z;
  }

  /// Multipliers of the rows: those of the round before (empty: none), of hinges that it did not have and at first
  /// those of the interior point.
  QuadraticGuess guess_from(const VectorXd& before) const {
    const long rows = programme_.rows.rows(), limits = long(limited_.size()) + price_.size();
    QuadraticGuess guess;
    guess.row_dual = VectorXd::Zero(first_limit() + limits);
    for (std::size_t a = 0; a < open_.size(); ++a) {
      const auto place = std::lower_bound(open_before_.begin(), open_before_.end(), open_[a]);
      const bool known = place != open_before_.end() && *place == open_[a];
      guess.row_dual[rows + long(a)] =
          known ? before[rows + (place - open_before_.begin())] : solution_.multiplier[open_[a]];
    }
    if (before.size() > 0) {
      guess.row_dual.head(rows) = before.head(rows);
      guess.row_dual.tail(limits) = before.tail(limits);
      return guess;
    }
    guess.row_dual.head(rows) = solution_.row_dual;
    for (std::size_t k = 0; k < limited_.size(); ++k) {
      guess.row_dual[first_limit() + long(k)] = -solution_.block_multiplier[limited_[k]];
    }
    guess.row_dual.tail(price_.size()) = -price_;
    return guess;
  }

  /// Quadratic programmes with the quadratics' tangents at the last x and, in the objective, their curvature times the
  /// last prices, until x stands still.
  bool sequence(QuadraticGuess& guess) {
    const long n = variables(), weights = programme_.weights();
    constexpr int kMost = 12;
    double last = kNoLimit;
    for (int k = 0; k < kMost; ++k) {
      Eigen::MatrixXd hessian = programme_.hessian;
      if (hessian.size() == 0) hessian = Eigen::MatrixXd::Zero(weights, weights);
      VectorXd cost = cost_;
      std::vector<Eigen::Triplet<double>> entries = entries_;
      for (long q = 0; q < price_.size(); ++q) {
        const QuadraticLimit& limit = programme_.quadratics[std::size_t(q)];
        hessian += price_[q] * limit.hessian;
        cost.head(weights) -= price_[q] * (limit.hessian * x_.head(weights));
        const VectorXd gradient = limit.gradient(x_);
        for (long j = 0; j < n; ++j) {
          if (gradient[j] != 0.0) entries.emplace_back(first_quadratic() + q, j, gradient[j]);
        }
        region_.row_upper[first_quadratic() + q] = gradient.dot(x_) - limit.value(x_);
      }
      region_.rows.resize(region_.row_lower.size(), n + long(open_.size()));
      region_.rows.setFromTriplets(entries.begin(), entries.end());
      VectorXd z = extended();
      guess.reduced_cost = cost - region_.rows.transpose() * guess.row_dual;
      guess.reduced_cost.head(weights) += hessian * x_.head(weights);
      const bool linear = programme_.hessian.size() == 0 && price_.size() == 0;
      QuadraticOptimum found;
      if (linear) {
        found.x = z;
      } else {
        found = polish_quadratic(hessian, cost, region_, z, guess);
      }
      VectorXd slope = cost;
      slope.head(weights) += hessian * found.x.head(weights);
      if (linear ? !solve_linear(slope, found)
                 : !found.stationary || (!found.optimal && !choose_multipliers(slope, found)))
        return false;
      const double change = (found.x.head(n) - x_).cwiseAbs().maxCoeff();
      x_ = found.x.head(n);
      dual_ = guess.row_dual = found.row_dual;
      guess.variables = found.variables;
      guess.rows = found.rows;
      price_ = (-found.row_dual.tail(price_.size())).cwiseMax(0.0);
      if (price_.size() == 0 || change < 1e-13 || (change < 1e-9 && change > 0.1 * last)) return true;
      last = change;
    }
    return last < 1e-8;
  }

  /// The linear programme of this slope, with its multipliers, as the simplex method has them.
  bool solve_linear(const VectorXd& slope, QuadraticOptimum& found) const {
    FeasibleSet set;
    set.lower.assign(region_.lower.begin(), region_.lower.end());
    set.upper.assign(region_.upper.begin(), region_.upper.end());
    for (long i = 0; i < region_.rows.rows(); ++i) {
      LinearConstraint row;
      row.lower = region_.row_lower[i];
      row.upper = region_.row_upper[i];
      for (SparseRows::InnerIterator e(region_.rows, i); e; ++e) row.terms.emplace_back(int(e.col()), e.value());
      set.rows.push_back(std::move(row));
    }
    LinearProgram programme(set, 1e-11);
    const double unit = slope.cwiseAbs().maxCoeff();
    const VectorXd cost = slope / unit;
    if (programme.minimise({cost.data(), std::size_t(cost.size())}) != LinearProgram::Status::optimal) return false;
    const std::vector<double> solution = programme.solution(), duals = programme.row_duals();
    found.x = Eigen::Map<const VectorXd>(solution.data(), long(solution.size()));
    found.row_dual = unit * Eigen::Map<const VectorXd>(duals.data(), long(duals.size())).head(region_.rows.rows());
    return true;
  }

  /// Multipliers of the right signs where more holds than determines x: those of the linear programme that x solves.
  bool choose_multipliers(const VectorXd& slope, QuadraticOptimum& found) const {
    QuadraticOptimum vertex;
    if (!solve_linear(slope, vertex)) return false;
    found.row_dual = vertex.row_dual;
    return slope.dot(found.x - vertex.x) < 1e-10 * slope.cwiseAbs().maxCoeff();
  }

  /// Opens the hinges that x has taken to the other side; false: none.
  bool open_misplaced() {
    const VectorXd shortfall = shortfalls(x_);
    bool any = false;
    for (long s = 0; s < shortfall.size(); ++s) {
      if (double(side_[std::size_t(s)]) * shortfall[s] < 0.0) side_[std::size_t(s)] = 0, any = true;
    }
    return any;
  }

  const HingeProgram& programme_;
  const HingeSolution& solution_;
  VectorXd x_, price_, dual_, cost_;
  std::vector<long> limited_;                     ///< blocks that are limits
  std::vector<signed char> side_;                 ///< of each hinge: 1 short, -1 not, 0 open
  std::vector<long> open_, owner_, open_before_;  ///< open hinges, their blocks; those of the round before
  Polytope region_;
  std::vector<Eigen::Triplet<double>> entries_;
};

}  // namespace

bool polish(const HingeProgram& programme, HingeSolution& solution) {
  if (solution.x.size() == 0 || programme.barrier.size() > 0) return false;
  HingePolish polished(programme, solution);
  if (!polished.run()) return false;
  solution = polished.result();
  return true;
}

}  // namespace ballast

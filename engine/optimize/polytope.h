#pragma once

#include <cstddef>
#include <vector>

#include <Eigen/Dense>
#include <Eigen/Sparse>

#include "engine/optimize/linear_program.h"
#include "engine/optimize/problem.h"

namespace ballast {

using SparseRows = Eigen::SparseMatrix<double, Eigen::RowMajor>;

/// A FeasibleSet as the solvers use it: known not to be empty, with a finite bound on every variable, and vectors.
///     { lower <= x <= upper,  row_lower <= rows x <= row_upper }
struct Polytope {
  std::size_t assets = 0;  ///< the first variables are weights
  Eigen::VectorXd lower, upper;
  SparseRows rows;
  Eigen::VectorXd row_lower, row_upper;
  FeasibleSet bounded;                 ///< the same set, for linear programmes
  std::vector<std::size_t> unlimited;  ///< variables the constraints do not bound; theirs are +-kArtificialBound

  static constexpr double kArtificialBound = 1e4;
  std::size_t variables() const { return std::size_t(lower.size()); }
};

/// Throws NoSolutionError, naming the constraints that conflict, when the set is empty.
Polytope make_polytope(const FeasibleSet& set, std::size_t assets);

/// A point well inside, where possible: between vertices far apart.
Eigen::VectorXd central_point(const Polytope& polytope, LinearProgram& programme);

/// How far x lies outside: of a bound as it is, of a row over its largest coefficient.
double violation(const Polytope& polytope, const Eigen::VectorXd& x);

/// Puts the variables of an interior point's x that are on their way to a bound on it: in its last steps distance x
/// reduced cost is alike for all of them, so those far nearer to a bound than to a reduced cost of 0 are. reduced_cost:
/// in units in which 1 is large.
void rest_on_bounds(const Polytope& polytope, Eigen::VectorXd& x, const Eigen::VectorXd& reduced_cost);

/// x put on the bounds it is nearer to than `near`, then moved onto the rows it breaks or touches: least squares
/// weighted by the squared distance from the bounds, so that what lies on a bound stays. Where the set is so thin that
/// this fails, all off their bounds weigh the same.
Eigen::VectorXd snap_and_repair(const Polytope& polytope, Eigen::VectorXd x, double near);

/// Throws NoSolutionError naming a weight that has run away to an artificial bound.
void require_bounded_weights(const Polytope& polytope, const Eigen::VectorXd& x, const ScenarioSet& scenarios);

}  // namespace ballast

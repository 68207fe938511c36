#pragma once

#include <vector>

#include <Eigen/Dense>

#include "engine/optimize/hinge_program.h"

namespace ballast {

/// Newton's equations of a quadratic programme on a face (internal to quadratic_polish):
///     H step + rows' dual = -slope,   rows step = missing
/// over the free variables and the rows that are held. A free variable without curvature (turnover, a shortfall) and a
/// row that is held define each other and leave the system before it is solved densely: what remains is about the
/// weights and the rows between them.
struct HeldEquations {
  std::vector<long> free, rows;    ///< in
  Eigen::VectorXd slope, missing;  ///< in: one a free variable; one a row
  Eigen::VectorXd step, dual;      ///< out

  /// hessian: of the first variables. size: of its numbers, for what nothing determines (which stays) and rows that
  /// say the same (which share their dual). false: the numbers ran away.
  bool solve(const Eigen::MatrixXd& hessian, const SparseRows& all_rows, double size);

 private:
  struct Pivot {
    long row, column;
    std::vector<std::pair<long, double>> taken;  ///< so many times the row is taken off another
  };
  void eliminate(long curved);

  RowMatrix active_;  ///< held rows x free variables
  std::vector<long> entries_;
  std::vector<Pivot> pivots_;
  std::vector<char> row_gone_, column_gone_;
};

}  // namespace ballast

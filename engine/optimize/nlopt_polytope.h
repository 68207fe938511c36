#pragma once

#include <Eigen/Dense>
#include <nlopt.hpp>

#include "engine/optimize/polytope.h"

namespace ballast {

/// A polytope's bounds and rows as NLopt takes them; must outlive the solver.
class NloptPolytope {
 public:
  explicit NloptPolytope(const Polytope& polytope);

  void constrain(nlopt::opt& solver);

 private:
  /// matrix x - right <= 0, or = 0.
  struct Rows {
    Eigen::MatrixXd matrix;
    Eigen::VectorXd right;
  };
  static void evaluate(unsigned count, double* result, unsigned n, const double* x, double* gradient, void* rows);
  Rows select(bool equality) const;

  const Polytope& polytope_;
  Rows equal_, below_;
};

}  // namespace ballast

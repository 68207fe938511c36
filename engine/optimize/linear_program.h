#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/optimize/problem.h"

namespace ballast {

/// Linear programmes over a FeasibleSet by COIN-OR's CLP, each warm-started from the last.
class LinearProgram {
 public:
  enum class Status { optimal, infeasible, unbounded, failed };

  /// tolerance: of bounds, rows and reduced costs, absolute.
  explicit LinearProgram(const FeasibleSet& set, double tolerance = 1e-9);
  ~LinearProgram();
  LinearProgram(LinearProgram&&) noexcept;

  /// minimise cost'x, cost having one entry a variable.
  Status minimise(std::span<const double> cost);

  double value() const;                   ///< of the last minimise() that ended optimal
  std::vector<double> solution() const;   ///< likewise
  std::vector<double> row_duals() const;  ///< likewise; positive where the row's lower limit binds

  void set_row(std::size_t row, double lower, double upper);
  void set_bounds(std::size_t variable, double lower, double upper);

 private:
  struct Clp;
  std::unique_ptr<Clp> clp_;
};

}  // namespace ballast

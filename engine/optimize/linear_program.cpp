#include "engine/optimize/linear_program.h"

#include <cmath>

#include <ClpSimplex.hpp>

namespace ballast {
namespace {

double clp_limit(double limit) {
  if (limit == kNoLimit) return COIN_DBL_MAX;
  if (limit == -kNoLimit) return -COIN_DBL_MAX;
  return limit;
}

}  // namespace

struct LinearProgram::Clp {
  ClpSimplex model;
  std::size_t variables = 0;
  std::size_t rows = 0;
};

LinearProgram::LinearProgram(const FeasibleSet& set, double tolerance) : clp_(std::make_unique<Clp>()) {
  ClpSimplex& model = clp_->model;
  clp_->variables = set.variables();
  clp_->rows = set.rows.size();
  model.setLogLevel(0);
  model.setPrimalTolerance(tolerance);
  model.setDualTolerance(tolerance);
  model.resize(0, int(set.variables()));
  for (std::size_t j = 0; j < set.variables(); ++j) set_bounds(j, set.lower[j], set.upper[j]);
  std::vector<int> index;
  std::vector<double> coefficient;
  for (const LinearConstraint& row : set.rows) {
    // CLP wants each variable once in a row.
    std::vector<double> dense(set.variables(), 0.0);
    for (const auto& [variable, value] : row.terms) dense[std::size_t(variable)] += value;
    index.clear();
    coefficient.clear();
    for (std::size_t j = 0; j < dense.size(); ++j) {
      if (dense[j] == 0.0) continue;
      index.push_back(int(j));
      coefficient.push_back(dense[j]);
    }
    model.addRow(int(index.size()), index.data(), coefficient.data(), clp_limit(row.lower), clp_limit(row.upper));
  }
  if (set.rows.empty()) {  // CLP's simplex wants a row
    const int first = 0;
    const double zero = 0.0;
    model.addRow(1, &first, &zero, -1.0, 1.0);
  }
}

LinearProgram::~LinearProgram() = default;
LinearProgram::LinearProgram(LinearProgram&&) noexcept = default;

LinearProgram::Status LinearProgram::minimise(std::span<const double> cost) {
  ClpSimplex& model = clp_->model;
  for (std::size_t j = 0; j < clp_->variables; ++j) model.setObjectiveCoefficient(int(j), cost[j]);
  model.primal();
  switch (model.status()) {
    case 0:
      return Status::optimal;
    case 1:
      return Status::infeasible;
    case 2:
      return Status::unbounded;
    default:
      return Status::failed;
  }
}

double LinearProgram::value() const { return clp_->model.objectiveValue(); }

std::vector<double> LinearProgram::solution() const {
  const double* x = clp_->model.primalColumnSolution();
  return {x, x + clp_->variables};
}

std::vector<double> LinearProgram::row_duals() const {
  const double* y = clp_->model.dualRowSolution();
  return {y, y + clp_->rows};
}

void LinearProgram::set_row(std::size_t row, double lower, double upper) {
  clp_->model.setRowBounds(int(row), clp_limit(lower), clp_limit(upper));
}

void LinearProgram::set_bounds(std::size_t variable, double lower, double upper) {
  clp_->model.setColumnBounds(int(variable), clp_limit(lower), clp_limit(upper));
}

}  // namespace ballast

#include "engine/optimize/certificate.h"

namespace ballast {

Certificate certify(const Polytope& polytope, const SupportingPlane& plane, const Eigen::VectorXd& row_dual) {
  Certificate result;
  Eigen::VectorXd y = row_dual;
  double bound = plane.constant;
  for (long i = 0; i < y.size(); ++i) {
    const double limit = y[i] > 0 ? polytope.row_lower[i] : polytope.row_upper[i];
    if (y[i] == 0.0 || !std::isfinite(limit)) {
      y[i] = 0.0;
    } else {
      bound += y[i] * limit;
    }
  }
  result.reduced_cost = Eigen::VectorXd::Zero(long(polytope.variables()));
  result.reduced_cost.head(plane.slope.size()) = plane.slope;
  result.reduced_cost -= polytope.rows.transpose() * y;
  for (long j = 0; j < result.reduced_cost.size(); ++j) {
    const double r = result.reduced_cost[j];
    if (r != 0.0) bound += r * (r > 0 ? polytope.lower[j] : polytope.upper[j]);
  }
  result.lower_bound = bound;
  return result;
}

Certificate certify_by_programme(const Polytope& polytope, const SupportingPlane& plane, LinearProgram& programme,
                                 Eigen::VectorXd& row_dual) {
  std::vector<double> cost(polytope.variables(), 0.0);
  // The simplex method's tolerances are absolute.
  const double unit = std::max(plane.slope.size() > 0 ? plane.slope.cwiseAbs().maxCoeff() : 0.0, 1e-300);
  for (long i = 0; i < plane.slope.size(); ++i) cost[std::size_t(i)] = plane.slope[i] / unit;
  if (programme.minimise(cost) != LinearProgram::Status::optimal) return {};
  const std::vector<double> duals = programme.row_duals();
  row_dual = unit * Eigen::Map<const Eigen::VectorXd>(duals.data(), polytope.rows.rows());
  return certify(polytope, plane, row_dual);
}

}  // namespace ballast

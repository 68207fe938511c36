#include "engine/optimize/limits.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace ballast {

using Eigen::VectorXd;

double excess_unit(const ConvexProgramme& programme, const TailTerm& tail) {
  return std::max(std::abs(tail.limit), 1e-2 * programme.unit);
}

ConvexProgramme excess_programme(const ConvexProgramme& programme) {
  ConvexProgramme excess;
  excess.polytope = programme.polytope;
  excess.unit = programme.unit;
  excess.cost = VectorXd::Zero(programme.cost.size());
  for (const TailTerm& tail : programme.tails) {
    if (!tail.in_objective() && !programme.raises_epigraph(tail)) excess.tails.push_back(tail);
  }
  for (const NamedQuadratic& q : programme.quadratics) {
    if (!programme.raises_epigraph(q)) excess.quadratics.push_back(q);
  }
  add_epigraph(excess);
  excess.cost[excess.epigraph] = 1.0;
  for (TailTerm& tail : excess.tails) tail.linear[excess.epigraph] = -excess_unit(programme, tail);
  for (NamedQuadratic& q : excess.quadratics) {
    q.limit.slope[excess.epigraph] = -q.size;
  }
  // An excess near 0 is what is asked about, so gaps count absolutely, in units of the limits.
  excess.value_floor = 1.0;
  return excess;
}

ProgrammeOutcome least_excess(ProgrammeSolver& solver, int max_rounds) {
  ProgrammeOptions options;
  options.gap = 1e-9;
  options.max_rounds = max_rounds;
  options.stop_below = -0.02;
  return solver.solve(options);
}

namespace {

bool can_hold(const ConvexProgramme& programme, const ProgrammeOptions& options) {
  if (!programme.limited()) return true;
  ProgrammeSolver solver(excess_programme(programme));
  const ProgrammeOutcome found = least_excess(solver, options.max_rounds);
  return found.x.size() > 0 && found.value <= 1e-9;
}

/// The programme with the k-th limit only, or without it: tails first, then quadratics.
ConvexProgramme with_limits(const ConvexProgramme& programme, const std::vector<bool>& kept) {
  ConvexProgramme some = programme;
  some.tails.clear();
  some.quadratics.clear();
  for (std::size_t k = 0; k < programme.tails.size(); ++k) {
    if (kept[k]) some.tails.push_back(programme.tails[k]);
  }
  for (std::size_t k = 0; k < programme.quadratics.size(); ++k) {
    if (kept[programme.tails.size() + k]) some.quadratics.push_back(programme.quadratics[k]);
  }
  return some;
}

/// "name: at most 0.02; the least there is 0.0311 (proven within 2e-08)"
std::string describe_alone(const ConvexProgramme& alone, const ProgrammeOptions& options) {
  ProgrammeSolver solver(excess_programme(alone));
  ProgrammeOptions exact = options;
  exact.gap = 1e-8;
  const ProgrammeOutcome found = solver.solve(exact);
  if (!alone.tails.empty()) {
    const TailTerm& tail = alone.tails[0];
    const double unit = excess_unit(alone, tail);
    return fmt::format("{}: at most {:.6g}; the least attainable is {:.8g}, and no weights go below {:.8g}", tail.name,
                       tail.limit, tail.limit + found.value * unit, tail.limit + found.lower_bound * unit);
  }
  const NamedQuadratic& q = alone.quadratics[0];
  return fmt::format("{}: at most {:.6g}; the least attainable is {:.6g}", q.name, std::sqrt(2.0 * q.size),
                     std::sqrt(std::max(0.0, 2.0 * q.size * (1.0 + found.value))));
}

}  // namespace

std::vector<std::string> conflicting_limits(const ConvexProgramme& programme, const ProgrammeOptions& options) {
  const std::size_t count = programme.tails.size() + programme.quadratics.size();
  std::vector<bool> kept(count);
  for (std::size_t k = 0; k < programme.tails.size(); ++k) {
    kept[k] = !programme.tails[k].in_objective() && !programme.raises_epigraph(programme.tails[k]);
  }
  for (std::size_t k = 0; k < programme.quadratics.size(); ++k) {
    kept[programme.tails.size() + k] = !programme.raises_epigraph(programme.quadratics[k]);
  }
  std::vector<std::string> conflict;
  if (can_hold(with_limits(programme, kept), options)) return conflict;
  for (std::size_t k = count; k-- > 0;) {
    if (!kept[k]) continue;
    kept[k] = false;
    if (can_hold(with_limits(programme, kept), options)) kept[k] = true;
  }
  for (std::size_t k = 0; k < count; ++k) {
    if (!kept[k]) continue;
    std::vector<bool> only(count, false);
    only[k] = true;
    conflict.push_back(describe_alone(with_limits(programme, only), options));
  }
  return conflict;
}

}  // namespace ballast

#include "engine/optimize/programme_solver.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/optimize/limits.h"
#include "engine/optimize/variance_start.h"
#include "scenarios/base/error.h"
#include "scenarios/base/lanes.h"

namespace ballast {

using Eigen::VectorXd;

namespace {

constexpr std::size_t kEnoughBlocks = 12;  ///< of a sample worth a level of its own after a start from the moments
constexpr double kRoughWidth = 0.6;        ///< of the windows there

}  // namespace

bool ConvexProgramme::limited() const {
  return std::any_of(tails.begin(), tails.end(),
                     [&](const TailTerm& tail) { return !tail.in_objective() && !raises_epigraph(tail); }) ||
         std::any_of(quadratics.begin(), quadratics.end(),
                     [&](const NamedQuadratic& q) { return !raises_epigraph(q); });
}

void add_epigraph(ConvexProgramme& programme) {
  constexpr double kRange = 1e4;
  Polytope& polytope = programme.polytope;
  const long n = long(polytope.variables());
  auto append = [n](VectorXd& values, double value) {
    values.conservativeResize(n + 1);
    values[n] = value;
  };
  append(polytope.lower, -kRange);
  append(polytope.upper, kRange);
  append(programme.cost, 0.0);
  for (TailTerm& tail : programme.tails) append(tail.linear, 0.0);
  for (NamedQuadratic& q : programme.quadratics) append(q.limit.slope, 0.0);
  polytope.rows.conservativeResize(polytope.rows.rows(), n + 1);
  polytope.bounded.lower.push_back(-kRange);
  polytope.bounded.upper.push_back(kRange);
  programme.epigraph = n;
}

ProgrammeSolver::ProgrammeSolver(ConvexProgramme programme)
    : programme_(std::move(programme)), linear_(programme_.polytope.bounded) {}

void ProgrammeSolver::set_row(long row, double lower, double upper) {
  programme_.polytope.row_lower[row] = lower;
  programme_.polytope.row_upper[row] = upper;
  programme_.polytope.bounded.rows[std::size_t(row)].lower = lower;
  programme_.polytope.bounded.rows[std::size_t(row)].upper = upper;
  linear_.set_row(std::size_t(row), lower, upper);
  anchored_ = false;
}

void ProgrammeSolver::set_objective(const VectorXd& cost, const Eigen::MatrixXd& hessian) {
  programme_.cost = cost;
  programme_.hessian = hessian;
}

/// Every tail's sample of about this part of its blocks.
std::vector<ScenarioSample> ProgrammeSolver::samples(double part) const {
  std::vector<ScenarioSample> all;
  for (const TailTerm& tail : programme_.tails) {
    const std::size_t blocks = ScenarioSample::blocks_of(*tail.set);
    const std::size_t count = std::clamp<std::size_t>(std::size_t(std::ceil(part * double(blocks) - 1e-9)), 1, blocks);
    all.emplace_back(*tail.set, count, tail.confidence);
  }
  return all;
}

VectorXd ProgrammeSolver::tail_values(const VectorXd& x) const {
  VectorXd values(long(programme_.tails.size()));
  Losses losses;
  const std::vector<ScenarioSample> whole = samples(1.0);
  for (std::size_t k = 0; k < whole.size(); ++k) {
    whole[k].scan(x, losses);
    values[long(k)] = whole[k].edges(losses, 0.0).cvar;
  }
  return values;
}

bool ProgrammeSolver::clearly_meets_limits(const VectorXd& x, const VectorXd& cvar) const {
  if (violation(programme_.polytope, x) > 1e-9) return false;
  for (std::size_t k = 0; k < programme_.tails.size(); ++k) {
    const TailTerm& tail = programme_.tails[k];
    if (tail.in_objective() || programme_.raises_epigraph(tail)) continue;
    if (cvar[long(k)] + tail.linear.dot(x) - tail.limit > -0.02 * excess_unit(programme_, tail)) return false;
  }
  return std::all_of(programme_.quadratics.begin(), programme_.quadratics.end(), [&](const NamedQuadratic& q) {
    return programme_.raises_epigraph(q) || q.limit.value(x) <= -0.02 * q.size;
  });
}

void ProgrammeSolver::find_anchor(const ProgrammeOptions& options, const ProgrammeStart& start) {
  for (const VectorXd& x : {start.x, anchor_.x, central_point(programme_.polytope, linear_)}) {
    if (x.size() == 0) continue;
    const VectorXd cvar = tail_values(x);
    if (!clearly_meets_limits(x, cvar)) continue;
    anchor_ = {x, cvar};
    return;
  }
  ProgrammeSolver excess(excess_programme(programme_));
  const ProgrammeOutcome found = least_excess(excess, options.max_rounds);
  constexpr double kMet = 1e-9;
  if (found.x.size() == 0 || found.value > kMet) {
    const std::vector<std::string> conflict = conflicting_limits(programme_, options);
    throw NoSolutionError(
        fmt::format("no weights satisfy the constraints (these conflict with the linear ones: {}) "
                    "relax or remove one of them",
                    fmt::join(conflict, "; ")));
  }
  VectorXd x = found.x.head(long(programme_.polytope.variables()));
  anchor_ = {x, tail_values(x)};
}

/// Nothing but a linear objective over the polytope: its vertex.
ProgrammeOutcome ProgrammeSolver::solve_linear() {
  ProgrammeOutcome outcome;
  const VectorXd& cost = programme_.cost;
  if (linear_.minimise({cost.data(), std::size_t(cost.size())}) != LinearProgram::Status::optimal) return outcome;
  const std::vector<double> vertex = linear_.solution();
  outcome.x = Eigen::Map<const VectorXd>(vertex.data(), cost.size());
  outcome.x = snap_and_repair(programme_.polytope, outcome.x, 1e-12);
  const Certificate certificate =
      certify_by_programme(programme_.polytope, {programme_.constant, cost}, linear_, outcome.duals.row);
  outcome.value = programme_.constant + cost.dot(outcome.x);
  outcome.lower_bound = std::min(certificate.lower_bound, outcome.value);
  outcome.duals.reduced_cost = certificate.reduced_cost;
  outcome.relative_gap =
      (outcome.value - outcome.lower_bound) / std::max(std::abs(outcome.value), programme_.value_floor);
  outcome.optimal = true;
  outcome.iterations = 1;
  return outcome;
}

ProgrammeOutcome ProgrammeSolver::solve(const ProgrammeOptions& options, const ProgrammeStart& start) {
  if (programme_.tails.empty() && !programme_.curved()) return solve_linear();
  if (programme_.limited() && !anchored_) find_anchor(options, start);
  anchored_ = true;
  const bool warm = start.x.size() > 0;
  ProgrammeStart from = start;
  if (!warm && programme_.limited()) from.x = anchor_.x;
  if (!warm && !programme_.limited()) from = variance_start(programme_, central_point(programme_.polytope, linear_));
  bool rough = from.reduced_cost.size() > 0 && !warm;  // from moments, not from a sample's tail

  // Each level has about six times the scenarios of the last; the whole sets are the last.
  std::size_t blocks = 0;
  for (const TailTerm& tail : programme_.tails) blocks = std::max(blocks, ScenarioSample::blocks_of(*tail.set));
  const std::size_t least =
      std::max<std::size_t>(rough ? kEnoughBlocks : 3, 20 * programme_.polytope.assets / kBlockScenarios);
  std::vector<double> parts{1.0};
  for (std::size_t k = blocks / 6; !warm && k > least; k /= 6) parts.insert(parts.begin(), double(k) / double(blocks));

  ProgrammeOutcome outcome;
  int iterations = 0;
  double tail_before = 0.0;  // scenarios in the tail of the level before
  for (std::size_t level = 0; level < parts.size(); ++level) {
    const bool last = level + 1 == parts.size();
    const std::vector<ScenarioSample> some = samples(parts[level]);
    double tail_count = kNoLimit;
    bool usable = true;
    for (std::size_t k = 0; k < some.size(); ++k) {
      usable = usable && some[k].total_mass() > 0.0;
      tail_count =
          std::min(tail_count, (1.0 - programme_.tails[k].confidence) * double(some[k].scenarios_everywhere()));
    }
    if (!last && !usable) continue;
    // From the centre anything may be in the tail; after a sample, what its own error leaves open.
    const bool cold = from.reduced_cost.size() == 0;
    const double assets = double(programme_.polytope.assets);
    const double open = tail_before > 0.0 ? 1.3 * std::sqrt(assets / tail_before) : 6.0 * assets / tail_count;
    WindowOptions window;
    window.half_width = cold ? 1.5 : std::clamp(open, 0.15, 1.0);
    window.gap = last ? options.gap : level + 2 == parts.size() ? std::max(1e-3, options.gap) : 1e-2;
    if (rough) window.half_width = kRoughWidth;
    // Near the optimum a precise first programme saves passes over the scenarios.
    const bool near = warm || (!cold && !rough);
    if (near && !warm) window.first_gap = last ? 10.0 * window.gap : 0.1 * window.gap;
    if (near && last && !programme_.limited()) window.first_gap = 0.25 * window.gap;
    rough = false;
    window.exact = last && options.exact;
    window.max_rounds = options.max_rounds;
    window.stop_below = options.stop_below;
    WindowSolver solver(programme_, some, linear_, anchor_);
    outcome = solver.run(from, window);
    iterations += outcome.iterations;
    if (outcome.x.size() > 0) from = outcome.as_start();
    tail_before = tail_count;
  }
  outcome.iterations = iterations;
  return outcome;
}

}  // namespace ballast

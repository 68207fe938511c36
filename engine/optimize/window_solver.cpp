#include "engine/optimize/window_solver.h"

#include <algorithm>
#include <cmath>

#include "engine/optimize/hinge_polish.h"
#include "engine/optimize/quadratic_polish.h"

namespace ballast {

using Eigen::VectorXd;

namespace {

constexpr long kAllColumns = 40;  ///< with this many assets or fewer, no column is left out

}  // namespace

WindowSolver::WindowSolver(const ConvexProgramme& programme, const std::vector<ScenarioSample>& samples,
                           LinearProgram& linear, const Anchor& anchor)
    : programme_(programme),
      polytope_(programme.polytope),
      samples_(samples),
      linear_(linear),
      anchor_(anchor),
      losses_(samples.size()),
      first_width_(samples.size(), 0.0) {
  for (const ScenarioSample& sample : samples_) windows_.emplace_back(sample);
  if (samples_.size() == 1 && programme_.tails[0].in_objective() && !programme_.limited()) screen_.emplace(samples_[0]);
  for (const TailTerm& tail : programme_.tails) limit_.push_back(tail.in_objective() ? 0.0 : tail.limit);
  if (anchor_.x.size() == 0) return;
  VectorXd x = anchor_.x;
  const Round round = look(x, nothing_open());
  for (std::size_t k = 0; k < round.size(); ++k) {
    anchor_cvar_.push_back(round[k].cvar);
    limit_[k] += round[k].cvar - anchor_.cvar[long(k)];
  }
}

ProgrammeOutcome WindowSolver::run(const ProgrammeStart& start, const WindowOptions& options) {
  best_ = {};
  polished_ = false;
  as_good_ = 0.0;
  best_.duals.reduced_cost = start.reduced_cost;
  multiplier_ = start.multiplier;
  if (multiplier_.size() == 0) {
    multiplier_ = VectorXd::Ones(long(programme_.tails.size()));
    for (std::size_t k = 0; k < programme_.tails.size(); ++k) {
      const TailTerm& tail = programme_.tails[k];
      // Of limits nothing is known: as if a unit of loss were worth a unit of the objective, shared.
      multiplier_[long(k)] = tail.in_objective()
                                 ? tail.weight
                                 : programme_.objective_unit / programme_.unit / double(programme_.tails.size());
    }
  }
  VectorXd x = start.x;
  const bool fixed = (polytope_.upper - polytope_.lower).head(long(polytope_.assets)).maxCoeff() <= 0.0 &&
                     polytope_.variables() == polytope_.assets;
  double last_gap = kNoLimit, precision = 1.0;
  for (int round = 0; round < options.max_rounds; ++round) {
    const Round seen = look(x, half_widths(round, x, options.half_width));
    const bool better = accept(x, seen);
    as_good_ = 0.0;
    if (fixed) best_.lower_bound = best_.value;
    best_.relative_gap = relative_gap();
    if (best_.relative_gap <= options.gap && (polished_ || !options.exact)) {
      best_.optimal = true;
      break;
    }
    if (best_.value <= options.stop_below) break;
    std::size_t members = 0, before = 0;
    for (std::size_t k = 0; k < windows_.size(); ++k) {
      before += windows_[k].members();
      if (round == 0) {
        windows_[k].open(losses_[k], seen[k], spreads());
        first_width_[k] = std::min(seen[k].high, seen[k].worst) - seen[k].low;
      } else {
        windows_[k].widen(losses_[k], seen[k], spreads());
      }
      members += windows_[k].members();
    }
    if (round > 1 && members == before && best_.relative_gap > 0.5 * last_gap) {
      if (precision < 1.0) break;  // the windows are right and their programme as exact as it gets
      precision = 0.01;
    }
    last_gap = best_.relative_gap;
    // A step that made things worse still showed which scenarios matter: go back, with them in the windows.
    Round from = seen;
    if (!better && best_.x.size() > 0) {
      x = best_.x;
      from = best_round_;
    }
    run_on_root(ranks(), [&] {
      if (round > 0 && plainly_quadratic()) {
        polish(x, options.gap);
      } else {
        improve(x, from, options, round == 0, precision);
      }
    });
    take_from_root(x);
  }
  best_.lower_bound = std::min(best_.lower_bound, best_.value);  // above it by rounding
  return best_;
}

/// Of each tail's window, in units of the tail's mass. As many scenarios can be at VaR together as weights are off
/// their bounds. Where the tail has not many times as many, a window in its units would hold too few, and each round
/// add a few: it holds a multiple of them, and after some rounds twice as many each round.
std::vector<double> WindowSolver::half_widths(int round, const VectorXd& x, double first) const {
  long off_bound = 0;
  for (long j = 0; j < long(polytope_.assets); ++j) off_bound += x[j] > polytope_.lower[j] && x[j] < polytope_.upper[j];
  const double least = std::ldexp(double(4 * off_bound + 16), std::clamp(round - 2, 0, 12));
  std::vector<double> widths;
  for (const ScenarioSample& sample : samples_) {
    const double in_tail = sample.tail_mass() / sample.total_mass() * double(sample.blocks().scenarios_everywhere());
    widths.push_back((round == 0 ? 1.0 : 0.25) * std::max(first, least / in_tail));
  }
  return widths;
}

const Spreads* WindowSolver::spreads() const { return screen_ ? &screen_->spreads() : nullptr; }

Ranks& WindowSolver::ranks() const { return samples_.empty() ? one_process() : samples_[0].ranks(); }

void WindowSolver::take_from_root(VectorXd& x) {
  if (ranks().alone()) return;
  VectorXd numbers(5);
  numbers << best_.lower_bound, double(best_.iterations), best_.duals.limits.constant, double(polished_), as_good_;
  VectorXd* const parts[] = {&numbers,
                             &x,
                             &multiplier_,
                             &best_.duals.row,
                             &best_.duals.reduced_cost,
                             &best_.duals.tail,
                             &best_.duals.quadratic,
                             &best_.duals.limits.slope};
  std::vector<double> packed;
  for (const VectorXd* part : parts) {
    packed.push_back(double(part->size()));
    packed.insert(packed.end(), part->data(), part->data() + part->size());
  }
  packed = of_root(ranks(), std::move(packed));
  std::size_t at = 0;
  for (VectorXd* part : parts) {
    *part = Eigen::Map<const VectorXd>(&packed[at + 1], long(packed[at]));
    at += 1 + std::size_t(packed[at]);
  }
  best_.lower_bound = numbers[0];
  best_.iterations = int(numbers[1]);
  best_.duals.limits.constant = numbers[2];
  polished_ = numbers[3] != 0.0;
  as_good_ = numbers[4];
}

bool WindowSolver::plainly_quadratic() const {
  return programme_.hessian.size() > 0 && programme_.tails.empty() && programme_.quadratics.empty();
}

/// A quadratic objective's last digits, and the bound of its exact gradient.
void WindowSolver::polish(VectorXd& x, double gap) {
  const long n = programme_.hessian.rows();
  const QuadraticOptimum polished = polish_quadratic(
      programme_.hessian, programme_.cost, polytope_, x,
      {best_.duals.row / programme_.objective_unit, best_.duals.reduced_cost / programme_.objective_unit});
  const VectorXd pull = programme_.hessian * polished.x.head(n);
  SupportingPlane plane{programme_.constant - 0.5 * polished.x.head(n).dot(pull), programme_.cost};
  plane.slope.head(n) += pull;
  VectorXd row_dual = polished.row_dual;
  Certificate certificate = certify(polytope_, plane, row_dual);
  if (best_.value - certificate.lower_bound > gap * denominator_) {
    VectorXd other;
    const Certificate better = certify_by_programme(polytope_, plane, linear_, other);
    if (better.lower_bound > certificate.lower_bound) certificate = better, row_dual = other;
  }
  x = snap_and_repair(polytope_, polished.x, 1e-12);
  if (certificate.lower_bound <= best_.lower_bound) return;
  best_.lower_bound = certificate.lower_bound;
  best_.duals.row = row_dual;
  best_.duals.reduced_cost = certificate.reduced_cost;
}

/// The variables a windows' programme moves: those off their bounds, the auxiliary ones, and half as many again with
/// the cheapest reduced costs. Curved objectives move them all.
std::vector<char> WindowSolver::choose_columns(const VectorXd& x) const {
  const long n = long(polytope_.assets), count = long(polytope_.variables());
  std::vector<char> chosen(static_cast<std::size_t>(count), 1);
  const VectorXd& reduced_cost = best_.duals.reduced_cost;
  if (reduced_cost.size() == count && n > kAllColumns && !programme_.curved()) {
    std::vector<std::pair<double, long>> at_bound;
    long off_bound = 0;
    for (long j = 0; j < count; ++j) {
      const bool at_lower = x[j] <= polytope_.lower[j], at_upper = x[j] >= polytope_.upper[j];
      if (j >= n || (!at_lower && !at_upper)) {
        ++off_bound;
        continue;
      }
      chosen[std::size_t(j)] = 0;
      at_bound.emplace_back(at_lower ? reduced_cost[j] : -reduced_cost[j], j);
    }
    std::sort(at_bound.begin(), at_bound.end());
    const std::size_t extra = std::size_t(std::max(8L, off_bound / 2));
    for (std::size_t k = 0; k < at_bound.size() && (k < extra || at_bound[k].first < 0.0); ++k) {
      chosen[std::size_t(at_bound[k].second)] = 1;
    }
    for (long j = 0; best_.x.size() == count && j < count; ++j) {
      if (x[j] != best_.x[j]) chosen[std::size_t(j)] = 1;
    }
  }
  for (long j = 0; j < count; ++j) {
    if (polytope_.upper[j] <= polytope_.lower[j]) chosen[std::size_t(j)] = 0;
  }
  return chosen;
}

void WindowSolver::improve(VectorXd& x, const Round& round, const WindowOptions& asked, bool first, double precision) {
  const double gap = asked.gap;
  const long count = long(polytope_.variables()), tails = long(samples_.size());
  const double ours = programme_.objective_unit, unit = programme_.unit;
  double wanted_gap =
      precision * std::max(0.25 * gap, std::min(asked.first_gap, 0.02 * best_.relative_gap)) * denominator_;
  // The weights of a curved objective are only as good as the root of its gap, and a step more is cheap.
  if (programme_.curved()) wanted_gap = std::min(wanted_gap, 1e-12 * denominator_);
  std::vector<char> chosen = choose_columns(x);
  for (int repeat = 0; repeat < 6; ++repeat) {
    Columns columns;
    for (long j = 0; j < count; ++j) {
      if (!chosen[std::size_t(j)]) continue;
      columns.index.push_back(int(j));
      columns.weights += j < long(polytope_.assets);
    }
    columns.slot.assign(std::size_t(count), -1);
    for (long k = 0; k < long(columns.index.size()); ++k) {
      columns.slot[std::size_t(columns.index[std::size_t(k)])] = k < columns.weights ? k : k + tails;
    }
    const HingeProgram program = window_programme(x, columns);
    VectorXd begin = VectorXd::Zero(program.cost.size());
    for (long j = 0; j < count; ++j) {
      if (columns.slot[std::size_t(j)] >= 0) begin[columns.slot[std::size_t(j)]] = x[j];
    }
    for (long k = 0; k < tails; ++k) begin[program.level(k)] = round[std::size_t(k)].var / unit;

    HingeOptions options;
    options.gap = wanted_gap / ours;
    double width = 0.0;
    for (double w : first_width_) width = std::max(width, 0.1 * std::max(w, 1e-12 * unit));
    const double known = best_.value - best_.lower_bound;
    const bool open = first || !std::isfinite(known) || programme_.limited() || programme_.curved();
    options.centred = open && program.many_hinges() && !program.curved();
    const double furthest = options.centred ? 3.0 * width : width;
    const double spread = open ? furthest : std::clamp(1.5 * known, 1e-3 * width, width);
    options.spread = tails > 0 ? spread / unit : 1.0;
    options.push = (first ? 0.1 : 0.02) / double(std::max(10L, columns.weights));
    HingeSolution solution = solve(program, begin, options);
    best_.iterations += solution.iterations;
    if (!solution.converged && solution.gap > 10.0 * options.gap && !programme_.curved()) {
      options.spread = 30.0 * width / unit;  // once more, from further out
      options.push = 0.1;
      options.centred = false;
      HingeSolution second = solve(program, begin, options);
      best_.iterations += second.iterations;
      if (second.gap < solution.gap) solution = std::move(second);
    }
    if (solution.x.size() == 0) return;
    VectorXd next = moved(x, columns, solution);
    VectorXd reduced_cost = prove(next, program, solution, gap);
    bool exact = false;
    // Whether the next x, about as good as this programme says, would still be short of the gap.
    auto wanting = [&] {
      const double next_value = best_.value + ours * (program.objective(solution.x) - program.objective(begin));
      return next_value - best_.lower_bound > gap * denominator_;
    };
    const bool late = (!first && programme_.curved()) || precision < 1.0;
    if ((asked.exact || (late && (precision < 1.0 || wanting()))) && ballast::polish(program, solution)) {
      polished_ = exact = true;
      as_good_ = std::min(0.05 * gap, 1e-10) * denominator_;
      next = moved(x, columns, solution);
      reduced_cost = prove(next, program, solution, asked.exact ? kNoLimit : gap);
    }
    multiplier_ = solution.block_multiplier * (ours / unit);

    const bool more = price_columns(x, wanted_gap, columns.weights, chosen);
    const double near = exact ? 1e-14 : std::clamp(1e-3 * solution.gap * ours / denominator_, 1e-10, 1e-4);
    x = next;
    if (!programme_.curved() && !exact) rest_on_bounds(polytope_, x, reduced_cost / ours);
    x = snap_and_repair(polytope_, x, near);
    // With few assets, all that seem to rest on their bounds may leave none to meet the rows with.
    for (double nearer : {near, 0.0}) {
      if (violation(polytope_, x) <= 1e-9) break;
      x = snap_and_repair(polytope_, next, nearer);
    }
    if (!more) return;
  }
}

/// x with the solution's values in the chosen columns.
VectorXd WindowSolver::moved(VectorXd x, const Columns& columns, const HingeSolution& solution) const {
  for (long j = 0; j < x.size(); ++j) {
    if (columns.slot[std::size_t(j)] >= 0) x[j] = solution.x[columns.slot[std::size_t(j)]];
  }
  return x;
}

/// The lower bound that the multipliers prove, with better ones of the rows where these leave more than the gap.
/// Returns the reduced costs.
VectorXd WindowSolver::prove(const VectorXd& x, const HingeProgram& program, const HingeSolution& solution,
                             double gap) {
  ProgrammeDuals duals;
  const SupportingPlane plane = lagrangian_plane(x, program, solution, duals);
  duals.row = solution.row_dual * programme_.objective_unit;
  Certificate certificate = certify(polytope_, plane, duals.row);
  duals.reduced_cost = certificate.reduced_cost;
  if (best_.value - certificate.lower_bound > gap * denominator_ && polytope_.rows.rows() > 0) {
    VectorXd row_dual;
    const Certificate better = certify_by_programme(polytope_, plane, linear_, row_dual);
    if (better.lower_bound > certificate.lower_bound) {
      certificate.lower_bound = better.lower_bound;
      duals.row = row_dual;
    }
  }
  // The last are the most exact where bounds differ by no more than rounding.
  if (certificate.lower_bound > best_.lower_bound - 0.1 * gap * denominator_ || best_.duals.row.size() == 0) {
    best_.duals = duals;
  }
  best_.duals.reduced_cost = duals.reduced_cost;
  best_.lower_bound = std::max(best_.lower_bound, certificate.lower_bound);
  return duals.reduced_cost;
}

/// Adds the left-out columns whose reduced cost has the wrong sign for where they stand, the costliest first; false:
/// none matter.
bool WindowSolver::price_columns(const VectorXd& x, double tolerance, long weights, std::vector<char>& chosen) const {
  double missed = 0.0;
  std::vector<std::pair<double, std::size_t>> wrong;
  for (long j = 0; j < x.size(); ++j) {
    if (chosen[std::size_t(j)]) continue;
    const double r = best_.duals.reduced_cost[j];
    const double loss = r * (x[j] - (r > 0 ? polytope_.lower[j] : polytope_.upper[j]));
    missed += loss;
    if (loss > 0.0) wrong.emplace_back(-loss, std::size_t(j));
  }
  if (missed <= tolerance) return false;
  std::sort(wrong.begin(), wrong.end());
  const std::size_t most = std::size_t(std::max(16L, weights));
  for (std::size_t k = 0; k < wrong.size() && k < most; ++k) chosen[wrong[k].second] = 1;
  return true;
}

}  // namespace ballast

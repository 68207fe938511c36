#include <algorithm>
#include <cmath>

#include "engine/optimize/window_solver.h"

// What the windows' solver sees at some x: losses, CVaRs, windows' edges, and whether x is the best allowed so far.

namespace ballast {

using Eigen::VectorXd;

/// Losses at x, CVaRs, and the windows' edges; raises x's epigraph variable.
WindowSolver::Round WindowSolver::look(VectorXd& x, const std::vector<double>& half_width) {
  Round round(samples_.size());
  for (std::size_t k = 0; k < samples_.size(); ++k) {
    const ScenarioSample& sample = samples_[k];
    std::size_t same = 0;
    while (&samples_[same].set() != &sample.set()) ++same;
    if (screen_) {
      const VectorXd movable = movable_assets(x);
      if (may_screen()) {
        screen_->rescan(x, floor_, movable, losses_[k]);
        round[k] = sample.edges(losses_[k], half_width[k]);
      }
      if (!may_screen() || round[k].low < floor_) {  // no, or the tail has moved below what is exact
        screen_->scan(x, movable, losses_[k]);
        round[k] = sample.edges(losses_[k], half_width[k]);
        floor_ = round[k].floor;
      }
      mean_absolute_ = screen_->mean_absolute();
      continue;
    }
    if (same < k) {
      losses_[k] = losses_[same];
    } else {
      const double mean_absolute = sample.scan(x, losses_[k]);
      mean_absolute_ = k == 0 ? mean_absolute : std::max(mean_absolute_, mean_absolute);
    }
    round[k] = sample.edges(losses_[k], half_width[k]);
  }
  raise_epigraph(x, round);
  return round;
}

/// 1 for each asset that the next programme of the windows may move, as far as can be told, else 0.
VectorXd WindowSolver::movable_assets(const VectorXd& x) const {
  const std::vector<char> chosen = choose_columns(x);
  VectorXd movable(long(polytope_.assets));
  for (long j = 0; j < movable.size(); ++j) movable[j] = double(chosen[std::size_t(j)]);
  return movable;
}

/// Whether upper bounds will do for losses far from the tail: the relative gap is over 0.1 mean |loss| where that is
/// more than the value, and then all have to be known.
bool WindowSolver::may_screen() const {
  return screen_->scanned() && std::abs(best_.value) > 0.2 * screen_->mean_absolute() && best_.value < kNoLimit;
}

/// The least value of the epigraph variable that the limits with it allow.
void WindowSolver::raise_epigraph(VectorXd& x, const Round& round) const {
  const long e = programme_.epigraph;
  if (e < 0) return;
  double least = -kNoLimit;
  x[e] = 0.0;
  for (std::size_t k = 0; k < round.size(); ++k) {
    const TailTerm& tail = programme_.tails[k];
    if (!programme_.raises_epigraph(tail)) continue;
    least = std::max(least, (round[k].cvar + tail.linear.dot(x) - limit_[k]) / -tail.linear[e]);
  }
  for (const NamedQuadratic& q : programme_.quadratics) {
    if (programme_.raises_epigraph(q)) least = std::max(least, q.limit.value(x) / -q.limit.slope[e]);
  }
  x[e] = least;
}

/// The largest excess over a limit that excludes weights, over the limit's size.
double WindowSolver::excess(const VectorXd& x, const Round& round) const {
  double worst = -kNoLimit;
  for (std::size_t k = 0; k < round.size(); ++k) {
    const TailTerm& tail = programme_.tails[k];
    if (tail.in_objective() || programme_.raises_epigraph(tail)) continue;
    const double size = std::max(std::abs(tail.limit), 1e-3 * programme_.unit);
    worst = std::max(worst, (round[k].cvar + tail.linear.dot(x) - limit_[k]) / size);
  }
  for (const NamedQuadratic& q : programme_.quadratics) {
    if (programme_.raises_epigraph(q)) continue;
    worst = std::max(worst, q.limit.value(x) / q.size);
  }
  return worst;
}

double WindowSolver::objective(const VectorXd& x, const Round& round) const {
  double value = programme_.constant + programme_.cost.dot(x);
  if (programme_.hessian.size() > 0) {
    const auto weights = x.head(programme_.hessian.rows());
    value += 0.5 * weights.dot(programme_.hessian * weights);
  }
  for (std::size_t k = 0; k < round.size(); ++k) {
    const TailTerm& tail = programme_.tails[k];
    if (tail.in_objective()) value += tail.weight * (round[k].cvar + tail.linear.dot(x));
  }
  return value;
}

/// Takes x where it is allowed and better than the best so far, moved towards the anchor as far as its limits want.
bool WindowSolver::accept(const VectorXd& x, const Round& round) {
  constexpr double kMet = 1e-12;
  // Only points of the polytope bound the optimum from above.
  if (violation(polytope_, x) > 1e-9) return false;
  const double before = best_.value;
  if (excess(x, round) <= kMet) {
    remember(x, round);
    return best_.value < before;
  }
  if (anchor_.x.size() == 0 || objective(x, round) >= best_.value + as_good_) return false;
  const std::vector<Losses> losses = losses_;  // x's own stay what the windows see
  // Limits are convex: the chord from the anchor meets them no later than they are met.
  double part = 1.0;
  for (std::size_t k = 0; k < round.size(); ++k) {
    const TailTerm& tail = programme_.tails[k];
    if (tail.in_objective() || programme_.raises_epigraph(tail)) continue;
    const double here = round[k].cvar + tail.linear.dot(x) - limit_[k];
    const double there = anchor_cvar_[k] + tail.linear.dot(anchor_.x) - limit_[k];
    if (here > 0.0) part = std::min(part, there < 0.0 ? there / (there - here) : 0.0);
  }
  for (const NamedQuadratic& q : programme_.quadratics) {
    const double here = q.limit.value(x), there = q.limit.value(anchor_.x);
    if (programme_.raises_epigraph(q) || here <= 0.0) continue;
    // a p^2 + b p + there <= 0 along the chord
    const VectorXd way = x - anchor_.x;
    const double a = here - there - q.limit.gradient(anchor_.x).dot(way), b = here - there - a;
    const double root = std::sqrt(std::max(0.0, b * b - 4.0 * a * there));
    const double furthest = b + root > 0.0 ? -2.0 * there / (b + root) : 1.0;
    part = std::min(part, std::clamp(furthest, 0.0, 1.0));
  }
  VectorXd mixed = anchor_.x + part * (x - anchor_.x);
  const Round there = look(mixed, nothing_open());
  if (violation(polytope_, mixed) <= 1e-9 && excess(mixed, there) <= 1e-11) remember(mixed, there);
  losses_ = losses;
  return best_.value < before;
}

void WindowSolver::remember(const VectorXd& x, const Round& round) {
  const double value = objective(x, round);
  if (!(value < best_.value + as_good_)) return;
  best_.x = x;
  best_.value = value;
  best_round_ = round;
  denominator_ = std::max({std::abs(value), programme_.value_floor, 1e-300});
  // With losses that cancel, rounding is all that is left below a millionth of the data's unit.
  if (!samples_.empty() && programme_.in_losses)
    denominator_ = std::max({denominator_, 0.1 * mean_absolute_, 1e-6 * programme_.unit});
}

double WindowSolver::relative_gap() const {
  const double gap = best_.value - best_.lower_bound;
  return std::isfinite(gap) ? std::max(0.0, gap) / denominator_ : kNoLimit;
}

}  // namespace ballast

#include "engine/optimize/window_solver.h"

#include <algorithm>
#include <cmath>

#include "engine/optimize/slices.h"

namespace ballast {

using Eigen::VectorXd;

namespace {

constexpr long kAllColumns = 40;  ///< with this many assets or fewer, no column is left out

}  // namespace

WindowSolver::WindowSolver(const ScenarioSample& sample, const Polytope& polytope, LinearProgram& programme,
                           double unit)
    : sample_(sample), polytope_(polytope), programme_(programme), unit_(unit), window_(sample) {}

WindowOutcome WindowSolver::run(const WindowStart& start, double gap, double half_width, int max_rounds) {
  best_ = {};
  best_.reduced_cost = start.reduced_cost;
  VectorXd x = start.x;
  const bool fixed = (polytope_.upper - polytope_.lower).maxCoeff() <= 0.0;
  double last_gap = kNoLimit, precision = 1.0;
  for (int round = 0; round < max_rounds; ++round) {
    const Round seen = look(x, round == 0 ? half_width : 0.25 * half_width);
    const bool worse_than_best = seen.value > best_.value;
    accept(x, seen);
    if (fixed) best_.lower_bound = best_.value;
    best_.relative_gap = relative_gap();
    if (best_.relative_gap <= gap) {
      best_.optimal = true;
      break;
    }
    const std::size_t members = window_.members().size();
    if (round == 0) {
      window_.open(entries_, seen.low, seen.high);
      first_width_ = seen.width;
    } else {
      window_.widen(losses_, seen.low, seen.high);
    }
    if (round > 1 && window_.members().size() == members && best_.relative_gap > 0.5 * last_gap) {
      if (precision < 1.0) break;  // the window is right and its programme as exact as it gets
      precision = 0.01;
    }
    last_gap = best_.relative_gap;
    // A step that made things worse still showed which scenarios matter: go back, with them in the window.
    Round from = seen;
    if (worse_than_best) {
      x = best_.x;
      from.var = best_var_;
    }
    improve(x, from, gap, round == 0, precision);
  }
  return best_;
}

/// Losses at x, CVaR, and the window's edges.
WindowSolver::Round WindowSolver::look(const VectorXd& x, double half_width) {
  mean_absolute_ = sample_.scan(x, losses_);
  const double tail = sample_.tail_mass(), total = sample_.total_mass();
  const double above = (1.0 - std::min(half_width, 0.999)) * tail, below = std::min((1.0 + half_width) * tail, total);
  sample_.worst(losses_, below, entries_);
  const TailSplit split = split_tail(entries_, tail);
  Round round{split.cvar, split.var, 0.0, kNoLimit, 0.0};
  if (half_width < 0.999) round.high = entries_[split_at_mass(entries_, 0, split.atom + 1, above)].loss;
  double before_atom = 0.0;
  for (std::size_t k = 0; k < split.atom; ++k) before_atom += entries_[k].mass;
  const std::size_t last = split_at_mass(entries_, split.atom, entries_.size(), below - before_atom);
  round.low = entries_[last].loss;
  const double top =
      std::min(round.high, std::max_element(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
                             return a.loss < b.loss;
                           })->loss);
  round.width = top - round.low;
  return round;
}

void WindowSolver::accept(const VectorXd& x, const Round& round) {
  // Only points of the polytope bound the optimum from above.
  if (violation(polytope_, x) > 1e-9 || !(round.value < best_.value)) return;
  best_.x = x;
  best_.value = round.value;
  best_var_ = round.var;
  // With losses that cancel, rounding is all that is left below a millionth of the data's unit.
  denominator_ = std::max({std::abs(round.value), 0.1 * mean_absolute_, 1e-6 * unit_, 1e-300});
}

double WindowSolver::relative_gap() const {
  const double gap = best_.value - best_.lower_bound;
  return std::isfinite(gap) ? std::max(0.0, gap) / denominator_ : kNoLimit;
}

/// The variables a window programme moves: those off their bounds, the auxiliary ones, and half as many again with the
/// cheapest reduced costs.
std::vector<char> WindowSolver::choose_columns(const VectorXd& x) const {
  const long n = long(polytope_.assets), count = long(polytope_.variables());
  std::vector<char> chosen(static_cast<std::size_t>(count), 1);
  if (best_.reduced_cost.size() == count && n > kAllColumns) {
    std::vector<std::pair<double, long>> at_bound;
    long off_bound = 0;
    for (long j = 0; j < count; ++j) {
      const bool at_lower = x[j] <= polytope_.lower[j], at_upper = x[j] >= polytope_.upper[j];
      if (j >= n || (!at_lower && !at_upper)) {
        ++off_bound;
        continue;
      }
      chosen[std::size_t(j)] = 0;
      at_bound.emplace_back(at_lower ? best_.reduced_cost[j] : -best_.reduced_cost[j], j);
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

void WindowSolver::improve(VectorXd& x, const Round& round, double gap, bool first, double precision) {
  const double wanted_gap = precision * std::max(0.25 * gap, std::min(1e-2, 0.02 * best_.relative_gap)) * denominator_;
  const long count = long(polytope_.variables());
  std::vector<char> chosen = choose_columns(x);
  for (int repeat = 0; repeat < 6; ++repeat) {
    std::vector<int> columns;
    long weights = 0;
    for (long j = 0; j < count; ++j) {
      if (!chosen[std::size_t(j)]) continue;
      columns.push_back(int(j));
      weights += j < long(polytope_.assets);
    }
    const HingeProgram programme = window_programme(x, columns, weights);
    VectorXd begin = VectorXd::Zero(programme.cost.size());
    auto slot = [&](long k) { return k < weights ? k : k + 1; };  // the level stands after the weights
    for (long k = 0; k < long(columns.size()); ++k) begin[slot(k)] = x[columns[std::size_t(k)]];
    begin[programme.level()] = round.var / unit_;

    HingeOptions options;
    options.gap = wanted_gap / unit_;
    const double width = 0.1 * std::max(first_width_, 1e-12 * unit_);
    const double known = best_.value - best_.lower_bound;
    const double spread = first || !std::isfinite(known) ? width : std::clamp(1.5 * known, 1e-3 * width, width);
    options.spread = spread / unit_;
    options.push = (first ? 0.1 : 0.02) / double(std::max(10L, weights));
    HingeSolution solution = solve(programme, begin, options);
    best_.iterations += solution.iterations;
    if (!solution.converged && solution.gap > 10.0 * options.gap) {  // once more, from further out
      options.spread = 30.0 * width / unit_;
      options.push = 0.1;
      HingeSolution second = solve(programme, begin, options);
      best_.iterations += second.iterations;
      if (second.gap < solution.gap) solution = std::move(second);
    }
    if (solution.x.size() == 0) return;

    const SupportingPlane plane = plane_of(solution.multiplier);
    Certificate certificate = certify(polytope_, plane, solution.row_dual * unit_);
    const VectorXd reduced_cost = certificate.reduced_cost;
    if (best_.value - certificate.lower_bound > gap * denominator_ && polytope_.rows.rows() > 0) {
      const Certificate better = certify_by_programme(polytope_, plane, programme_);
      if (better.lower_bound > certificate.lower_bound) certificate.lower_bound = better.lower_bound;
    }
    best_.lower_bound = std::max(best_.lower_bound, certificate.lower_bound);
    best_.reduced_cost = reduced_cost;

    const bool more = price_columns(x, wanted_gap, weights, chosen);
    for (long k = 0; k < long(columns.size()); ++k) x[columns[std::size_t(k)]] = solution.x[slot(k)];
    x = snap_and_repair(polytope_, x, std::clamp(1e-3 * solution.gap * unit_ / denominator_, 1e-10, 1e-4));
    if (!more) return;
  }
}

/// Adds the left-out columns whose reduced cost has the wrong sign for where they stand, the costliest first; false:
/// none matter.
bool WindowSolver::price_columns(const VectorXd& x, double tolerance, long weights, std::vector<char>& chosen) const {
  double missed = 0.0;
  std::vector<std::pair<double, std::size_t>> wrong;
  for (long j = 0; j < x.size(); ++j) {
    if (chosen[std::size_t(j)]) continue;
    const double r = best_.reduced_cost[j];
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

/// The window's linear programme over the chosen columns, the others staying at x; losses in units of unit_.
HingeProgram WindowSolver::window_programme(const VectorXd& x, const std::vector<int>& columns, long weights) const {
  const std::vector<std::int64_t>& members = window_.members();
  const ScenarioSet& set = sample_.set();
  const long count = long(columns.size()), size = count + 1, m = long(members.size());
  std::vector<long> slot_of(std::size_t(x.size()), -1);
  for (long k = 0; k < count; ++k) slot_of[std::size_t(columns[std::size_t(k)])] = k < weights ? k : k + 1;
  std::vector<long> resting;  // assets that keep a weight which is not zero
  for (long j = 0; j < long(polytope_.assets); ++j) {
    if (slot_of[std::size_t(j)] < 0 && x[j] != 0.0) resting.push_back(j);
  }
  HingeProgram programme;
  programme.features.resize(m, weights + 1);
  programme.offset.resize(m);
  programme.mass.resize(m);
  Slices{std::size_t(m)}.for_each([&](std::size_t, std::size_t begin, std::size_t end) {
    for (long k = long(begin); k < long(end); ++k) {
      const std::int64_t position = members[std::size_t(k)];
      const std::size_t scenario = std::size_t(sample_.scenario(position));
      const double* row = set.row(scenario);
      double* features = programme.features.row(k).data();
      for (long c = 0; c < weights; ++c) features[c] = row[columns[std::size_t(c)]] / unit_;
      features[weights] = 1.0;
      double offset = set.liability_of(scenario);
      for (long j : resting) offset -= row[j] * x[j];
      programme.offset[k] = offset / unit_;
      programme.mass[k] = window_.share(position);
    }
  });
  programme.cost = VectorXd::Zero(size);
  programme.lower = VectorXd::Constant(size, -kNoLimit);
  programme.upper = VectorXd::Constant(size, kNoLimit);
  programme.cost[weights] = window_.free_tail();
  for (long k = 0; k < count; ++k) {
    const long j = columns[std::size_t(k)], slot = slot_of[std::size_t(j)];
    if (j < long(polytope_.assets)) programme.cost[slot] = window_.fixed().slope[j] / unit_;
    programme.lower[slot] = polytope_.lower[j];
    programme.upper[slot] = polytope_.upper[j];
  }
  const long rows = polytope_.rows.rows();
  programme.rows.resize(rows, size);
  programme.row_lower = polytope_.row_lower;
  programme.row_upper = polytope_.row_upper;
  std::vector<Eigen::Triplet<double>> entries;
  for (long i = 0; i < rows; ++i) {
    double resting_value = 0.0;
    for (SparseRows::InnerIterator e(polytope_.rows, i); e; ++e) {
      const long slot = slot_of[std::size_t(e.col())];
      if (slot >= 0) {
        entries.emplace_back(int(i), int(slot), e.value());
      } else {
        resting_value += e.value() * x[e.col()];
      }
    }
    const bool equality = programme.row_lower[i] == programme.row_upper[i];
    programme.row_lower[i] -= resting_value;
    programme.row_upper[i] = equality ? programme.row_lower[i] : programme.row_upper[i] - resting_value;
  }
  programme.rows.setFromTriplets(entries.begin(), entries.end());
  return programme;
}

/// The multipliers moved onto 0 <= q <= h, sum q = 1, as a plane under CVaR over all scenarios.
SupportingPlane WindowSolver::plane_of(const VectorXd& multiplier) const {
  const std::vector<std::int64_t>& members = window_.members();
  const ScenarioSet& set = sample_.set();
  VectorXd share(multiplier.size());
  for (long k = 0; k < share.size(); ++k) share[k] = window_.share(members[std::size_t(k)]);
  VectorXd q = multiplier.cwiseMax(0.0).cwiseMin(share);
  const double sum = q.sum(), most = share.sum(), wanted = window_.free_tail();
  if (sum > wanted) {
    q *= wanted / sum;
  } else if (most > sum) {
    q = share - (share - q) * (std::max(0.0, most - wanted) / (most - sum));
  }
  SupportingPlane plane = window_.fixed();
  std::vector<std::pair<std::int64_t, double>> factors;
  for (long k = 0; k < q.size(); ++k) {
    if (q[k] <= 0.0) continue;
    const std::int64_t position = members[std::size_t(k)];
    factors.emplace_back(position, q[k]);
    plane.constant += q[k] * set.liability_of(std::size_t(sample_.scenario(position)));
  }
  plane.slope -= sample_.weighted_rows(factors);
  return plane;
}

}  // namespace ballast

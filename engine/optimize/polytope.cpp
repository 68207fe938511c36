#include "engine/optimize/polytope.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

#include "engine/optimize/infeasible.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

/// Bounds that follow from one row and the other variables' bounds: long-only weights that add to 1 are at most 1. Each
/// is implied, so the set stays the same.
void propagate_rows(FeasibleSet& set) {
  for (int pass = 0; pass < 4; ++pass) {
    bool changed = false;
    for (const LinearConstraint& row : set.rows) {
      for (const auto& [j, a] : row.terms) {
        if (a == 0.0 || (std::isfinite(set.lower[std::size_t(j)]) && std::isfinite(set.upper[std::size_t(j)])))
          continue;
        double least = 0.0, most = 0.0;  // of the other terms
        bool repeated = false;
        for (const auto& [k, b] : row.terms) {
          if (k == j) {
            repeated = repeated || b != a;
            continue;
          }
          if (b == 0.0) continue;
          const double lower = set.lower[std::size_t(k)], upper = set.upper[std::size_t(k)];
          least += b > 0 ? b * lower : b * upper;
          most += b > 0 ? b * upper : b * lower;
        }
        if (repeated) continue;
        double high = (row.upper - least) / a, low = (row.lower - most) / a;  // infinite or NaN: nothing follows
        if (a < 0) std::swap(high, low);
        if (std::isfinite(high) && set.upper[std::size_t(j)] == kNoLimit) {
          set.upper[std::size_t(j)] = std::max(high, set.lower[std::size_t(j)]);
          changed = true;
        }
        if (std::isfinite(low) && set.lower[std::size_t(j)] == -kNoLimit) {
          set.lower[std::size_t(j)] = std::min(low, set.upper[std::size_t(j)]);
          changed = true;
        }
      }
    }
    if (!changed) return;
  }
}

/// An upper bound for each variable that has none and that nothing gains by beyond it: every row that it helps to meet
/// holds there whatever the other variables are, and it earns nothing. Such are the auxiliary variables of turnover,
/// leverage and costs; a far artificial bound would put starts and interior points far away.
void bound_what_only_costs(FeasibleSet& set, std::size_t assets) {
  for (std::size_t j = assets; j < set.variables(); ++j) {
    if (std::isfinite(set.upper[j]) || !std::isfinite(set.lower[j])) continue;
    if (j < set.certain_loss.size() && set.certain_loss[j] < 0.0) continue;
    double enough = set.lower[j];
    for (const LinearConstraint& row : set.rows) {
      double own = 0.0, least = 0.0, most = 0.0;  // its coefficient; the others' sum
      for (const auto& [k, a] : row.terms) {
        if (std::size_t(k) == j) {
          own += a;
        } else if (a != 0.0) {
          const double lower = set.lower[std::size_t(k)], upper = set.upper[std::size_t(k)];
          least += a > 0 ? a * lower : a * upper;
          most += a > 0 ? a * upper : a * lower;
        }
      }
      if (own > 0.0 && row.lower > -kNoLimit) enough = std::max(enough, (row.lower - least) / own);
      if (own < 0.0 && row.upper < kNoLimit) enough = std::max(enough, (row.upper - most) / own);
    }
    if (std::isfinite(enough)) set.upper[j] = enough + 1.0;
  }
}

/// Bounds for what still has none: two linear programmes a variable.
void bound_by_programmes(Polytope& polytope, LinearProgram& programme) {
  FeasibleSet& set = polytope.bounded;
  std::vector<double> cost(set.variables(), 0.0);
  for (std::size_t j = 0; j < set.variables(); ++j) {
    for (double sign : {1.0, -1.0}) {
      double& bound = sign > 0 ? set.lower[j] : set.upper[j];
      if (std::isfinite(bound)) continue;
      cost[j] = sign;
      if (programme.minimise(cost) == LinearProgram::Status::optimal) {
        const double extreme = programme.solution()[j];
        bound = extreme - sign * 0.01 * std::max(1.0, std::abs(extreme));
      } else {
        bound = -sign * Polytope::kArtificialBound;
        if (polytope.unlimited.empty() || polytope.unlimited.back() != j) polytope.unlimited.push_back(j);
      }
      cost[j] = 0.0;
    }
  }
}

/// -1 to 1, a fixed function of its argument (splitmix64).
double scattered(std::uint64_t k) {
  k = (k + 1) * 0x9E3779B97F4A7C15ULL;
  k = (k ^ (k >> 30)) * 0xBF58476D1CE4E5B9ULL;
  k = (k ^ (k >> 27)) * 0x94D049BB133111EBULL;
  return double(k >> 11) * 0x1p-52 - 1.0;
}

}  // namespace

Polytope make_polytope(const FeasibleSet& set, std::size_t assets) {
  Polytope polytope;
  polytope.assets = assets;
  polytope.bounded = set;
  require_feasible(set);
  propagate_rows(polytope.bounded);
  bound_what_only_costs(polytope.bounded, assets);
  {
    LinearProgram programme(polytope.bounded);
    bound_by_programmes(polytope, programme);
  }
  const FeasibleSet& bounded = polytope.bounded;
  polytope.lower = Eigen::Map<const Eigen::VectorXd>(bounded.lower.data(), long(bounded.lower.size()));
  polytope.upper = Eigen::Map<const Eigen::VectorXd>(bounded.upper.data(), long(bounded.upper.size()));
  const long count = long(set.rows.size());
  polytope.rows.resize(count, long(set.variables()));
  polytope.row_lower.resize(count);
  polytope.row_upper.resize(count);
  std::vector<Eigen::Triplet<double>> entries;
  for (long i = 0; i < count; ++i) {
    const LinearConstraint& row = set.rows[std::size_t(i)];
    for (const auto& [variable, coefficient] : row.terms) entries.emplace_back(int(i), variable, coefficient);
    polytope.row_lower[i] = row.lower;
    polytope.row_upper[i] = row.upper;
  }
  polytope.rows.setFromTriplets(entries.begin(), entries.end());
  return polytope;
}

Eigen::VectorXd central_point(const Polytope& polytope, LinearProgram& programme) {
  const long n = long(polytope.variables());
  if (polytope.rows.rows() == 1 && polytope.row_lower[0] == polytope.row_upper[0]) {
    // A budget alone: the same fraction of every variable's range.
    const Eigen::VectorXd range = polytope.upper - polytope.lower;
    const double at_lower = (polytope.rows * polytope.lower)[0], spread = (polytope.rows * range)[0];
    if (spread > 0) {
      const double part = std::clamp((polytope.row_lower[0] - at_lower) / spread, 0.0, 1.0);
      const Eigen::VectorXd x = polytope.lower + part * range;
      if (violation(polytope, x) < 1e-12) return x;
    }
  }
  constexpr int kVertices = 8;
  Eigen::VectorXd x = Eigen::VectorXd::Zero(n);
  std::vector<double> direction(static_cast<std::size_t>(n));
  for (int k = 0; k < kVertices; ++k) {
    for (long j = 0; j < n; ++j)
      direction[std::size_t(j)] = scattered(std::uint64_t(k) * std::uint64_t(n) + std::uint64_t(j));
    programme.minimise(direction);
    const std::vector<double> vertex = programme.solution();
    x += Eigen::Map<const Eigen::VectorXd>(vertex.data(), n) / kVertices;
  }
  return x;
}

double violation(const Polytope& polytope, const Eigen::VectorXd& x) {
  double worst = std::max((polytope.lower - x).maxCoeff(), (x - polytope.upper).maxCoeff());
  for (long i = 0; i < polytope.rows.rows(); ++i) {
    double value = 0.0, largest = 1e-300;
    for (SparseRows::InnerIterator entry(polytope.rows, i); entry; ++entry) {
      value += entry.value() * x[entry.col()];
      largest = std::max(largest, std::abs(entry.value()));
    }
    worst = std::max({worst, (polytope.row_lower[i] - value) / largest, (value - polytope.row_upper[i]) / largest});
  }
  return worst;
}

void rest_on_bounds(const Polytope& polytope, Eigen::VectorXd& x, const Eigen::VectorXd& reduced_cost) {
  for (long j = 0; j < x.size(); ++j) {
    const double near = std::min(1e-3, 0.1 * std::abs(reduced_cost[j]));
    if (reduced_cost[j] > 0.0 && x[j] - polytope.lower[j] < near) x[j] = polytope.lower[j];
    if (reduced_cost[j] < 0.0 && polytope.upper[j] - x[j] < near) x[j] = polytope.upper[j];
  }
}

Eigen::VectorXd snap_and_repair(const Polytope& polytope, Eigen::VectorXd x, double near) {
  for (long j = 0; j < x.size(); ++j) {
    if (x[j] - polytope.lower[j] < near) x[j] = polytope.lower[j];
    if (polytope.upper[j] - x[j] < near) x[j] = polytope.upper[j];
  }
  // Small steps first where there is little room, so that none leaves its bounds. In a sliver, such as a return just
  // below the largest one, those lead nowhere: then all that are off their bounds move alike.
  constexpr int kGentle = 8, kMost = 24;
  for (int repeat = 0; repeat < kMost; ++repeat) {
    const Eigen::VectorXd value = polytope.rows * x;
    std::vector<long> touched;
    std::vector<double> missing;
    double worst = 0.0;
    for (long i = 0; i < value.size(); ++i) {
      const double below = polytope.row_lower[i] - value[i], above = value[i] - polytope.row_upper[i];
      worst = std::max({worst, below, above});
      if (std::max(below, above) <= -1e-7) continue;
      touched.push_back(i);
      missing.push_back(below > 0.0 ? below : -std::max(above, 0.0));  // an equation is touched from both sides
    }
    if (worst < (repeat < kGentle ? 1e-15 : 1e-12)) break;
    const long count = long(touched.size());
    Eigen::MatrixXd active = Eigen::MatrixXd::Zero(count, x.size());
    for (long k = 0; k < count; ++k) {
      for (SparseRows::InnerIterator entry(polytope.rows, touched[std::size_t(k)]); entry; ++entry) {
        active(k, entry.col()) = entry.value();
      }
    }
    Eigen::VectorXd room = (x - polytope.lower).cwiseMin(polytope.upper - x).cwiseMax(0.0).cwiseMin(1.0).cwiseAbs2();
    if (repeat >= kGentle) room = (room.array() > 0.0).cast<double>();
    Eigen::MatrixXd normal = active * room.asDiagonal() * active.transpose();
    normal.diagonal().array() += 1e-14 * normal.diagonal().maxCoeff() + 1e-300;
    const Eigen::VectorXd step =
        room.asDiagonal() *
        (active.transpose() * normal.ldlt().solve(Eigen::Map<Eigen::VectorXd>(missing.data(), count)));
    if (!step.allFinite()) break;
    x = (x + step).cwiseMax(polytope.lower).cwiseMin(polytope.upper);
  }
  return x;
}

void require_bounded_weights(const Polytope& polytope, const Eigen::VectorXd& x, const ScenarioSet& scenarios) {
  for (std::size_t j : polytope.unlimited) {
    if (std::abs(x[long(j)]) < 0.5 * Polytope::kArtificialBound) continue;
    const std::string name = j < scenarios.assets ? scenarios.asset_name(j) : fmt::format("variable {}", j + 1);
    throw NoSolutionError(fmt::format(
        "the weight of '{}' grows without limit (the risk keeps falling, and no constraint bounds the weight) "
        "set optimize.constraints.max_weight, min_weight or leverage",
        name));
  }
}

}  // namespace ballast

#include "engine/optimize/policy.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "engine/optimize/nlopt_polytope.h"
#include "scenarios/base/error.h"
#include "scenarios/random/normal.h"
#include "scenarios/random/sequence.h"

namespace ballast {
namespace {

using Eigen::Map;
using Eigen::VectorXd;

constexpr int kCandidates = 64;
constexpr std::size_t kCandidateScenarios = 1024;
constexpr unsigned kMostForSlsqp = 150;
constexpr double kSmoothing[] = {0.1, 0.01, 0.001, 0.0001};  ///< of the losses' spread
constexpr double kResidualSmoothing = 0.001;                 ///< below it single scenarios make the gradient jump

/// One copy of the set a period.
FeasibleSet stacked(const FeasibleSet& one, std::size_t periods) {
  FeasibleSet all;
  const int n = int(one.variables());
  for (std::size_t p = 0; p < periods; ++p) {
    all.lower.insert(all.lower.end(), one.lower.begin(), one.lower.end());
    all.upper.insert(all.upper.end(), one.upper.begin(), one.upper.end());
    all.lower_name.insert(all.lower_name.end(), one.lower_name.begin(), one.lower_name.end());
    all.upper_name.insert(all.upper_name.end(), one.upper_name.begin(), one.upper_name.end());
    for (LinearConstraint row : one.rows) {
      for (auto& term : row.terms) term.first += int(p) * n;
      all.rows.push_back(std::move(row));
    }
  }
  return all;
}

class Search {
 public:
  Search(const PolicyObjective& objective, std::size_t periods, const FeasibleSet& feasible, std::size_t assets)
      : objective_(objective),
        periods_(periods),
        assets_(assets),
        period_variables_(feasible.variables()),
        polytope_(make_polytope(stacked(feasible, periods), assets)),
        constraints_(polytope_),
        programme_(polytope_.bounded) {}

  const Polytope& polytope() const { return polytope_; }
  LinearProgram& programme() { return programme_; }
  int evaluations() const { return evaluations_; }

  /// The weights among all variables.
  std::vector<double> weights(const VectorXd& x) const {
    std::vector<double> w;
    for (std::size_t p = 0; p < periods_; ++p) {
      const double* of_period = x.data() + p * period_variables_;
      w.insert(w.end(), of_period, of_period + assets_);
    }
    return w;
  }

  /// The nearest feasible point with these weights in every period; auxiliary variables follow from their rows.
  VectorXd feasible_point(const std::vector<double>& mix) {
    VectorXd x = central_point(polytope_, programme_);
    for (std::size_t p = 0; p < periods_; ++p) {
      for (std::size_t i = 0; i < assets_; ++i) x[long(p * period_variables_ + i)] = mix[i];
    }
    return snap_and_repair(polytope_, x, 0.0);
  }

  double value(const VectorXd& x) const { return objective_.value(weights(x)); }

  VectorXd minimise(const VectorXd& start, int max_evaluations) {
    VectorXd x = start, best = start;
    double best_value = value(start);
    const double unit = std::max(objective_.spread(weights(start)), 1e-12);
    for (double smoothing : kSmoothing) {
      x = descend(x, smoothing * unit, max_evaluations / int(std::size(kSmoothing)));
      const double now = value(x);
      if (now < best_value) {
        best_value = now;
        best = x;
      }
    }
    return best;
  }

  double residual(const VectorXd& x) {
    const double unit = std::max(objective_.spread(weights(x)), 1e-12);
    VectorXd gradient;
    smoothed(x, kResidualSmoothing * unit, gradient);
    if (programme_.minimise({gradient.data(), std::size_t(gradient.size())}) != LinearProgram::Status::optimal)
      return NAN;
    return std::max(0.0, gradient.dot(x) - programme_.value());
  }

 private:
  struct Evaluation {
    Search* search;
    double smoothing;
    static double evaluate(unsigned n, const double* x, double* gradient, void* data) {
      const Evaluation& self = *static_cast<Evaluation*>(data);
      VectorXd slope;
      const double value = self.search->smoothed(Map<const VectorXd>(x, n), self.smoothing, slope);
      if (gradient) Map<VectorXd>(gradient, n) = slope;
      return value;
    }
  };

  double smoothed(const VectorXd& x, double smoothing, VectorXd& gradient) {
    ++evaluations_;
    std::vector<double> slope(objective_.variables());
    const double value = objective_.smoothed(weights(x), smoothing, slope.data());
    gradient = VectorXd::Zero(x.size());
    for (std::size_t p = 0; p < periods_; ++p) {
      std::copy_n(slope.data() + p * assets_, assets_, gradient.data() + p * period_variables_);
    }
    return value;
  }

  VectorXd descend(const VectorXd& start, double smoothing, int max_evaluations) {
    const unsigned n = unsigned(start.size());
    Evaluation evaluation{this, smoothing};
    auto limit = [&](nlopt::opt& solver) {
      solver.set_ftol_rel(1e-12);
      solver.set_xtol_rel(1e-10);
      solver.set_maxeval(std::max(10, max_evaluations));
    };
    nlopt::opt solver(n <= kMostForSlsqp ? nlopt::LD_SLSQP : nlopt::AUGLAG_EQ, n);
    if (n > kMostForSlsqp) {
      nlopt::opt inner(nlopt::LD_CCSAQ, n);
      limit(inner);
      solver.set_local_optimizer(inner);
    }
    solver.set_min_objective(Evaluation::evaluate, &evaluation);
    constraints_.constrain(solver);
    limit(solver);
    const VectorXd inside = start.cwiseMax(polytope_.lower).cwiseMin(polytope_.upper);
    std::vector<double> point(inside.data(), inside.data() + n);
    double value = 0.0;
    try {
      solver.optimize(point, value);
    } catch (const nlopt::roundoff_limited&) {  // the point is still the best one found
    } catch (const std::runtime_error&) {
    }
    const VectorXd x = snap_and_repair(polytope_, Map<const VectorXd>(point.data(), long(n)), 1e-9);
    return x.allFinite() && violation(polytope_, x) <= 1e-9 ? x : start;
  }

  const PolicyObjective& objective_;
  std::size_t periods_, assets_, period_variables_;
  Polytope polytope_;
  NloptPolytope constraints_;
  LinearProgram programme_;
  int evaluations_ = 0;
};

/// Random glides from one vertex of a period's set to another, the best of them on a few scenarios first.
std::vector<VectorXd> candidates(const PolicyObjective& objective, Search& search, std::size_t periods,
                                 const FeasibleSet& feasible, std::size_t assets, std::uint64_t seed) {
  const Polytope one = make_polytope(feasible, assets);
  LinearProgram programme(one.bounded);
  PcgSequence uniform(seed, Sequence::search);
  std::uint64_t position = 0;
  auto vertex = [&] {
    std::vector<double> cost(one.variables(), 0.0);
    for (std::size_t i = 0; i < assets; ++i) cost[i] = inverse_normal(uniform.uniform(position++));
    programme.minimise(cost);
    const std::vector<double> x = programme.solution();
    return VectorXd(Map<const VectorXd>(x.data(), long(x.size())));
  };
  std::vector<std::pair<double, VectorXd>> found;
  for (int c = 0; c < kCandidates; ++c) {
    const VectorXd from = vertex(), to = vertex(), middle = vertex();
    VectorXd x(long(periods * one.variables()));
    for (std::size_t p = 0; p < periods; ++p) {
      const double share = periods > 1 ? double(p) / double(periods - 1) : 0.5;
      x.segment(long(p * one.variables()), long(one.variables())) =
          0.4 * ((1 - share) * from + share * to) + 0.4 * middle + 0.2 * from;
    }
    found.emplace_back(objective.value(search.weights(x), kCandidateScenarios), x);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<VectorXd> best;
  for (auto& [value, x] : found) best.push_back(std::move(x));
  return best;
}

}  // namespace

OptimizedPolicy optimise_policy(const PolicyObjective& objective, std::size_t periods, const FeasibleSet& feasible,
                                std::size_t assets, const std::vector<double>& first, const PolicyOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  Search search(objective, periods, feasible, assets);
  std::vector<VectorXd> starts;
  if (!first.empty()) starts.push_back(search.feasible_point(first));
  starts.push_back(central_point(search.polytope(), search.programme()));
  if (starts.size() < std::size_t(options.starts)) {
    for (VectorXd& x : candidates(objective, search, periods, feasible, assets, options.seed))
      starts.push_back(std::move(x));
  }
  starts.resize(std::size_t(options.starts));

  OptimizedPolicy result;
  result.value = kNoLimit;
  VectorXd best;
  for (const VectorXd& start : starts) {
    const VectorXd x = search.minimise(start, options.max_evaluations);
    const double value = search.value(x);
    result.start_values.push_back(value);
    if (value < result.value) {
      result.value = value;
      best = x;
    }
  }
  std::sort(result.start_values.begin(), result.start_values.end());
  result.first_order_residual = search.residual(best);
  const std::vector<double> weights = search.weights(best);
  for (std::size_t p = 0; p < periods; ++p) {
    result.weights.emplace_back(weights.begin() + long(p * assets), weights.begin() + long((p + 1) * assets));
  }
  result.evaluations = search.evaluations();
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return result;
}

}  // namespace ballast

#include "tests/engine/optimize/random_problem.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "engine/optimize/cvar.h"
#include "engine/optimize/scenario_moments.h"
#include "scenarios/base/error.h"
#include "tests/engine/optimize/instances.h"

namespace ballast::test {
namespace {

/// Numbers of one stream, in turn.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : seed_(seed) {}
  double between(double low, double high) { return low + (high - low) * uniform(seed_, next_++); }
  std::size_t below(std::size_t count) { return std::size_t(between(0.0, double(count))); }
  bool one_in(std::size_t count) { return below(count) == 0; }
  double normal() { return bell(seed_ + 0x9E3779B9, next_++); }

 private:
  std::uint64_t seed_, next_ = 0;
};

std::vector<std::string> names(std::size_t assets) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < assets; ++i) all.push_back(fmt::format("asset_{}", i + 1));
  return all;
}

std::map<std::string, double> equal_weights(std::size_t assets) {
  std::map<std::string, double> weights;
  for (const std::string& name : names(assets)) weights[name] = 1.0 / double(assets);
  return weights;
}

/// Three factors and a shock of each asset's own; Student t with 3 degrees of freedom where asked.
void draw_scenarios(RandomProblem& p, Chance& chance, std::size_t sets) {
  constexpr std::size_t kFactors = 3;
  const std::size_t n = p.assets;
  const bool heavy = chance.one_in(3), surplus = chance.one_in(7), weighted = chance.one_in(4);
  std::vector<double> mean(n), own(n), load(n * kFactors);
  for (std::size_t i = 0; i < n; ++i) {
    mean[i] = chance.between(0.0, 0.01);
    own[i] = chance.between(0.01, 0.06);
    for (std::size_t f = 0; f < kFactors; ++f) load[i * kFactors + f] = 0.03 * chance.normal() + (f == 0 ? 0.02 : 0.0);
  }
  p.growth.resize(sets);
  p.probability.resize(sets);
  p.liability.resize(sets);
  for (std::size_t q = 0; q < sets; ++q) {
    double total = 0.0;
    for (std::size_t s = 0; s < p.scenarios; ++s) {
      double factor[kFactors], scale = 1.0;
      for (double& f : factor) f = chance.normal();
      if (heavy) {
        const double a = chance.normal(), b = chance.normal(), c = chance.normal();
        scale = std::sqrt(3.0 / std::max(a * a + b * b + c * c, 1e-3));
      }
      for (std::size_t i = 0; i < n; ++i) {
        double shock = own[i] * chance.normal();
        for (std::size_t f = 0; f < kFactors; ++f) shock += load[i * kFactors + f] * factor[f];
        p.growth[q].push_back(mean[i] + scale * shock + (surplus ? 1.0 : 0.0));
      }
      if (surplus) p.liability[q].push_back(1.0 + 0.1 * chance.normal());
      if (weighted) p.probability[q].push_back(chance.one_in(10) ? 0.0 : chance.between(0.0, 1.0));
      if (weighted) total += p.probability[q].back();
    }
    for (double& mass : p.probability[q]) mass /= total;
  }
}

void draw_constraints(RandomProblem& p, Chance& chance) {
  ConstraintParameters& c = p.constraints;
  const std::size_t kind = chance.below(4);
  if (kind == 1) {
    c.max_weight.emplace();
    c.max_weight->all = std::max(0.1, 2.0 / double(p.assets));
  } else if (kind == 2) {
    c.long_only = false;
    c.min_weight.emplace();
    c.min_weight->all = -0.1;
    c.max_weight.emplace();
    c.max_weight->all = 0.5;
    if (chance.one_in(2)) {
      c.leverage = 1.6;
    } else {
      c.max_short = 0.3;
    }
  }
  if (chance.one_in(2)) {
    c.turnover.emplace();
    c.turnover->from = equal_weights(p.assets);
    c.turnover->max = chance.between(0.3, 1.3);
  }
  p.with_costs = chance.one_in(3);
  p.costs.from = equal_weights(p.assets);
  p.costs.cost.all = 0.002;
  if (chance.one_in(3)) {
    c.tracking_error.emplace();
    c.tracking_error->benchmark = equal_weights(p.assets);
    c.tracking_error->max = chance.between(0.01, 0.04);
  }
  if (chance.one_in(3)) {  // that equal weights meet, without costs
    const std::vector<double> mean = mean_growth(p.sets()[0]);
    double average = 0.0;
    for (double m : mean) average += m / double(p.assets);
    c.min_return = average;
  }
}

double absolute_sum(std::span<const double> weights, double from) {
  double sum = 0.0;
  for (double w : weights) sum += std::abs(w - from);
  return sum;
}

/// What the weights are, by the slow and obvious functions.
struct Measures {
  const RandomProblem& problem;
  const OptimizationResult& result;
  std::vector<ScenarioSet> sets = problem.sets();

  double costs() const {
    return problem.with_costs ? 0.002 * absolute_sum(result.weights, 1.0 / double(problem.assets)) : 0.0;
  }
  double mean() const {
    const std::vector<double> growth = mean_growth(sets[0]);
    double sum = -costs();
    for (std::size_t i = 0; i < growth.size(); ++i) sum += growth[i] * result.weights[i];
    return sum;
  }
  /// Of weights less `from` each, times the growth.
  double variance(double from) const {
    double total = 0.0, first = 0.0, second = 0.0;
    for (std::size_t s = 0; s < problem.scenarios; ++s) {
      double growth = 0.0;
      for (std::size_t i = 0; i < problem.assets; ++i) growth += (result.weights[i] - from) * sets[0].row(s)[i];
      const double mass = sets[0].mass_of(s);
      total += mass;
      first += mass * growth;
      second += mass * growth * growth;
    }
    return second / total - first * first / (total * total);
  }
  double cvar() const {
    double most = -kNoLimit;
    for (const ScenarioSet& set : sets)
      most = std::max(most, tail_risk(set, result.weights, problem.options.confidence).cvar);
    return most + costs();
  }
  double value() const {
    switch (problem.objective) {
      case Objective::min_cvar:
        return cvar();
      case Objective::mean_cvar:
        return problem.options.risk_aversion * cvar() - mean();
      case Objective::max_return:
        return -mean();
      case Objective::min_variance:
        return variance(0.0);
      case Objective::mean_variance:
        return 0.5 * problem.options.risk_aversion * variance(0.0) - mean();
      default:
        return -mean() / std::sqrt(variance(0.0));
    }
  }
};

/// The largest excess over a constraint, with its name.
std::pair<double, std::string> largest_excess(const Measures& m, const FeasibleSet& feasible) {
  const RandomProblem& p = m.problem;
  const std::vector<double>& w = m.result.weights;
  const ConstraintParameters& c = p.constraints;
  std::pair<double, std::string> worst{-kNoLimit, ""};
  auto look = [&](double excess, const std::string& name) { worst = std::max(worst, {excess, name}); };
  double sum = 0.0, shorts = 0.0;
  for (std::size_t i = 0; i < w.size(); ++i) {
    sum += w[i];
    shorts += std::max(0.0, -w[i]);
    look(feasible.lower[i] - w[i], "min_weight");
    look(w[i] - feasible.upper[i], "max_weight");
  }
  look(std::abs(sum - 1.0), "budget");
  if (c.leverage) look(absolute_sum(w, 0.0) - *c.leverage, "leverage");
  if (c.max_short) look(shorts - *c.max_short, "max_short");
  if (c.turnover) look(absolute_sum(w, 1.0 / double(w.size())) - c.turnover->max, "turnover");
  if (c.min_return) look(*c.min_return - m.mean(), "min_return");
  if (c.tracking_error)
    look(std::sqrt(std::max(0.0, m.variance(1.0 / double(w.size())))) - c.tracking_error->max, "tracking_error");
  for (const CvarLimit& limit : feasible.cvar_limits) look(m.cvar() - limit.max, "max_cvar");
  return worst;
}

}  // namespace

std::vector<ScenarioSet> RandomProblem::sets() const {
  std::vector<ScenarioSet> all(growth.size());
  for (std::size_t q = 0; q < all.size(); ++q) {
    all[q].scenarios = scenarios;
    all[q].assets = assets;
    all[q].growth = growth[q].data();
    all[q].probability = probability[q];
    all[q].liability = liability[q];
  }
  return all;
}

FeasibleSet RandomProblem::feasible() const {
  const std::vector<double> mean = mean_growth(sets()[0]);
  ConstraintInputs inputs;
  inputs.mean_return = mean;
  inputs.confidence = options.confidence;
  if (with_costs) inputs.trading_costs = &costs;
  return feasible_set(constraints, names(assets), inputs);
}

std::string RandomProblem::describe() const {
  std::string text = fmt::format("{}, {} assets, {} scenarios, confidence {:g}", name_of(objective), assets, scenarios,
                                 options.confidence);
  auto add = [&](bool has, const char* what) {
    if (has) text += fmt::format(", {}", what);
  };
  add(growth.size() > 1, "worst case");
  add(!liability[0].empty(), "liability");
  add(!probability[0].empty(), "probabilities");
  add(constraints.max_weight && constraints.long_only, "max_weight");
  add(constraints.leverage.has_value(), "leverage");
  add(constraints.max_short.has_value(), "max_short");
  add(constraints.turnover.has_value(), "turnover");
  add(with_costs, "costs");
  add(constraints.tracking_error.has_value(), "tracking_error");
  add(constraints.min_return.has_value(), "min_return");
  add(cvar_room >= 0.0, "max_cvar");
  return text;
}

RandomProblem random_problem(std::uint64_t seed, std::size_t most_assets, std::size_t most_scenarios) {
  Chance chance(seed);
  RandomProblem p;
  p.assets = 5 + chance.below(most_assets - 4);
  p.scenarios = std::size_t(30.0 * std::pow(double(most_scenarios) / 30.0, chance.between(0.0, 1.0)));
  constexpr double kConfidences[] = {0.5, 0.9, 0.95, 0.99, 0.999};
  p.options.confidence = kConfidences[chance.below(5)];
  p.options.gap = 1e-8;
  draw_scenarios(p, chance, chance.one_in(6) ? 2 : 1);
  draw_constraints(p, chance);
  constexpr Objective kObjectives[] = {Objective::min_cvar,     Objective::mean_cvar,     Objective::max_return,
                                       Objective::min_variance, Objective::mean_variance, Objective::max_sharpe};
  p.objective = kObjectives[chance.below(6)];
  const bool plain = p.growth.size() == 1 && p.liability[0].empty();  // what variances and ratios are of
  const bool of_variance = p.objective == Objective::min_variance || p.objective == Objective::mean_variance ||
                           p.objective == Objective::max_sharpe;
  if (of_variance && !plain) p.objective = Objective::min_cvar;
  const bool limited = p.objective == Objective::min_variance || p.objective == Objective::max_sharpe;
  if (p.objective == Objective::max_return || (limited && chance.one_in(3))) p.cvar_room = chance.between(0.05, 0.4);
  return p;
}

RandomOutcome solve_random(const RandomProblem& problem) {
  RandomOutcome outcome;
  const std::vector<ScenarioSet> sets = problem.sets();
  FeasibleSet feasible;
  try {
    feasible = problem.feasible();
    if (problem.cvar_room >= 0.0) {
      const double least = optimise(Objective::min_cvar, sets, feasible, problem.options).value;
      feasible.cvar_limits.push_back(
          {"limit", problem.options.confidence, least + 0.005 + problem.cvar_room * std::abs(least)});
    }
    outcome.result = optimise(problem.objective, sets, feasible, problem.options);
  } catch (const NoSolutionError&) {
    outcome.no_optimum = true;
    return outcome;
  } catch (const std::exception& error) {
    outcome.wrong = error.what();
    return outcome;
  }
  const OptimizationResult& result = outcome.result;
  const Measures measures{problem, result};
  const double value = measures.value();
  const auto [excess, name] = largest_excess(measures, feasible);
  const double size = std::max(std::abs(result.value), problem.objective == Objective::min_variance ? 1e-11 : 1e-4);
  if (result.status != "optimal" || !result.relative_gap || !(*result.relative_gap <= problem.options.gap)) {
    outcome.wrong = fmt::format("{} at a gap of {:.2g}", result.status, result.relative_gap.value_or(kNoLimit));
  } else if (!(*result.lower_bound <= result.value)) {
    outcome.wrong = fmt::format("bound {:.12g} above value {:.12g}", *result.lower_bound, result.value);
  } else if (!(std::abs(value - result.value) <= 1e-8 * size)) {
    outcome.wrong = fmt::format("value {:.12g}, but {:.12g} of the weights", result.value, value);
  } else if (!(excess <= 1e-9)) {
    outcome.wrong = fmt::format("{} broken by {:.2g}", name, excess);
  }
  return outcome;
}

}  // namespace ballast::test

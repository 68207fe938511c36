#include "engine/optimize/problem.h"

#include <cmath>

#include <fmt/format.h>

#include "engine/optimize/shared_blocks.h"
#include "scenarios/base/error.h"
#include "scenarios/base/lanes.h"

namespace ballast {
namespace {

[[noreturn]] void bad_input(std::string message) {
  Problem problem;
  problem.message = std::move(message);
  throw InputError(std::move(problem));
}

void check_sizes(const ScenarioSet& set) {
  if (set.everywhere() == 0 || set.assets == 0 || (set.growth == nullptr && set.scenarios > 0)) {
    bad_input(fmt::format("there is nothing to optimise ({} scenarios of {} assets) give at least one of each",
                          set.scenarios, set.assets));
  }
  if (!set.probability.empty() && set.probability.size() != set.scenarios) {
    bad_input(fmt::format("{} probabilities for {} scenarios (one each is needed) leave them out for equal ones",
                          set.probability.size(), set.scenarios));
  }
  if (!set.liability.empty() && set.liability.size() != set.scenarios) {
    bad_input(fmt::format("{} liability values for {} scenarios (one each is needed) leave them out for none",
                          set.liability.size(), set.scenarios));
  }
}

void check_probabilities(const ScenarioSet& set) {
  if (set.probability.empty()) return;
  double total = 0.0;
  for (std::size_t s = 0; s < set.scenarios; ++s) {
    const double p = set.probability[s];
    if (!(p >= 0.0) || !std::isfinite(p)) {
      bad_input(fmt::format("the probability of scenario {} is {} (it must be 0 or more) correct it", s + 1, p));
    }
    total += p;
  }
  if (set.scenarios == set.everywhere() && std::abs(total - 1.0) > 1e-6) {
    bad_input(fmt::format("the scenario probabilities add to {} (they must add to 1) divide them by their sum", total));
  }
}

void name_bad_value(const ScenarioSet& set) {
  for (std::size_t s = 0; s < set.scenarios; ++s) {
    for (std::size_t i = 0; i < set.assets; ++i) {
      if (!std::isfinite(set.row(s)[i])) {
        bad_input(fmt::format("scenario {} of asset '{}' is {} (every scenario needs a finite number) correct the data",
                              set.share.first + s + 1, set.asset_name(i), set.row(s)[i]));
      }
    }
    if (!std::isfinite(set.liability_of(s))) {
      bad_input(
          fmt::format("the liability of scenario {} is {} (every scenario needs a finite number) correct the data",
                      set.share.first + s + 1, set.liability_of(s)));
    }
  }
}

/// Sum of the absolute growths of blocks of the set; not finite when one of them, or a liability, is not: one pass both
/// checks and measures.
double absolute_sum(const ScenarioSet& set, const SharedBlocks& blocks) {
  const std::vector<double> sums = blocks.sums(2, [&](std::size_t k, double* sum) {
    const auto [begin, size] = blocks[k];
    double lanes[8] = {};
    for (std::size_t s = begin; s < begin + size; ++s) {
      const double* row = set.row(s);
      std::size_t i = 0;
      for (; i + 8 <= set.assets; i += 8) {
        for (int lane = 0; lane < 8; ++lane) lanes[lane] += std::abs(row[i + lane]);
      }
      for (; i < set.assets; ++i) lanes[0] += std::abs(row[i]);
      sum[1] += std::abs(set.liability_of(s));
    }
    for (double lane : lanes) sum[0] += lane;
    set.release(begin, size);
  });
  return std::isfinite(sums[1]) ? sums[0] : sums[1];
}

void check_shape(const ScenarioSet& set, const SharedBlocks& blocks) {
  run_together(blocks.ranks(), [&] {
    check_sizes(set);
    check_probabilities(set);
  });
}

[[noreturn]] void refuse_values(const ScenarioSet& set, const SharedBlocks& blocks) {
  run_together(blocks.ranks(), [&] { name_bad_value(set); });
  bad_input("the scenarios are too large to add up (their sum is not finite) use another unit");
}

}  // namespace

Ranks* ScenarioShare::ranks_or_alone() const { return ranks ? ranks : &one_process(); }

std::string ScenarioSet::asset_name(std::size_t asset) const {
  return asset < asset_names.size() ? asset_names[asset] : fmt::format("asset_{}", asset + 1);
}

double check_scenarios(const ScenarioSet& set) {
  const SharedBlocks blocks(set);
  check_shape(set, blocks);
  const double sum = absolute_sum(set, blocks);
  if (!std::isfinite(sum)) refuse_values(set, blocks);
  return sum / (double(set.everywhere()) * double(set.assets));
}

double growth_unit(const ScenarioSet& set) {
  constexpr std::size_t kSome = 16;
  const std::size_t all = SharedBlocks(set).everywhere();
  const SharedBlocks some(set, std::min(kSome, all));
  check_shape(set, some);
  const double sum = absolute_sum(set, some);
  if (!std::isfinite(sum)) refuse_values(set, some);
  return sum / (double(some.scenarios_everywhere()) * double(set.assets));
}

std::vector<double> mean_growth(const ScenarioSet& set) {
  const SharedBlocks blocks(set);
  std::vector<double> mean = blocks.sums(set.assets + 1, [&](std::size_t k, double* sum) {
    const auto [begin, size] = blocks[k];
    for (std::size_t s = begin; s < begin + size; ++s) {
      const double mass = set.mass_of(s);
      const double* row = set.row(s);
      for (std::size_t i = 0; i < set.assets; ++i) sum[i] += mass * row[i];
      sum[set.assets] += mass;
    }
    set.release(begin, size);
  });
  for (std::size_t i = 0; i < set.assets; ++i) mean[i] /= mean[set.assets];
  mean.pop_back();
  return mean;
}

void add_budget(FeasibleSet& set, std::size_t assets) {
  LinearConstraint budget;
  budget.name = "fully invested (weights sum to 1)";
  budget.lower = budget.upper = 1.0;
  for (std::size_t i = 0; i < assets; ++i) budget.terms.emplace_back(int(i), 1.0);
  set.rows.push_back(std::move(budget));
}

FeasibleSet long_only_simplex(std::size_t assets) {
  FeasibleSet set;
  set.lower.assign(assets, 0.0);
  set.upper.assign(assets, kNoLimit);
  add_budget(set, assets);
  return set;
}

void check_feasible_set(const FeasibleSet& set, const ScenarioSet& scenarios) {
  if (set.upper.size() != set.lower.size() || set.variables() < scenarios.assets) {
    bad_input(fmt::format("{} lower and {} upper bounds for {} assets (each variable needs both) give one of each",
                          set.lower.size(), set.upper.size(), scenarios.assets));
  }
  for (std::size_t j = 0; j < set.variables(); ++j) {
    const bool usable = set.lower[j] < kNoLimit && set.upper[j] > -kNoLimit;
    if (!usable) {
      bad_input(fmt::format("the bounds of variable {} are [{}, {}] (no number lies between them) correct them", j + 1,
                            set.lower[j], set.upper[j]));
    }
  }
  for (const LinearConstraint& row : set.rows) {
    if (!(row.lower < kNoLimit) || !(row.upper > -kNoLimit)) {
      bad_input(fmt::format("{}: the limits are [{}, {}] (no number lies between them) correct them", row.name,
                            row.lower, row.upper));
    }
    for (const auto& [variable, coefficient] : row.terms) {
      if (variable < 0 || std::size_t(variable) >= set.variables() || !std::isfinite(coefficient)) {
        bad_input(
            fmt::format("{}: coefficient {} of variable {} (there are {} variables, and a coefficient is finite) "
                        "correct it",
                        row.name, coefficient, variable + 1, set.variables()));
      }
    }
  }
}

}  // namespace ballast

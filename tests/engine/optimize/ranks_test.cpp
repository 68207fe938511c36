#include <algorithm>
#include <cstring>
#include <numeric>

#include <doctest/doctest.h>

#include "engine/optimize/frontier.h"
#include "engine/optimize/min_cvar.h"
#include "engine/optimize/optimise.h"
#include "engine/optimize/shared_blocks.h"
#include "engine/optimize/tail_selection.h"
#include "engine/optimize/tail_window.h"
#include "scenarios/base/error.h"
#include "tests/engine/optimize/instances.h"
#include "tests/thread_ranks.h"

using namespace ballast;
using namespace ballast::test;

namespace {

/// The rank's part of a set.
ScenarioSet part_of_set(const ScenarioSet& whole, Ranks& ranks) {
  const RankPart part = SharedBlocks::part_of_set(ranks, whole.scenarios);
  ScenarioSet mine = whole;
  mine.scenarios = part.size();
  mine.growth = whole.growth + part.begin * whole.assets;
  if (!whole.probability.empty()) mine.probability = whole.probability.subspan(part.begin, part.size());
  if (!whole.liability.empty()) mine.liability = whole.liability.subspan(part.begin, part.size());
  mine.share = {&ranks, part.begin, whole.scenarios};
  return mine;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

void check_same(const OptimizationResult& one, const OptimizationResult& many) {
  CHECK(one.status == many.status);
  CHECK(same_bits(one.weights, many.weights));
  CHECK(same_bits({one.value, *one.lower_bound}, {many.value, *many.lower_bound}));
  CHECK(same_bits(one.reduced_cost, many.reduced_cost));
  CHECK(one.iterations == many.iterations);
  REQUIRE(one.shadow_prices.size() == many.shadow_prices.size());
  for (std::size_t k = 0; k < one.shadow_prices.size(); ++k) {
    CHECK(same_bits({one.shadow_prices[k].price}, {many.shadow_prices[k].price}));
  }
}

/// Unequal probabilities, some of them 0.
std::vector<double> uneven(std::size_t scenarios) {
  std::vector<double> p(scenarios);
  for (std::size_t s = 0; s < scenarios; ++s) p[s] = s % 17 == 3 ? 0.0 : 0.1 + uniform(8, s);
  const double sum = std::accumulate(p.begin(), p.end(), 0.0);
  for (double& x : p) x /= sum;
  return p;
}

struct Whole {
  std::vector<double> growth, probability, liability;
  ScenarioSet set;

  Whole(std::size_t assets, std::size_t scenarios, bool unequal) : growth(factor_returns(21, scenarios, assets)) {
    set.scenarios = scenarios;
    set.assets = assets;
    set.growth = growth.data();
    if (!unequal) return;
    probability = uneven(scenarios);
    for (std::size_t s = 0; s < scenarios; ++s) liability.push_back(0.01 * bell(9, s));
    set.probability = probability;
    set.liability = liability;
  }
};

}  // namespace

TEST_CASE("weights on any number of ranks are those of one process, bit for bit") {
  struct Case {
    std::size_t assets, scenarios;
    bool unequal, limited;
  };
  // 60 assets leave columns out; three blocks are fewer than the ranks, of which some hold nothing.
  for (const Case& c : {Case{60, 20'000, false, false}, Case{8, 20'000, true, false}, Case{5, 2'500, false, false},
                        Case{5, 2'500, true, false}, Case{8, 9'000, true, true}}) {
    CAPTURE(c.assets);
    CAPTURE(c.scenarios);
    const Whole whole(c.assets, c.scenarios, c.unequal);
    FeasibleSet feasible = long_only_simplex(c.assets);
    OptimizeOptions options;
    Objective objective = Objective::min_cvar;
    if (c.limited) {
      objective = Objective::max_return;
      const double least = optimise(Objective::min_cvar, whole.set, feasible, options).value;
      feasible.cvar_limits.push_back({"limit", 0.95, least + 0.3 * std::abs(least)});
    }
    const OptimizationResult one = optimise(objective, whole.set, feasible, options);
    CHECK(one.status == "optimal");
    for (std::size_t size : {1, 2, 3, 5}) {
      CAPTURE(size);
      std::vector<OptimizationResult> found(size);
      const auto thrown = run_ranks(size, [&](Ranks& ranks) {
        found[ranks.rank()] = optimise(objective, part_of_set(whole.set, ranks), feasible, options);
      });
      for (std::size_t rank = 0; rank < size; ++rank) {
        REQUIRE(thrown[rank] == nullptr);
        check_same(one, found[rank]);
      }
    }
  }
}

TEST_CASE("a frontier on three ranks is that of one process") {
  const Whole whole(6, 12'000, false);
  const FeasibleSet feasible = long_only_simplex(6);
  FrontierOptions options;
  options.points = 4;
  const std::vector<FrontierSolution> one =
      efficient_frontier({&whole.set, 1}, feasible, mean_growth(whole.set), options);
  const auto thrown = run_ranks(3, [&](Ranks& ranks) {
    const ScenarioSet mine = part_of_set(whole.set, ranks);
    const std::vector<FrontierSolution> many = efficient_frontier({&mine, 1}, feasible, mean_growth(mine), options);
    REQUIRE(many.size() == one.size());
    for (std::size_t k = 0; k < one.size(); ++k) check_same(one[k].result, many[k].result);
  });
  for (const std::exception_ptr& each : thrown) CHECK(each == nullptr);
}

TEST_CASE("what cannot be solved, or is no number on one rank, is said by all ranks alike") {
  Whole whole(4, 6'000, false);
  FeasibleSet feasible = long_only_simplex(4);
  feasible.cvar_limits.push_back({"too much to ask", 0.95, -1.0});
  auto texts = [&] {
    std::vector<std::string> all;
    for (const std::exception_ptr& each : run_ranks(
             3, [&](Ranks& ranks) { optimise(Objective::max_return, part_of_set(whole.set, ranks), feasible); })) {
      REQUIRE(each != nullptr);
      try {
        std::rethrow_exception(each);
      } catch (const Error& error) {
        all.push_back(error.what());
      }
    }
    return all;
  };
  for (const std::string& text : texts()) CHECK(text.find("too much to ask") != std::string::npos);
  whole.growth[4 * 5'500 + 1] = std::numeric_limits<double>::quiet_NaN();
  for (const std::string& text : texts()) CHECK(text.find("scenario 5501 of asset 'asset_2'") != std::string::npos);
}

TEST_CASE("selection by whole masses is that of a sorted list") {
  for (int kind = 0; kind < 3; ++kind) {  // spread out, many ties, one value and the rest far away
    std::vector<TailCandidate> all;
    for (std::size_t k = 0; k < 5000; ++k) {
      double loss = bell(3, k);
      if (kind == 1) loss = std::floor(2.0 * loss);
      if (kind == 2) loss = k == 7 ? 1e300 : 1.0 + 1e-15 * std::floor(3.0 * bell(4, k));
      all.push_back({loss, 1 + std::uint64_t(9.0 * uniform(5, k))});
    }
    std::vector<TailCandidate> sorted = all;
    std::sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.loss > b.loss; });
    std::uint64_t total = 0;
    for (const TailCandidate& c : all) total += c.mass;
    const std::vector<std::uint64_t> masses{0, 1, total / 20, total / 20 + 1, total / 2, total - 1, total, 2 * total};
    std::vector<double> expected;
    for (std::uint64_t mass : masses) {
      std::uint64_t sum = 0;
      expected.push_back(sorted.back().loss);
      for (const TailCandidate& c : sorted) {
        sum += c.mass;
        if (sum <= mass) continue;
        expected.back() = c.loss;
        break;
      }
    }
    CAPTURE(kind);
    CHECK(losses_at_masses(all, masses, one_process()) == expected);
    run_ranks(3, [&](Ranks& ranks) {
      std::vector<TailCandidate> mine;
      for (std::size_t k = 0; k < all.size(); ++k) {
        if (k % 4 == ranks.rank()) mine.push_back(all[k]);
      }
      if (ranks.rank() == 2) {
        for (std::size_t k = 3; k < all.size(); k += 4) mine.push_back(all[k]);
      }
      CHECK(losses_at_masses(mine, masses, ranks) == expected);
    });
  }
}

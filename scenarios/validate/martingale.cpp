#include "scenarios/validate/martingale.h"

#include <cmath>

#include <fmt/format.h>

#include "scenarios/base/parallel.h"
#include "scenarios/stats/sum.h"

namespace ballast {
namespace {

constexpr std::size_t kLanes = 512;
constexpr double kBondYears = 10.0;

/// Sums of a quantity over scenarios, in their order.
struct Sums {
  CompensatedSum first, second;
  void add(double x) {
    first.add(x);
    second.add(x * x);
  }
  Estimate estimate(double n) const {
    const double mean = first.value() / n;
    return {mean, std::sqrt(std::max(0.0, second.value() / n - mean * mean) / (n - 1))};
  }
};

std::vector<int> tested_steps(double years, double step_years) {
  std::vector<int> steps;
  for (double t : {1.0, 5.0, 10.0, 20.0, 30.0}) {
    if (t < years - step_years / 2) steps.push_back(int(std::lround(t / step_years)));
  }
  steps.push_back(int(std::lround(years / step_years)));
  return steps;
}

}  // namespace

std::vector<ValidationRow> martingale_rows(const World& world, double years, std::uint64_t seed) {
  const std::vector<int> at = tested_steps(years, world.step_years());
  const std::size_t series = world.series(), kinds = 2 + series;
  const PcgSequence sequence(seed, Sequence::calibrate);
  std::vector<Sums> sums(at.size() * kinds);
  const CurveMap bond = world.rates_at({kBondYears});
  ordered_blocks(
      kTheoryScenarios / kLanes,
      [&](std::size_t block) {
        LaneArray values(at.size() * kinds, kLanes), grown(series, kLanes), rate(1, kLanes);
        grown.fill(1.0);
        WorldPath path(world, sequence, block * kLanes, kLanes, at.back());
        for (std::size_t k = 0, step = 1; step <= std::size_t(at.back()); ++step) {
          path.step();
          for (std::size_t i = 0; i < series; ++i) {
            for (std::size_t lane = 0; lane < kLanes; ++lane) grown(i, lane) *= path.series_gross()(i, lane);
          }
          if (int(step) != at[k]) continue;
          bond.evaluate(path.curve(), rate);
          for (std::size_t lane = 0; lane < kLanes; ++lane) {
            const double discount = 1 / path.bank_account()[lane];
            values(k * kinds, lane) = discount;
            values(k * kinds + 1, lane) = discount * std::exp(-rate(0, lane) * kBondYears);
            for (std::size_t i = 0; i < series; ++i) values(k * kinds + 2 + i, lane) = discount * grown(i, lane);
          }
          ++k;
        }
        return values;
      },
      [&](std::size_t, LaneArray& values) {
        for (std::size_t q = 0; q < sums.size(); ++q) {
          for (std::size_t lane = 0; lane < kLanes; ++lane) sums[q].add(values(q, lane));
        }
      });

  std::vector<ValidationRow> rows;
  for (std::size_t k = 0; k < at.size(); ++k) {
    const double t = at[k] * world.step_years();
    auto add = [&](const std::string& of, const std::string& statistic, double theory, std::size_t quantity) {
      rows.push_back(
          {"theory", of, statistic, theory, sums[k * kinds + quantity].estimate(double(kTheoryScenarios)), 0.0});
    };
    add("cash", fmt::format("discounted 1 at {:g} years", t), world.initial_discount(t), 0);
    add(fmt::format("{:g}-year zero-coupon bond", t + kBondYears), fmt::format("discounted price at {:g} years", t),
        world.initial_discount(t + kBondYears), 1);
    for (std::size_t i = 0; i < series; ++i) {
      add(world.innovation_history().columns[i], fmt::format("discounted value at {:g} years", t), 1.0, 2 + i);
    }
  }
  return rows;
}

std::vector<ValidationRow> bond_price_rows(const World& world, const MarketHistory& history, double years,
                                           std::uint64_t seed) {
  const std::unique_ptr<World> twin = world.risk_neutral_twin(history);
  if (!twin) return {};
  const std::vector<int> at = tested_steps(years, twin->step_years());
  const std::vector<ValidationRow> all = martingale_rows(*twin, years, seed);
  std::vector<ValidationRow> rows;
  for (std::size_t k = 0; k < at.size(); ++k) {
    rows.push_back(all[2 * k]);  // the twin has no series: of each time cash, and the bond bought then
    rows.back().of = fmt::format("{:g}-year zero-coupon bond", at[k] * twin->step_years());
    rows.back().statistic = "closed-form price";
  }
  return rows;
}

}  // namespace ballast

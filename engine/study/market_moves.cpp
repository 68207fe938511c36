#include "engine/study/market_moves.h"

#include <algorithm>
#include <cmath>

#include "scenarios/base/parallel.h"
#include "scenarios/random/sequence.h"

namespace ballast {

FactorSample market_moves(const PreparedStudy& study, std::uint64_t scenarios) {
  const World& world = *study.world;
  FactorSample sample;
  sample.horizon_years = study.risk_horizon();
  sample.series = Eigen::Index(world.series());
  if (world.has_curve()) sample.tenors = world.tenors();
  sample.spreads = Eigen::Index(world.spreads());
  Eigen::Index first_spread = sample.series + Eigen::Index(sample.tenors.size());
  sample.moves.setZero(Eigen::Index(scenarios), first_spread + sample.spreads);
  PcgSequence sequence(study.config.study.seed, Sequence::evaluate);
  parallel_for((scenarios + kBlockScenarios - 1) / kBlockScenarios, [&](std::size_t block) {
    std::uint64_t first = block * kBlockScenarios;
    auto count = std::size_t(std::min<std::uint64_t>(kBlockScenarios, scenarios - first));
    WorldPath path(world, sequence, first, count, study.steps);  // the whole length addresses the random numbers
    for (int step = 0; step < study.risk_steps; ++step) {
      path.step();
      for (Eigen::Index i = 0; i < sample.series; ++i) {
        const double* gross = path.series_gross().row(std::size_t(i));
        for (std::size_t lane = 0; lane < count; ++lane) {
          sample.moves(Eigen::Index(first + lane), i) += std::log(gross[lane]);
        }
      }
    }
    for (std::size_t k = 0; k < sample.tenors.size(); ++k) {
      double now = study.curve.zero_rate(sample.tenors[k]);
      const double* then = path.curve().row(k);
      for (std::size_t lane = 0; lane < count; ++lane) {
        sample.moves(Eigen::Index(first + lane), sample.series + Eigen::Index(k)) = then[lane] - now;
      }
    }
    for (Eigen::Index k = 0; k < sample.spreads; ++k) {
      const double* then = path.spreads().row(std::size_t(k));
      double now = world.spread_now(std::size_t(k));
      for (std::size_t lane = 0; lane < count; ++lane) {
        sample.moves(Eigen::Index(first + lane), first_spread + k) = then[lane] - now;
      }
    }
  });
  return sample;
}

}  // namespace ballast

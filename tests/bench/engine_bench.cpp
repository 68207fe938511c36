#include <cmath>
#include <vector>

#include "engine/liabilities/liability_valuer.h"
#include "engine/liabilities/valuation.h"
#include "engine/portfolio/constant_maturity.h"
#include "scenarios/market/bond.h"
#include "tests/bench/bench.h"

namespace ballast::bench {
namespace {

constexpr std::size_t kLanes = kBlockScenarios;
const std::vector<double> kTenors = {1 / 12.0, 0.25, 1, 2, 3, 5, 7, 10, 15, 20, 30, 50};
const std::vector<double> kKeyRates = {1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 40, 50};

LaneArray random_curves() {
  BlockDraws draws = endless_draws();
  LaneArray rates(kTenors.size(), kLanes);
  for (std::size_t k = 0; k < rates.rows(); ++k) {
    draws.uniforms(rates.row(k));
    for (std::size_t lane = 0; lane < kLanes; ++lane) rates(k, lane) = 0.01 + 0.03 * rates(k, lane);
  }
  return rates;
}

/// The same curves, each in one piece: what one who values a scenario at a time would have.
std::vector<YieldCurve> curve_objects(const LaneArray& rates) {
  std::vector<YieldCurve> curves;
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    std::vector<double> z;
    for (std::size_t k = 0; k < rates.rows(); ++k) z.push_back(rates(k, lane));
    curves.emplace_back(kTenors, z);
  }
  return curves;
}

/// 65 years of monthly payments.
CashFlows pensions() {
  CashFlows flows;
  for (int month = 1; month <= 780; ++month) {
    flows.times.push_back(month / 12.0);
    flows.amounts.push_back(100.0 * std::exp(-month / 360.0));
  }
  return flows;
}

void add_valuer(const std::string& name, bool full) {
  const CashFlows flows = pensions();
  const LiabilityValuer valuer({&flows}, kTenors, 0.0, Compounding::annual, kKeyRates, full);
  add(name, "scenario and flow", kLanes * valuer.flows(),
      [=, rates = random_curves(), out = LaneArray(valuer.rows(), kLanes)]() mutable { valuer.value(rates, out); });
}

void add_liabilities() {
  const CashFlows flows = pensions();
  const std::size_t items = kLanes * flows.times.size();
  const std::vector<YieldCurve> curves = curve_objects(random_curves());

  const std::string brief = "liability: PV and duration", full = "liability: all, 12 key rates";
  add_valuer(brief, false);
  std::vector<LinearWeights> weights;
  for (double t : flows.times) weights.push_back(linear_weights(kTenors, t));
  add(brief + " | std::exp, weights known", "scenario and flow", items, [=] {
    for (const YieldCurve& curve : curves) {
      const double* z = curve.zero_rates().data();
      double pv = 0.0, moment = 0.0;
      for (std::size_t j = 0; j < flows.times.size(); ++j) {
        const auto [lower, w] = weights[j];
        const double t = flows.times[j];
        const double present = flows.amounts[j] * std::exp(-((1.0 - w) * z[lower] + w * z[lower + 1]) * t);
        pv += present;
        moment += t * present;
      }
      benchmark::DoNotOptimize(moment /= pv);
    }
  });
  add_valuer(full, true);
  add(full + " | measure(), a scenario at a time", "scenario and flow", items, [=] {
    for (const YieldCurve& curve : curves) {
      benchmark::DoNotOptimize(measure(flows, curve, Compounding::annual, kKeyRates));
    }
  });
}

void add_bond() {
  constexpr double kYears = 10.0, kStep = 1.0 / 12.0;
  const std::string name = "return of a 10-year par bond";
  const ConstantMaturityBond bond({kYears, BondKind::par, 2}, kTenors, {}, kStep);
  add(name, "scenario", kLanes, [=, rates = random_curves(), gross = std::vector<double>(kLanes)]() mutable {
    bond.step_return({rates}, {rates}, gross.data());
  });
  add(name + " | bond_price(), a scenario at a time", "scenario", kLanes, [curves = curve_objects(random_curves())] {
    for (const YieldCurve& curve : curves) {
      benchmark::DoNotOptimize(bond_price(curve, kYears, curve.par_yield(kYears, 2), 2, kStep));
    }
  });
}

}  // namespace

void add_engine() {
  add_liabilities();
  add_bond();
}

}  // namespace ballast::bench

#include "engine/portfolio/projection.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "scenarios/base/error.h"

namespace ballast {

Projection::Projection(const ProjectionParameters& parameters, std::size_t lanes)
    : parameters_(parameters),
      weights_(parameters.weights),
      holdings_(parameters.weights.size(), lanes),
      totals_(2, lanes),
      scratch_(2, lanes) {
  for (std::size_t i = 0; i < holdings_.rows(); ++i) {
    std::fill_n(holdings_.row(i), holdings_.lanes(), parameters_.weights[i] * parameters_.initial_assets);
  }
  std::fill_n(totals_.row(0), totals_.lanes(), parameters_.initial_assets);
}

void Projection::step(int step, const LaneArray& asset_gross, const double* cash_gross, const double* payments) {
  BALLAST_EXPECTS(asset_gross.rows() == holdings_.rows() && asset_gross.lanes() == holdings_.lanes());
  std::size_t lanes = holdings_.lanes();
  double *grown = scratch_.row(0), *scale = scratch_.row(1);
  std::fill_n(grown, lanes, 0.0);
  for (std::size_t i = 0; i < holdings_.rows(); ++i) {
    double* holding = holdings_.row(i);
    const double* gross = asset_gross.row(i);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      holding[lane] *= gross[lane];
      grown[lane] += holding[lane];
    }
  }
  double *assets = totals_.row(0), *shortfall = totals_.row(1);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    double paid = payments ? payments[lane] : 0.0;
    double left = grown[lane] + parameters_.contribution_per_step - paid - shortfall[lane] * cash_gross[lane];
    assets[lane] = left <= 0.0 ? 0.0 : left;
    shortfall[lane] = left < 0.0 ? -left : 0.0;
    scale[lane] = assets[lane] / grown[lane];
  }
  bool due = parameters_.rebalancing == Rebalancing::constant_mix &&
             (parameters_.rebalance_every_steps <= 1 || step % parameters_.rebalance_every_steps == 0);
  if (next_change_ < parameters_.changes.size() && parameters_.changes[next_change_].step == step) {
    weights_ = parameters_.changes[next_change_++].weights;
    due = true;
  }
  due ? rebalance(grown, scale) : drift(grown, scale);
}

void Projection::rebalance(const double* grown, const double* scale) {
  std::size_t lanes = holdings_.lanes();
  double* assets = totals_.row(0);
  if (!parameters_.trading_cost.empty()) {
    LaneArray cost(1, lanes);
    for (std::size_t i = 0; i < holdings_.rows(); ++i) {
      const double* holding = holdings_.row(i);
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        double before = grown[lane] <= 0.0 ? weights_[i] * assets[lane] : holding[lane] * scale[lane];
        cost(0, lane) += parameters_.trading_cost[i] * std::abs(weights_[i] * assets[lane] - before);
      }
    }
    for (std::size_t lane = 0; lane < lanes; ++lane) assets[lane] -= cost(0, lane);
  }
  for (std::size_t i = 0; i < holdings_.rows(); ++i) {
    double* holding = holdings_.row(i);
    for (std::size_t lane = 0; lane < lanes; ++lane) holding[lane] = weights_[i] * assets[lane];
  }
}

void Projection::drift(const double* grown, const double* scale) {
  for (std::size_t i = 0; i < holdings_.rows(); ++i) {
    double* holding = holdings_.row(i);
    for (std::size_t lane = 0; lane < holdings_.lanes(); ++lane) {
      // Contributions into an exhausted account are invested at the weights.
      holding[lane] = grown[lane] <= 0.0 ? weights_[i] * totals_(0, lane) : holding[lane] * scale[lane];
    }
  }
}

void balance_measures(const double* assets, const double* shortfall, const double* liability_pv, std::size_t lanes,
                      double* surplus, double* funding_ratio) {
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    double pv = liability_pv[lane];
    surplus[lane] = assets[lane] - shortfall[lane] - pv;
    funding_ratio[lane] = pv == 0.0 ? std::numeric_limits<double>::quiet_NaN() : assets[lane] / pv;
  }
}

}  // namespace ballast

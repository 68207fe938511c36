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
  std::fill_n(totals_.row(0), totals_.lanes(), parameters_.initial_assets);
}

LaneArray Projection::holdings() const {
  LaneArray now(holdings_.rows(), holdings_.lanes());
  for (std::size_t i = 0; i < now.rows(); ++i) {
    for (std::size_t lane = 0; lane < now.lanes(); ++lane) {
      now(i, lane) = at_weights_ ? weights_[i] * totals_(0, lane) : holdings_(i, lane);
    }
  }
  return now;
}

/// Holdings grow by their returns, and grown[lane] is their sum. keep: they are needed again before the next
/// rebalancing; for many assets writing them costs as much as all the rest.
void Projection::grow(const LaneArray& asset_gross, bool keep, double* grown) {
  const std::size_t lanes = holdings_.lanes();
  const double* assets = totals_.row(0);
  std::fill_n(grown, lanes, 0.0);
  for (std::size_t i = 0; i < holdings_.rows(); ++i) {
    double* holding = holdings_.row(i);
    const double* gross = asset_gross.row(i);
    const double weight = weights_[i];
    if (at_weights_ && !keep) {
      for (std::size_t lane = 0; lane < lanes; ++lane) grown[lane] += weight * assets[lane] * gross[lane];
      continue;
    }
    for (std::size_t lane = 0; at_weights_ && lane < lanes; ++lane) holding[lane] = weight * assets[lane];
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      holding[lane] *= gross[lane];
      grown[lane] += holding[lane];
    }
  }
}

void Projection::step(int step, const LaneArray& asset_gross, const double* cash_gross, const double* payments) {
  BALLAST_EXPECTS(asset_gross.rows() >= holdings_.rows() && asset_gross.lanes() == holdings_.lanes());
  std::size_t lanes = holdings_.lanes();
  double *grown = scratch_.row(0), *scale = scratch_.row(1);
  const bool changes = next_change_ < parameters_.changes.size() && parameters_.changes[next_change_].step == step;
  const bool due =
      changes || (parameters_.rebalancing == Rebalancing::constant_mix &&
                  (parameters_.rebalance_every_steps <= 1 || step % parameters_.rebalance_every_steps == 0));
  grow(asset_gross, !due || !parameters_.trading_cost.empty(), grown);
  double *assets = totals_.row(0), *shortfall = totals_.row(1);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    double paid = payments ? payments[lane] : 0.0;
    double left = grown[lane] + parameters_.contribution_per_step - paid - shortfall[lane] * cash_gross[lane];
    assets[lane] = left <= 0.0 ? 0.0 : left;
    shortfall[lane] = left < 0.0 ? -left : 0.0;
    scale[lane] = assets[lane] / grown[lane];
  }
  if (changes) weights_ = parameters_.changes[next_change_++].weights;
  at_weights_ = due;
  if (!due) {
    drift(grown, scale);
  } else if (!parameters_.trading_cost.empty()) {
    pay_for_trades(grown, scale);
  }
}

void Projection::pay_for_trades(const double* grown, const double* scale) {
  std::size_t lanes = holdings_.lanes();
  double* assets = totals_.row(0);
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

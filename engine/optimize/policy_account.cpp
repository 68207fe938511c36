#include "engine/optimize/policy_account.h"

#include <algorithm>
#include <cmath>

namespace ballast {

PolicyShape policy_shape(std::vector<int> first_step, int steps, int every, std::vector<double> trading_cost) {
  PolicyShape shape{std::move(first_step), std::vector<char>(std::size_t(steps), 0), std::move(trading_cost)};
  for (int step = 1; step <= steps; ++step) shape.rebalances[std::size_t(step - 1)] = every > 0 && step % every == 0;
  for (int step : shape.first_step) {
    if (step > 0 && step <= steps) shape.rebalances[std::size_t(step - 1)] = 1;
  }
  return shape;
}

PolicyAccount::PolicyAccount(const PolicyPaths& paths, const PolicyShape& shape)
    : paths_(paths),
      shape_(shape),
      steps_(std::size_t(paths.steps)),
      grown_(std::size_t(paths.steps) * paths.assets),
      holding_(paths.assets),
      holding_adjoint_(paths.assets),
      grown_adjoint_(paths.assets) {
  std::size_t period = 0;
  for (int step = 1; step <= paths.steps; ++step) {
    while (period + 1 < shape.periods() && shape.first_step[period + 1] <= step) ++period;
    period_after_.push_back(period);
  }
}

void PolicyAccount::run(std::size_t scenario, std::span<const double> weights, double* net) {
  const std::size_t n = paths_.assets;
  const double *gross = paths_.gross_of(scenario), *cash = paths_.cash_of(scenario),
               *payment = paths_.payment_of(scenario);
  scenario_ = scenario;
  for (std::size_t i = 0; i < n; ++i) holding_[i] = weights[i] * paths_.initial_assets;
  double shortfall = 0.0;
  std::size_t report = 0;
  for (std::size_t t = 0; t < steps_.size(); ++t) {
    double* grown = grown_.data() + t * n;
    double total = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      grown[i] = holding_[i] * gross[t * n + i];
      total += grown[i];
    }
    const double left = total - payment[t] - shortfall * cash[t];
    const double assets = left <= 0.0 ? 0.0 : left;
    shortfall = left < 0.0 ? -left : 0.0;
    const bool rebalanced = shape_.rebalances[t] || total <= 0.0;
    const double* w = weights.data() + period_after_[t] * n;
    double invested = assets;
    if (rebalanced) {
      if (!shape_.trading_cost.empty() && total > 0.0) {
        const double scale = assets / total;
        for (std::size_t i = 0; i < n; ++i)
          invested -= shape_.trading_cost[i] * std::abs(w[i] * assets - grown[i] * scale);
      }
      for (std::size_t i = 0; i < n; ++i) holding_[i] = w[i] * invested;
    } else {
      const double scale = assets / total;
      for (std::size_t i = 0; i < n; ++i) holding_[i] = grown[i] * scale;
    }
    steps_[t] = {total, assets, shortfall, invested, period_after_[t], rebalanced};
    if (int(t) + 1 == paths_.report_steps[report]) net[report++] = invested - shortfall;
  }
}

void PolicyAccount::add_gradient(std::span<const double> weights, const double* net_adjoint, double* gradient) {
  const std::size_t n = paths_.assets;
  const double *gross = paths_.gross_of(scenario_), *cash = paths_.cash_of(scenario_);
  std::fill(holding_adjoint_.begin(), holding_adjoint_.end(), 0.0);
  double shortfall_adjoint = 0.0;
  std::size_t report = paths_.report_steps.size();
  for (std::size_t t = steps_.size(); t-- > 0;) {
    const Step& at = steps_[t];
    const double* grown = grown_.data() + t * n;
    double invested_adjoint = 0.0;
    if (report > 0 && int(t) + 1 == paths_.report_steps[report - 1]) {
      --report;
      invested_adjoint += net_adjoint[report];
      shortfall_adjoint -= net_adjoint[report];
    }
    std::fill(grown_adjoint_.begin(), grown_adjoint_.end(), 0.0);
    double total_adjoint = 0.0, assets_adjoint = 0.0;
    if (at.rebalanced) {
      const double* w = weights.data() + at.period * n;
      double* w_adjoint = gradient + at.period * n;
      for (std::size_t i = 0; i < n; ++i) {
        invested_adjoint += w[i] * holding_adjoint_[i];
        w_adjoint[i] += holding_adjoint_[i] * at.invested;
      }
      assets_adjoint = invested_adjoint;
      if (!shape_.trading_cost.empty() && at.grown > 0.0) {
        const double scale = at.assets / at.grown;
        for (std::size_t i = 0; i < n; ++i) {
          const double trade = w[i] * at.assets - grown[i] * scale;
          const double slope = trade > 0 ? shape_.trading_cost[i] : trade < 0 ? -shape_.trading_cost[i] : 0.0;
          const double trade_adjoint = -invested_adjoint * slope;
          w_adjoint[i] += trade_adjoint * at.assets;
          assets_adjoint += trade_adjoint * (w[i] - grown[i] / at.grown);
          grown_adjoint_[i] -= trade_adjoint * scale;
          total_adjoint += trade_adjoint * grown[i] * scale / at.grown;
        }
      }
    } else {
      const double scale = at.assets / at.grown;
      assets_adjoint = invested_adjoint;
      for (std::size_t i = 0; i < n; ++i) {
        grown_adjoint_[i] = holding_adjoint_[i] * scale;
        const double part = holding_adjoint_[i] * grown[i] / at.grown;
        assets_adjoint += part;
        total_adjoint -= part * scale;
      }
    }
    const double left_adjoint = at.assets > 0.0 ? assets_adjoint : -shortfall_adjoint;
    total_adjoint += left_adjoint;
    shortfall_adjoint = -left_adjoint * cash[t];
    for (std::size_t i = 0; i < n; ++i) holding_adjoint_[i] = (grown_adjoint_[i] + total_adjoint) * gross[t * n + i];
  }
  for (std::size_t i = 0; i < n; ++i) gradient[i] += holding_adjoint_[i] * paths_.initial_assets;
}

}  // namespace ballast

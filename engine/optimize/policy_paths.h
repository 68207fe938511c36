#pragma once

#include <cstddef>
#include <vector>

namespace ballast {

/// Whole paths of a balance sheet's surroundings, as a policy is optimised on: what assets earned, what had to be paid,
/// what the liabilities were worth. Each array has one scenario's numbers together, in the order given.
struct PolicyPaths {
  std::size_t scenarios = 0, assets = 0;
  int steps = 0;
  double initial_assets = 1.0;       ///< currency
  std::vector<double> gross;         ///< [step][asset]: gross total return over each step
  std::vector<double> cash;          ///< [step]: gross return of cash
  std::vector<double> payment;       ///< [step]: due at the step's end less what is contributed then, currency
  std::vector<int> report_steps;     ///< R of them, ascending, from 1; the last is `steps`
  std::vector<double> liability_pv;  ///< [report]: currency; 0 without liabilities
  std::vector<double> probability;   ///< one a scenario, adding to 1; empty: equal

  const double* gross_of(std::size_t scenario) const { return gross.data() + scenario * std::size_t(steps) * assets; }
  const double* cash_of(std::size_t scenario) const { return cash.data() + scenario * std::size_t(steps); }
  const double* payment_of(std::size_t scenario) const { return payment.data() + scenario * std::size_t(steps); }
  const double* liability_of(std::size_t scenario) const {
    return liability_pv.data() + scenario * report_steps.size();
  }
  double mass_of(std::size_t scenario) const {
    return probability.empty() ? 1.0 / double(scenarios) : probability[scenario];
  }
};

/// What a policy may decide: piecewise-constant weights, one set of them a period.
struct PolicyShape {
  std::vector<int> first_step;       ///< of each period, from 0: its weights hold from the end of that step; [0] = 0
  std::vector<char> rebalances;      ///< [step - 1]: whether holdings return to the weights at the step's end
  std::vector<double> trading_cost;  ///< one an asset, of the value traded; empty: none

  std::size_t periods() const { return first_step.size(); }
};

/// Rebalancing every `every` steps (0: never), and at each change of weights.
PolicyShape policy_shape(std::vector<int> first_step, int steps, int every, std::vector<double> trading_cost);

}  // namespace ballast

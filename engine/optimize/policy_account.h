#pragma once

#include <span>
#include <vector>

#include "engine/optimize/policy_paths.h"

namespace ballast {

/// The account of engine/portfolio/projection.h on one scenario under a policy, and the derivative of what is left in
/// it with respect to the weights (the adjoint of the recursion: one backward sweep for all weights). Not thread-safe:
/// it keeps the path between its arrays. Where the account is exhausted and where a trade changes its sign the function
/// has a kink; there the derivative is that of one side.
class PolicyAccount {
 public:
  PolicyAccount(const PolicyPaths& paths, const PolicyShape& shape);

  /// weights: [period][asset]. net: [report], assets less accumulated shortfall, currency.
  void run(std::size_t scenario, std::span<const double> weights, double* net);

  /// Of the scenario last run: adds sum over reports of net_adjoint * d net / d weights to gradient [period][asset].
  void add_gradient(std::span<const double> weights, const double* net_adjoint, double* gradient);

 private:
  struct Step {
    double grown, assets, shortfall;  ///< before payments; after them, before costs; after them
    double invested;                  ///< after costs
    std::size_t period;               ///< whose weights hold after the step
    bool rebalanced;
  };

  const PolicyPaths& paths_;
  const PolicyShape& shape_;
  std::size_t scenario_ = 0;
  std::vector<Step> steps_;
  std::vector<std::size_t> period_after_;  ///< [step]
  std::vector<double> grown_;              ///< [step][asset], value before payments
  std::vector<double> holding_;            ///< [asset]
  std::vector<double> holding_adjoint_, grown_adjoint_;
};

}  // namespace ballast

#pragma once

#include <span>

#include "scenarios/stats/scenario_weights.h"

namespace ballast {

/// Value-at-risk and conditional value-at-risk of losses (positive is bad), in the losses' unit, with Monte Carlo
/// standard errors. These say how far the scenarios' number is from the model's, not how far the model is from the
/// world.
struct TailMeasures {
  double var = 0.0;
  double cvar = 0.0;
  double var_standard_error = 0.0;
  double cvar_standard_error = 0.0;
};

/// VaR_b: the smallest x with P(L <= x) >= b. CVaR_b = VaR + E[(L - VaR)+] / (1 - b), which splits the atom at VaR
/// (Rockafellar & Uryasev 2002, Theorem 10): (1 - b) n need not be a whole number.
///
/// `weights`: one probability a loss, or none for equal ones; the sum is divided out. `confidence` b in [0, 1), else
/// std::invalid_argument. NaN everywhere if a loss is NaN or there are none. The result does not depend on the losses'
/// order.
///
/// Standard errors (Hong, Hu & Liu 2014, "Monte Carlo methods for value-at-risk and conditional value-at-risk",
/// sections 2-3): of CVaR, sqrt(Var[(L - VaR)+] / n) / (1 - b); of VaR, sqrt(b (1 - b) / n) / f(VaR), where 1 / f is
/// estimated from the order statistics, (Q(b + h) - Q(b - h)) / 2h, h by Bofinger (1975) for a normal, at most half of
/// the tail. With unequal probabilities p, 1/n times a variance becomes sum of p^2 (deviation)^2, the variance of a
/// self-normalised importance sampling estimate; with scenarios drawn together, or under views, see scenario_weights.h.
/// Where VaR is an atom its standard error is 0.
TailMeasures tail_measures(std::span<const double> loss, double confidence, const ScenarioWeights& weights = {});

}  // namespace ballast

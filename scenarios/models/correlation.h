#pragma once

#include "scenarios/models/correlation_parameters.h"
#include "scenarios/models/innovations.h"

namespace ballast {

/// A history whose sample correlations are those wanted, and a table that says what was changed.
struct Recorrelated {
  InnovationHistory history;
  FitTable table;
};

/// Rows are mixed linearly so that the sample correlations become the history's with the given pairs put in: with S the
/// history's correlation matrix and T the wanted one, each standardised row z becomes A z,
///     A = S^(-1/2) (S^(1/2) T S^(1/2))^(1/2) S^(-1/2),
/// the map from one to the other that moves rows least (Olkin & Pukelsheim 1982, "The distance between two random
/// vectors with given dispersion matrices"). Means and standard deviations stay, for series also the arithmetic mean.
/// Any model can then be fitted, a bootstrap too. Errors: key_error on scenarios.correlation for an unknown column, a
/// singular history, or (without `repair`) correlations that are not positive definite.
Recorrelated recorrelate(const CorrelationParameters& parameters, const InnovationHistory& history);

}  // namespace ballast

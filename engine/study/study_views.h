#pragma once

#include <string>
#include <vector>

#include "engine/output/results.h"
#include "engine/study/horizon_scenarios.h"
#include "scenarios/views/view_parameters.h"

namespace ballast {

/// The distinct tenors of the zero rates that views are on, in years.
std::vector<double> view_tenors(const std::vector<ViewParameters>& views);

/// Re-weights a scenario set to the study's views by entropy pooling, from the set's own probabilities as the prior:
/// sets its probability and what they fix, and adds to results.views and results.view_sets. `sample`: "optimise" or
/// "evaluate". Does nothing without views.
///
/// A view on a volatility keeps the mean (its own view's or the prior's), one on a correlation means and volatilities.
/// A quantile q at level a is P(X <= q) = a. Views of different confidence are pooled in layers (Meucci 2008,
/// section 3.2): with confidences c1 > c2 > ..., the prior has weight 1 - c1, the probabilities under the views of
/// confidence c1 alone c1 - c2, those under the views of c1 and c2 c2 - c3, and so on. Throws NoSolutionError (69) that
/// names the views which no probabilities on these scenarios meet together; InputError for a volatility or correlation
/// view beside an inequality on the same mean or volatility.
void apply_views(const std::vector<ViewParameters>& views, const std::vector<std::string>& assets,
                 const std::string& sample, HorizonScenarios& set, Results& results);

}  // namespace ballast

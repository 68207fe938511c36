#include "engine/optimize/optimise.h"

#include "scenarios/base/error.h"

namespace ballast {

#define BALLAST_OBJECTIVE(name, function) \
  OptimizationResult function(std::span<const ScenarioSet>, const FeasibleSet&, const OptimizeOptions&);
#include "engine/optimize/objectives.def"
#undef BALLAST_OBJECTIVE

OptimizationResult optimise(Objective objective, std::span<const ScenarioSet> sets, const FeasibleSet& feasible,
                            const OptimizeOptions& options) {
  switch (objective) {
#define BALLAST_OBJECTIVE(name, function) \
  case Objective::name:                   \
    return function(sets, feasible, options);
#include "engine/optimize/objectives.def"
#undef BALLAST_OBJECTIVE
  }
  throw std::logic_error("an objective that objectives.def does not list");
}

}  // namespace ballast

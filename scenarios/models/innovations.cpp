#include "scenarios/models/innovations.h"

#include "scenarios/base/error.h"

namespace ballast {

std::unique_ptr<InnovationModel> make_model(const ScenarioParameters& parameters, const InnovationHistory& history) {
  switch (parameters.model) {
#define BALLAST_MODEL(name, Parameters, help) \
  case ModelKind::name:                       \
    return make_##name(parameters.name, history);
#include "scenarios/models/registry.def"
#undef BALLAST_MODEL
    case ModelKind::file:
      break;
  }
  throw std::logic_error("model: file has no innovations");
}

}  // namespace ballast

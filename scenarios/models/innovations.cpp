#include "scenarios/models/innovations.h"

#include <stdexcept>

#include "scenarios/models/correlation.h"

namespace ballast {

namespace {

std::unique_ptr<InnovationModel> make_registered(const ScenarioParameters& parameters,
                                                 const InnovationHistory& history) {
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

/// A model fitted to a history with other correlations.
class WithCorrelations final : public InnovationModel {
 public:
  WithCorrelations(const ScenarioParameters& parameters, Recorrelated changed)
      : table_(std::move(changed.table)), model_(make_registered(parameters, changed.history)) {}

  std::uint64_t draws_per_scenario(int steps) const override { return model_->draws_per_scenario(steps); }
  std::uint64_t normal_draws_per_step() const override { return model_->normal_draws_per_step(); }
  std::optional<double> mean_growth(int series) const override { return model_->mean_growth(series); }
  bool normal() const override { return model_->normal(); }
  std::unique_ptr<InnovationPath> start(std::size_t lanes) const override { return model_->start(lanes); }
  std::unique_ptr<InnovationPath> start_growth(std::size_t lanes) const override { return model_->start_growth(lanes); }
  void resolve(ScenarioParameters& parameters) const override { model_->resolve(parameters); }
  std::vector<RegimeProbability> regime_probabilities() const override { return model_->regime_probabilities(); }
  std::vector<FitTable> fit_tables() const override {
    std::vector<FitTable> tables = model_->fit_tables();
    tables.insert(tables.begin(), table_);
    return tables;
  }

 private:
  FitTable table_;
  std::unique_ptr<InnovationModel> model_;
};

}  // namespace

std::unique_ptr<InnovationModel> make_model(const ScenarioParameters& parameters, const InnovationHistory& history) {
  if (parameters.correlation.pairs.empty()) return make_registered(parameters, history);
  return std::make_unique<WithCorrelations>(parameters, recorrelate(parameters.correlation, history));
}

}  // namespace ballast

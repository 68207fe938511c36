#include "engine/study/balance_durations.h"

namespace ballast {

BalanceDurations balance_durations(const PreparedStudy& study) {
  BalanceDurations durations;
  if (study.curve.empty()) return durations;
  const MeasureParameters& measures = study.config.measures;
  const std::vector<double> nodes = study.has_liabilities() ? measures.key_rates : std::vector<double>{};
  durations.key_rates = nodes;
  durations.key_rate_duration.assign(nodes.size(), {});
  for (const RateExposure& exposure : study.exposures) {
    if (exposure.source == DurationSource::unknown) return {};
    const AssetMeasures of_asset = exposure.measures(study.curve, measures.compounding, nodes);
    durations.duration.push_back(of_asset.modified_duration);
    for (std::size_t k = 0; k < nodes.size(); ++k)
      durations.key_rate_duration[k].push_back(of_asset.key_rate_durations[k]);
  }
  if (!study.has_liabilities()) return durations;
  const double over_assets = study.liability_measures.total.pv / study.initial_assets;
  durations.liability_duration = study.liability_measures.total.modified_duration * over_assets;
  for (double d : study.liability_measures.total.key_rate_durations) {
    durations.liability_key_rate_duration.push_back(d * over_assets);
  }
  return durations;
}

}  // namespace ballast

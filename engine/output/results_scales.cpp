#include "engine/output/results_scales.h"

#include "engine/output/results_datasets.h"

namespace ballast {

ResultsScales create_scales(hdf5::File& file, const ResultsLayout& layout) {
  ResultsScales scales;
  if (layout.scenarios > 0) {
    scales.scenario = create_scale(file, {"scenario", "fresh scenario, the evaluation set", ""}, layout.scenarios,
                                   layout.first_scenario);
  }
  auto create = [&](std::optional<hdf5::Dataset>& scale, const DatasetDescription& description, const auto& values) {
    if (!values.empty()) scale = create_scale(file, description, values);
  };
  create(scales.time, {"time", "time from the valuation date", units::years}, layout.times);
  create(scales.asset, {"asset", "asset", ""}, layout.asset_names);
  create(scales.tenor, {"tenor", "time to maturity", units::years}, layout.curve_tenors);
  create(scales.quantile, {"quantile", "share of scenarios at or below", units::fraction}, layout.quantile_levels);
  create(scales.key_rate, {"key_rate", "node of the key-rate shifts", units::years}, layout.key_rate_tenors);
  create(scales.liability, {"liability", "liability", ""}, layout.liability_names);
  create(scales.view_tenor, {"view_tenor", "tenor of a zero rate that a view is on", units::years}, layout.view_tenors);
  create(scales.spread, {"spread", "credit spread", ""}, layout.spread_names);
  return scales;
}

ResultsScales open_scales(const hdf5::File& file) {
  auto open = [&](const char* name) {
    return file.contains(name) ? std::optional(file.open_dataset(name)) : std::nullopt;
  };
  ResultsScales scales;
  scales.scenario = open("scenario");
  scales.time = open("time");
  scales.asset = open("asset");
  scales.tenor = open("tenor");
  scales.quantile = open("quantile");
  scales.key_rate = open("key_rate");
  scales.liability = open("liability");
  scales.view_tenor = open("view_tenor");
  scales.spread = open("spread");
  return scales;
}

}  // namespace ballast

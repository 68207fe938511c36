#pragma once

#include <optional>

#include "engine/output/results_layout.h"
#include "scenarios/io/hdf5.h"

namespace ballast {

/// The coordinates of results.h5, one a named dimension. Empty: the study has no such dimension.
struct ResultsScales {
  std::optional<hdf5::Dataset> scenario, time, asset, tenor, quantile, key_rate, liability, view_tenor, spread;
};

ResultsScales create_scales(hdf5::File& file, const ResultsLayout& layout);
/// Of a file that create_scales() began.
ResultsScales open_scales(const hdf5::File& file);

}  // namespace ballast

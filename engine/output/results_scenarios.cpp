#include "engine/output/results_scenarios.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/output/results_datasets.h"

namespace ballast {
namespace {

using hdf5::Dataset;
using hdf5::Type;
using Scale = std::optional<Dataset> ResultsScales::*;
using Values = LaneArray EvaluateBlock::*;

/// One dataset over scenarios as the format has it.
struct ScenarioDataset {
  const char* group;  ///< "": the root
  DatasetDescription description;
  Values values;              ///< null: pv_by_liability
  std::vector<Scale> scales;  ///< of the dimensions after scenario

  std::string path() const { return *group ? fmt::format("{}/{}", group, description.name) : description.name; }
};

/// All of the format, in their order in the file; those of this layout are wanted, and have all of their dimensions.
std::vector<ScenarioDataset> datasets_of(const ResultsLayout& layout, const ResultsScales& scales) {
  using Block = EvaluateBlock;
  using Scales = ResultsScales;
  std::vector<ScenarioDataset> all;
  auto add = [&](bool wanted, const DatasetDescription& description, Values values, std::vector<Scale> dimensions,
                 const char* group = "") {
    bool known = scales.scenario && std::ranges::all_of(dimensions, [&](Scale s) { return (scales.*s).has_value(); });
    if (wanted && known) all.push_back({group, description, values, std::move(dimensions)});
  };
  const std::vector<Scale> time{&Scales::time};

  add(layout.asset_return, {"asset_return", "simple buy-and-hold return over the risk horizon", units::fraction},
      &Block::asset_return, {&Scales::asset});
  add(true, {"horizon_zero_rate", "zero rate at the risk horizon", units::rate}, &Block::horizon_zero_rate,
      {&Scales::view_tenor});
  add(layout.horizon_liability,
      {"horizon_liability", "liabilities at the risk horizon with payments until then", units::initial_assets},
      &Block::horizon_liability, {});
  add(layout.liabilities, {"liability_pv", "present value of the liabilities still due", units::currency},
      &Block::liability_pv, time);
  add(layout.liabilities, {"liability_duration", "Macaulay duration of the liabilities", units::years},
      &Block::liability_duration, time);

  const DatasetDescription assets{"assets_value", "value of the assets after payments", units::currency};
  const DatasetDescription surplus{"surplus", "assets less liabilities, less accumulated shortfall", units::currency};
  const DatasetDescription funding_ratio{"funding_ratio", "assets over liabilities", units::fraction};
  add(layout.balance, assets, &Block::assets_value, time);
  add(layout.balance, surplus, &Block::surplus, time);
  add(layout.balance, funding_ratio, &Block::funding_ratio, time);
  add(layout.current_balance, assets, &Block::current_assets_value, time, "current");
  add(layout.current_balance, surplus, &Block::current_surplus, time, "current");
  add(layout.current_balance, funding_ratio, &Block::current_funding_ratio, time, "current");

  add(layout.rates, {"short_rate", "zero rate of one step", units::rate}, &Block::short_rate, time);
  add(layout.rates, {"ten_year_rate", "zero rate of ten years", units::rate}, &Block::ten_year_rate, time);
  add(layout.zero_rate, {"zero_rate", "zero rate", units::rate}, &Block::zero_rate, {&Scales::time, &Scales::tenor});
  add(layout.price_index, {"price_index", "consumer prices, 1 at the valuation date", units::fraction},
      &Block::price_index, time);
  add(true, {"credit_spread", "credit spread", units::rate}, &Block::credit_spread, {&Scales::time, &Scales::spread});

  const bool measures = layout.liability_measures;
  add(measures, {"liability_convexity", "convexity of the liabilities", units::years_squared},
      &Block::liability_convexity, time);
  add(measures, {"liability_modified_duration", "modified duration of the liabilities", units::years},
      &Block::liability_modified_duration, time);
  add(measures, {"liability_effective_duration", "effective duration of the liabilities", units::years},
      &Block::liability_effective_duration, time);
  add(measures,
      {"liability_dv01", "gain in value of the liabilities when rates fall by a basis point", units::currency},
      &Block::liability_dv01, time);
  add(measures && layout.inflation,
      {"liability_inflation_duration", "sensitivity of the liabilities to expected inflation", units::years},
      &Block::liability_inflation_duration, time);
  add(measures, {"liability_key_rate_duration", "key-rate durations of the liabilities", units::years},
      &Block::liability_key_rate_duration, {&Scales::time, &Scales::key_rate});
  add(measures, {"pv_by_liability", "present value of each liability", units::currency}, nullptr,
      {&Scales::time, &Scales::liability});
  return all;
}

hdf5::DatasetOptions chunked(const ResultsLayout& layout) {
  return {.chunk_rows = kChunkScenarios, .deflate = layout.compression, .fully_written = true};
}

Type type_of(const ResultsLayout& layout) { return layout.float32 ? Type::float32 : Type::float64; }

// A block's variables are rows and its scenarios lanes; a dataset's rows are scenarios.
void transpose(const LaneArray& block, std::size_t scenarios, double* to, std::size_t row_stride,
               std::size_t scenario_stride) {
  constexpr std::size_t tile = 16;
  for (std::size_t first = 0; first < scenarios; first += tile) {
    std::size_t end = std::min(first + tile, scenarios);
    for (std::size_t r = 0; r < block.rows(); ++r) {
      const double* row = block.row(r);
      for (std::size_t s = first; s < end; ++s) to[s * scenario_stride + r * row_stride] = row[s];
    }
  }
}

/// Numbers of one scenario in a dataset.
std::size_t width_of(const Dataset& dataset) {
  std::size_t width = 1;
  std::vector<std::uint64_t> shape = dataset.shape();
  for (std::size_t k = 1; k < shape.size(); ++k) width *= shape[k];
  return width;
}

void check_rows(const LaneArray& values, std::size_t rows, const EvaluateBlock& block, const Dataset& dataset) {
  require_consistent(values.rows() == rows && values.lanes() >= block.scenarios,
                     fmt::format("block with {} rows of {} lanes for {}, which has {} and {}", values.rows(),
                                 values.lanes(), dataset.name(), rows, block.scenarios));
}

}  // namespace

ScenarioDatasets ScenarioDatasets::create(hdf5::File& file, const ResultsLayout& layout, const ResultsScales& scales) {
  ScenarioDatasets made(layout);
  for (const ScenarioDataset& one : datasets_of(layout, scales)) {
    std::vector<const Dataset*> axes{&*scales.scenario};
    for (Scale scale : one.scales) axes.push_back(&*(scales.*scale));
    auto create = [&](hdf5::Group& group) {
      return layout.parts.empty()
                 ? create_labelled(group, one.description, type_of(layout), axes, chunked(layout))
                 : create_virtual_labelled(group, one.description, type_of(layout), axes, layout.parts);
    };
    if (*one.group) {
      hdf5::Group group = file.contains(one.group) ? file.open_group(one.group) : file.create_group(one.group);
      made.all_.push_back({create(group), one.values});
    } else {
      made.all_.push_back({create(file), one.values});
    }
  }
  return made;
}

ScenarioDatasets ScenarioDatasets::open(const hdf5::File& file, const ResultsLayout& layout,
                                        const ResultsScales& scales, std::uint64_t appended) {
  ScenarioDatasets found(layout);
  for (const ScenarioDataset& one : datasets_of(layout, scales)) {
    found.all_.push_back({file.open_dataset(one.path()), one.values});
  }
  found.appended_ = appended;
  return found;
}

void ScenarioDatasets::append(Dataset& dataset, const LaneArray& values, const EvaluateBlock& block) {
  const std::size_t width = width_of(dataset);
  check_rows(values, width, block, dataset);
  buffer_.resize(block.scenarios * width);
  transpose(values, block.scenarios, buffer_.data(), 1, width);
  dataset.write_rows(block.first_scenario - first_scenario_, block.scenarios, buffer_.data());
}

void ScenarioDatasets::append(Dataset& dataset, const std::vector<LaneArray>& values, const EvaluateBlock& block) {
  const std::size_t width = width_of(dataset), liabilities = dataset.shape().back();
  require_consistent(values.size() == liabilities, "a block lacks some liability's present values");
  buffer_.resize(block.scenarios * width);
  for (std::size_t l = 0; l < liabilities; ++l) {
    check_rows(values[l], width / liabilities, block, dataset);
    transpose(values[l], block.scenarios, buffer_.data() + l, liabilities, width);
  }
  dataset.write_rows(block.first_scenario - first_scenario_, block.scenarios, buffer_.data());
}

void ScenarioDatasets::append(const EvaluateBlock& block) {
  const std::uint64_t row = block.first_scenario - first_scenario_;
  require_consistent(!in_order_ || row == appended_, "blocks are not appended in order");
  require_consistent(row + block.scenarios <= scenarios_, "more scenarios than in the layout");
  for (Filled& one : all_) {
    if (one.values) {
      append(one.dataset, block.*one.values, block);
    } else {
      append(one.dataset, block.pv_by_liability, block);
    }
  }
  if (in_order_) appended_ += block.scenarios;
}

void ScenarioDatasets::append_file(const hdf5::File& other) {
  constexpr std::uint64_t step = 16 * kBlockScenarios;
  std::uint64_t rows = 0;
  for (Filled& one : all_) {
    Dataset from = other.open_dataset(one.dataset.name());
    std::vector<std::uint64_t> shape = from.shape(), here = one.dataset.shape();
    rows = shape.at(0);
    require_consistent(
        appended_ + rows <= here[0] && std::equal(shape.begin() + 1, shape.end(), here.begin() + 1, here.end()),
        "a file with other dimensions is appended");
    for (std::uint64_t first = 0; first < rows; first += step) {
      std::uint64_t count = std::min(step, rows - first);
      std::vector<double> values = from.read_rows(first, count);
      one.dataset.write_rows(appended_ + first, count, values.data());
    }
  }
  appended_ += rows;
}

void create_optimise_set(hdf5::File& file, const ResultsLayout& layout, const ResultsScales& scales,
                         bool with_liability, bool with_probability) {
  require_consistent(layout.optimise_scenarios > 0 && scales.asset, "an optimise set that the layout lacks");
  hdf5::Group group = file.create_group("optimise");
  Dataset scale = create_scale(group, {"scenario_optimise", "scenario that the weights were fitted to", ""},
                               layout.optimise_scenarios);
  auto make = [&](const DatasetDescription& description, const std::vector<const Dataset*>& axes) {
    create_labelled(group, description, type_of(layout), axes, chunked(layout));
  };
  make({"asset_return", "simple buy-and-hold return over the risk horizon", units::fraction}, {&scale, &*scales.asset});
  if (with_liability) {
    make({"liability", "liabilities at the risk horizon with payments until then", units::initial_assets}, {&scale});
  }
  if (with_probability) make({"probability", "probability of the scenario", units::fraction}, {&scale});
}

void write_optimise_set(hdf5::File& file, const ResultsLayout& layout, const OptimiseSet& set) {
  require_consistent(set.first + set.scenarios <= layout.optimise_scenarios, "optimise set of another size");
  require_consistent(set.assets == layout.asset_names.size(), "optimise set with other assets");
  require_consistent(set.liability.empty() || set.liability.size() == set.scenarios,
                     "optimise set with too few liabilities");
  require_consistent(set.probability.empty() || set.probability.size() == set.scenarios,
                     "optimise set with too few probabilities");
  auto write = [&](const char* name, const double* values, std::size_t width) {
    Dataset dataset = file.open_dataset(std::string("optimise/") + name);
    constexpr std::uint64_t step = 64 * kBlockScenarios;
    for (std::uint64_t first = 0; first < set.scenarios; first += step) {
      const std::uint64_t count = std::min(step, set.scenarios - first);
      dataset.write_rows(set.first + first, count, values + first * width);
      if (set.done_with) set.done_with(first, count);
    }
  };
  write("asset_return", set.asset_return, set.assets);
  if (!set.liability.empty()) write("liability", set.liability.data(), 1);
  if (!set.probability.empty()) write("probability", set.probability.data(), 1);
}

}  // namespace ballast

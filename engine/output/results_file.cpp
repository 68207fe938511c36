#include "engine/output/results_file.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/output/partial_file.h"
#include "engine/output/result_tables.h"
#include "engine/output/results_datasets.h"
#include "engine/output/results_provenance.h"

namespace ballast {
namespace {

using hdf5::Dataset;
using hdf5::Type;

void expect(bool condition, const char* rule) {
  if (!condition) throw std::logic_error(fmt::format("results.h5: {}", rule));
}

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

}  // namespace

struct ResultsFile::Impl {
  Impl(const std::string& path, const ResultsLayout& layout_)
      : partial(path), layout(layout_), file(hdf5::File::create(partial.partial_path())) {}
  Impl(PartialFile kept, const ResultsLayout& layout_)
      : partial(std::move(kept)), layout(layout_), file(hdf5::File::open_for_update(partial.partial_path())) {}

  void open_all();

  void create_scales();
  void create_scenario_datasets();
  Dataset create(hdf5::Group& group, const DatasetDescription& description, std::vector<const Dataset*> further_scales);
  std::uint64_t row_of(std::uint64_t number) const { return number - layout.first_scenario; }
  void append(std::optional<Dataset>& dataset, const LaneArray& values, const EvaluateBlock& block);
  std::vector<Dataset*> over_scenarios();
  void close_complete();
  void reserve();
  void append_by_liability(const EvaluateBlock& block);
  void write_quantiles(hdf5::Group& group, const std::vector<ProjectionRow>& rows, bool with_liabilities);
  void write_weights(const Results& results);
  void write_liabilities(const Results& results);
  void write_stress(const Results& results);
  void write_frontier(const Results& results);
  void write_policy(const Results& results);
  void write_contributions(const Results& results);
  void write_optimise(const OptimiseSet& set);

  // Destroyed from below: the HDF5 file is closed before the partial file is removed.
  PartialFile partial;
  ResultsLayout layout;
  hdf5::File file;
  std::optional<Dataset> scenario, time, asset, tenor, quantile, key_rate, liability;  // scales
  std::optional<Dataset> asset_return, liability_pv, liability_duration, assets_value, surplus, funding_ratio;
  std::optional<Dataset> view_tenor, horizon_zero_rate;
  std::optional<Dataset> horizon_liability, current_assets_value, current_surplus, current_funding_ratio;
  std::optional<Dataset> short_rate, ten_year_rate;
  std::optional<Dataset> zero_rate, liability_convexity, liability_modified_duration, liability_inflation_duration;
  std::optional<Dataset> liability_key_rate_duration, pv_by_liability;
  std::optional<hdf5::Group> current;
  std::uint64_t appended = 0;
  std::vector<double> buffer;
};

void ResultsFile::Impl::create_scales() {
  if (layout.scenarios > 0) {
    scenario = create_scale(file, {"scenario", "fresh scenario, the evaluation set", ""}, layout.scenarios,
                            layout.first_scenario);
  }
  auto numbers = [&](std::optional<Dataset>& scale, const DatasetDescription& description,
                     const std::vector<double>& values) {
    if (!values.empty()) scale = create_scale(file, description, values);
  };
  auto texts = [&](std::optional<Dataset>& scale, const DatasetDescription& description,
                   const std::vector<std::string>& values) {
    if (!values.empty()) scale = create_scale(file, description, values);
  };
  numbers(time, {"time", "time from the valuation date", units::years}, layout.times);
  texts(asset, {"asset", "asset", ""}, layout.asset_names);
  numbers(tenor, {"tenor", "time to maturity", units::years}, layout.curve_tenors);
  numbers(quantile, {"quantile", "share of scenarios at or below", units::fraction}, layout.quantile_levels);
  numbers(key_rate, {"key_rate", "node of the key-rate shifts", units::years}, layout.key_rate_tenors);
  texts(liability, {"liability", "liability", ""}, layout.liability_names);
  numbers(view_tenor, {"view_tenor", "tenor of a zero rate that a view is on", units::years}, layout.view_tenors);
}

Dataset ResultsFile::Impl::create(hdf5::Group& group, const DatasetDescription& description,
                                  std::vector<const Dataset*> further_scales) {
  further_scales.insert(further_scales.begin(), &*scenario);
  Type type = layout.float32 ? Type::float32 : Type::float64;
  if (!layout.parts.empty()) return create_virtual_labelled(group, description, type, further_scales, layout.parts);
  return create_labelled(group, description, type, further_scales,
                         {.chunk_rows = kChunkScenarios, .deflate = layout.compression, .fully_written = true});
}

/// Those that a run of this layout has, in order of creation.
std::vector<Dataset*> ResultsFile::Impl::over_scenarios() {
  std::vector<Dataset*> all;
  for (std::optional<Dataset>* dataset :
       {&asset_return, &horizon_zero_rate, &horizon_liability, &liability_pv, &liability_duration, &assets_value,
        &surplus, &funding_ratio, &current_assets_value, &current_surplus, &current_funding_ratio, &short_rate,
        &ten_year_rate, &zero_rate, &liability_convexity, &liability_modified_duration, &liability_inflation_duration,
        &liability_key_rate_duration, &pv_by_liability}) {
    if (*dataset) all.push_back(&**dataset);
  }
  return all;
}

void ResultsFile::Impl::create_scenario_datasets() {
  if (!scenario) return;
  if (layout.asset_return && asset) {
    asset_return =
        create(file, {"asset_return", "simple buy-and-hold return over the risk horizon", units::fraction}, {&*asset});
  }
  if (view_tenor) {
    horizon_zero_rate =
        create(file, {"horizon_zero_rate", "zero rate at the risk horizon", units::rate}, {&*view_tenor});
  }
  if (layout.horizon_liability) {
    horizon_liability = create(
        file, {"horizon_liability", "liabilities at the risk horizon with payments until then", units::initial_assets},
        {});
  }
  if (!time) return;
  auto over_time = [&](hdf5::Group& group, const char* name, const char* long_name, const char* unit) {
    return create(group, {name, long_name, unit}, {&*time});
  };
  if (layout.liabilities) {
    liability_pv = over_time(file, "liability_pv", "present value of the liabilities still due", units::currency);
    liability_duration = over_time(file, "liability_duration", "Macaulay duration of the liabilities", units::years);
  }
  const char* long_names[] = {"value of the assets after payments",
                              "assets less liabilities, less accumulated shortfall", "assets over liabilities"};
  if (layout.balance) {
    assets_value = over_time(file, "assets_value", long_names[0], units::currency);
    surplus = over_time(file, "surplus", long_names[1], units::currency);
    funding_ratio = over_time(file, "funding_ratio", long_names[2], units::fraction);
  }
  if (layout.current_balance) {
    current = file.create_group("current");
    current_assets_value = over_time(*current, "assets_value", long_names[0], units::currency);
    current_surplus = over_time(*current, "surplus", long_names[1], units::currency);
    current_funding_ratio = over_time(*current, "funding_ratio", long_names[2], units::fraction);
  }
  if (layout.rates) {
    short_rate = over_time(file, "short_rate", "zero rate of one step", units::rate);
    ten_year_rate = over_time(file, "ten_year_rate", "zero rate of ten years", units::rate);
  }
  if (layout.zero_rate && tenor) {
    zero_rate = create(file, {"zero_rate", "zero rate", units::rate}, {&*time, &*tenor});
  }
  if (layout.liability_measures) {
    liability_convexity = over_time(file, "liability_convexity", "convexity of the liabilities", units::years_squared);
    liability_modified_duration =
        over_time(file, "liability_modified_duration", "modified duration of the liabilities", units::years);
    if (layout.inflation) {
      liability_inflation_duration = over_time(file, "liability_inflation_duration",
                                               "sensitivity of the liabilities to expected inflation", units::years);
    }
    if (key_rate) {
      liability_key_rate_duration =
          create(file, {"liability_key_rate_duration", "key-rate durations of the liabilities", units::years},
                 {&*time, &*key_rate});
    }
    if (liability) {
      pv_by_liability =
          create(file, {"pv_by_liability", "present value of each liability", units::currency}, {&*time, &*liability});
    }
  }
}

void ResultsFile::Impl::append(std::optional<Dataset>& dataset, const LaneArray& values, const EvaluateBlock& block) {
  if (!dataset) return;
  std::size_t rows = 1;
  std::vector<std::uint64_t> shape = dataset->shape();
  for (std::size_t k = 1; k < shape.size(); ++k) rows *= shape[k];
  if (values.rows() != rows || values.lanes() < block.scenarios) {
    throw std::logic_error(fmt::format("results.h5: block with {} rows of {} lanes for {}, which has {} and {}",
                                       values.rows(), values.lanes(), dataset->name(), rows, block.scenarios));
  }
  buffer.resize(block.scenarios * rows);
  transpose(values, block.scenarios, buffer.data(), 1, rows);
  dataset->write_rows(row_of(block.first_scenario), block.scenarios, buffer.data());
}

void ResultsFile::Impl::append_by_liability(const EvaluateBlock& block) {
  if (!pv_by_liability) return;
  const std::size_t times = layout.times.size(), liabilities = layout.liability_names.size();
  expect(block.pv_by_liability.size() == liabilities, "a block lacks some liability's present values");
  buffer.resize(block.scenarios * times * liabilities);
  for (std::size_t l = 0; l < liabilities; ++l) {
    const LaneArray& values = block.pv_by_liability[l];
    expect(values.rows() == times && values.lanes() >= block.scenarios,
           "a liability's present values have other times");
    transpose(values, block.scenarios, buffer.data() + l, liabilities, times * liabilities);
  }
  pv_by_liability->write_rows(row_of(block.first_scenario), block.scenarios, buffer.data());
}

void ResultsFile::Impl::write_optimise(const OptimiseSet& set) {
  hdf5::Group group = file.create_group("optimise");
  Dataset scale =
      create_scale(group, {"scenario_optimise", "scenario that the weights were fitted to", ""}, set.scenarios);
  Type type = layout.float32 ? Type::float32 : Type::float64;
  auto write = [&](const DatasetDescription& description, const std::vector<const Dataset*>& scales,
                   const double* values, std::size_t width) {
    Dataset dataset =
        create_labelled(group, description, type, scales,
                        {.chunk_rows = kChunkScenarios, .deflate = layout.compression, .fully_written = true});
    constexpr std::uint64_t step = 64 * kBlockScenarios;
    for (std::uint64_t first = 0; first < set.scenarios; first += step) {
      const std::uint64_t count = std::min(step, set.scenarios - first);
      dataset.write_rows(first, count, values + first * width);
      if (set.done_with) set.done_with(first, count);
    }
  };
  write({"asset_return", "simple buy-and-hold return over the risk horizon", units::fraction}, {&scale, &*asset},
        set.asset_return, set.assets);
  if (!set.liability.empty()) {
    write({"liability", "liabilities at the risk horizon with payments until then", units::initial_assets}, {&scale},
          set.liability.data(), 1);
  }
  if (!set.probability.empty()) {
    write({"probability", "probability of the scenario", units::fraction}, {&scale}, set.probability.data(), 1);
  }
}

void ResultsFile::Impl::write_quantiles(hdf5::Group& group, const std::vector<ProjectionRow>& rows,
                                        bool with_liabilities) {
  if (!time || !quantile || rows.empty()) return;
  expect(rows.size() == layout.times.size(), "the projection has other times than the layout");
  auto write = [&](const DatasetDescription& description, Distribution ProjectionRow::*quantity) {
    std::vector<double> values;
    for (const ProjectionRow& row : rows) {
      const std::vector<double>& levels = (row.*quantity).quantiles;
      expect(levels.size() == layout.quantile_levels.size(), "a distribution has other quantiles than the layout");
      values.insert(values.end(), levels.begin(), levels.end());
    }
    create_labelled(group, description, Type::float64, {&*time, &*quantile}).write(values);
  };
  if (layout.liabilities && with_liabilities) {
    write({"liability_pv_quantile", "quantiles of liability_pv", units::currency}, &ProjectionRow::liability_pv);
    write({"liability_duration_quantile", "quantiles of liability_duration", units::years},
          &ProjectionRow::liability_duration);
  }
  if (layout.balance) {
    write({"assets_value_quantile", "quantiles of assets_value", units::currency}, &ProjectionRow::assets);
    write({"surplus_quantile", "quantiles of surplus", units::currency}, &ProjectionRow::surplus);
    write({"funding_ratio_quantile", "quantiles of funding_ratio", units::fraction}, &ProjectionRow::funding_ratio);
  }
}

void ResultsFile::Impl::write_weights(const Results& results) {
  auto write = [&](const DatasetDescription& description, const std::optional<PortfolioResult>& portfolio) {
    if (!asset || !portfolio) return;
    expect(portfolio->weights.size() == layout.asset_names.size(), "a portfolio has other assets than the layout");
    create_labelled(file, description, Type::float64, {&*asset}).write(portfolio->weights);
  };
  write({"weights", "optimal weights", units::fraction}, results.portfolio);
  write({"weights_current", "current weights", units::fraction}, results.current);
}

void ResultsFile::Impl::write_liabilities(const Results& results) {
  if (!results.liability) return;
  std::vector<LiabilityResult> all = results.liabilities;
  all.push_back(*results.liability);
  all.back().name = "total";
  hdf5::Group group = file.create_group("liabilities");
  std::vector<std::string> names;
  for (const LiabilityResult& one : all) names.push_back(one.name);
  Dataset scale = create_scale(group, {"liability", "liability, the total last", ""}, names);
  auto write = [&](const DatasetDescription& description, double LiabilityResult::*quantity) {
    std::vector<double> values;
    for (const LiabilityResult& one : all) values.push_back(one.*quantity);
    create_labelled(group, description, Type::float64, {&scale}).write(values);
  };
  write({"pv", "present value at the valuation date", units::currency}, &LiabilityResult::pv);
  write({"macaulay_duration", "Macaulay duration", units::years}, &LiabilityResult::macaulay_duration);
  write({"modified_duration", "modified duration", units::years}, &LiabilityResult::modified_duration);
  write({"convexity", "convexity", units::years_squared}, &LiabilityResult::convexity);
  write({"effective_duration", "effective duration", units::years}, &LiabilityResult::effective_duration);
  write({"dv01", "gain in value when rates fall by a basis point", units::currency}, &LiabilityResult::dv01);
  write({"inflation_duration", "sensitivity to expected inflation", units::years},
        &LiabilityResult::inflation_duration);
  if (key_rate) {
    std::vector<double> values;
    for (const LiabilityResult& one : all) {
      expect(one.key_rate_durations.size() == layout.key_rate_tenors.size(), "a liability has other key rates");
      values.insert(values.end(), one.key_rate_durations.begin(), one.key_rate_durations.end());
    }
    create_labelled(group, {"key_rate_duration", "key-rate durations", units::years}, Type::float64,
                    {&scale, &*key_rate})
        .write(values);
  }
  if (!results.instrument_tenors.empty() && !all.back().instrument_changes.empty()) {
    Dataset instrument =
        create_scale(group, {"instrument_tenor", "tenors of the quotes that the curve is made of", units::years},
                     results.instrument_tenors);
    std::vector<double> values;
    for (const LiabilityResult& one : all) {
      expect(one.instrument_changes.size() == results.instrument_tenors.size(), "a liability has other instruments");
      values.insert(values.end(), one.instrument_changes.begin(), one.instrument_changes.end());
    }
    create_labelled(group,
                    {"instrument_sensitivity", "change in value when a quote rises by a basis point", units::currency},
                    Type::float64, {&scale, &instrument})
        .write(values);
  }
  if (!all.back().flow_times.empty()) {
    Dataset flow_time =
        create_scale(group, {"flow_time", "time of payment of all liabilities", units::years}, all.back().flow_times);
    create_labelled(group, {"flow_amount", "payments of all liabilities", units::currency}, Type::float64, {&flow_time})
        .write(all.back().flow_amounts);
  }
}

// Rows come stress by stress, each with the same portfolios in the same order.
void ResultsFile::Impl::write_stress(const Results& results) {
  const std::vector<StressRow>& rows = results.stress;
  if (rows.empty() || !asset) return;
  std::vector<std::string> stresses, portfolios;
  for (const StressRow& row : rows) {
    if (stresses.empty() || stresses.back() != row.name) stresses.push_back(row.name);
    if (row.name == rows[0].name) portfolios.push_back(row.portfolio);
  }
  expect(rows.size() == stresses.size() * portfolios.size(), "a stress lacks a portfolio");
  hdf5::Group group = file.create_group("stress");
  Dataset stress = create_scale(group, {"stress", "stress, the unstressed balance sheet first", ""}, stresses);
  Dataset portfolio = create_scale(group, {"portfolio", "portfolio", ""}, portfolios);
  auto write = [&](const DatasetDescription& description, double StressRow::*quantity) {
    std::vector<double> values;
    for (const StressRow& row : rows) values.push_back(row.*quantity);
    create_labelled(group, description, Type::float64, {&stress, &portfolio}).write(values);
  };
  write({"assets_value", "value of the assets", units::currency}, &StressRow::assets);
  write({"liability_pv", "present value of the liabilities", units::currency}, &StressRow::liability_pv);
  write({"liability_duration", "Macaulay duration of the liabilities", units::years}, &StressRow::liability_duration);
  write({"surplus", "assets less liabilities", units::currency}, &StressRow::surplus);
  write({"funding_ratio", "assets over liabilities", units::fraction}, &StressRow::funding_ratio);
  auto write_shocks = [&](const DatasetDescription& description, std::vector<double> StressRow::*shocks,
                          const Dataset& scale) {
    std::vector<double> values;
    for (std::size_t k = 0; k < rows.size(); k += portfolios.size()) {
      values.insert(values.end(), (rows[k].*shocks).begin(), (rows[k].*shocks).end());
    }
    create_labelled(group, description, Type::float64, {&stress, &scale}).write(values);
  };
  write_shocks({"asset_change", "sudden return of each asset", units::fraction}, &StressRow::asset_shocks, *asset);
  if (!results.curve_tenors.empty()) {
    Dataset curve_tenor =
        create_scale(group, {"curve_tenor", "tenor of the initial curve", units::years}, results.curve_tenors);
    write_shocks({"rate_change", "change of the zero rate", units::rate}, &StressRow::rate_shocks, curve_tenor);
  }
}

void ResultsFile::Impl::write_frontier(const Results& results) {
  if (results.frontier.empty() || !asset) return;
  hdf5::Group group = file.create_group("frontier");
  Dataset point = create_scale(group, {"point", "point of the frontier, from the least CVaR", ""},
                               std::uint64_t(results.frontier.size()));
  auto write = [&](const DatasetDescription& description, auto&& value_of) {
    std::vector<double> values;
    for (const FrontierPoint& at : results.frontier) values.push_back(value_of(at));
    create_labelled(group, description, Type::float64, {&point}).write(values);
  };
  write({"expected_return", "expected return over the horizon, in sample", units::fraction},
        [](const FrontierPoint& at) { return at.expected_return; });
  write({"cvar", "CVaR of the loss, in sample", units::initial_assets},
        [](const FrontierPoint& at) { return at.value; });
  write({"cvar_lower_bound", "proven lower bound of cvar", units::initial_assets},
        [](const FrontierPoint& at) { return at.lower_bound.value_or(std::numeric_limits<double>::quiet_NaN()); });
  write({"cvar_fresh", "CVaR of the loss on fresh scenarios", units::initial_assets},
        [](const FrontierPoint& at) { return at.fresh.value; });
  write({"cvar_fresh_standard_error", "standard error of cvar_fresh", units::initial_assets},
        [](const FrontierPoint& at) { return at.fresh.standard_error; });
  if (results.frontier[0].band) {
    write({"expected_return_low", "5% quantile over resamples", units::fraction},
          [](const FrontierPoint& at) { return at.band->return_low; });
    write({"expected_return_high", "95% quantile over resamples", units::fraction},
          [](const FrontierPoint& at) { return at.band->return_high; });
    write({"cvar_low", "5% quantile over resamples", units::initial_assets},
          [](const FrontierPoint& at) { return at.band->cvar_low; });
    write({"cvar_high", "95% quantile over resamples", units::initial_assets},
          [](const FrontierPoint& at) { return at.band->cvar_high; });
  }
  std::vector<double> weights;
  for (const FrontierPoint& at : results.frontier) weights.insert(weights.end(), at.weights.begin(), at.weights.end());
  create_labelled(group, {"weights", "weights", units::fraction}, Type::float64, {&point, &*asset}).write(weights);
}

void ResultsFile::Impl::write_policy(const Results& results) {
  if (!results.policy || !asset) return;
  const PolicyResult& policy = *results.policy;
  hdf5::Group group = file.create_group("policy");
  Dataset from = create_scale(group, {"from", "when each period's weights begin", units::years}, policy.from_years);
  std::vector<double> weights;
  for (const auto& of_period : policy.weights) weights.insert(weights.end(), of_period.begin(), of_period.end());
  create_labelled(group, {"weights", "weights from then on", units::fraction}, Type::float64, {&from, &*asset})
      .write(weights);
  write_quantiles(group, policy.projection, false);
}

/// Reduced costs, and contributions by loss and portfolio: `return` first, each with the same portfolios.
void ResultsFile::Impl::write_contributions(const Results& results) {
  if (!asset) return;
  if (results.optimizer && !results.optimizer->reduced_costs.empty()) {
    create_labelled(file, {"reduced_cost", "rise of the optimum a unit of weight held beyond it", ""}, Type::float64,
                    {&*asset})
        .write(results.optimizer->reduced_costs);
  }
  const std::vector<ContributionRow>& rows = results.contributions;
  if (rows.empty()) return;
  hdf5::Group group = file.create_group("contributions");
  std::vector<std::string> names;
  std::vector<double> value, error, rest;
  for (const ContributionRow& row : rows) {
    names.push_back(row.portfolio + " " + row.of);
    for (const Estimate& one : row.asset) {
      value.push_back(one.value);
      error.push_back(one.standard_error);
    }
    rest.push_back(row.rest.value);
  }
  Dataset row = create_scale(group, {"portfolio_loss", "portfolio and its loss", ""}, names);
  create_labelled(group, {"cvar", "what each asset adds to CVaR", units::initial_assets}, Type::float64,
                  {&row, &*asset})
      .write(value);
  create_labelled(group, {"cvar_standard_error", "standard error of cvar", units::initial_assets}, Type::float64,
                  {&row, &*asset})
      .write(error);
  create_labelled(group, {"cvar_rest", "what the liabilities add to CVaR", units::initial_assets}, Type::float64,
                  {&row})
      .write(rest);
}

ResultsFile::ResultsFile(const std::string& path, const ResultsLayout& layout)
    : impl_(std::make_unique<Impl>(path, layout)) {
  write_identity(impl_->file);
  impl_->create_scales();
  impl_->create_scenario_datasets();
  impl_->reserve();
}

ResultsFile::ResultsFile(const std::string& path, const ResultsLayout& layout, const std::string& partial_path,
                         std::uint64_t appended)
    : impl_(std::make_unique<Impl>(PartialFile::adopt(path, partial_path), layout)) {
  impl_->open_all();
  impl_->appended = appended;
}

ResultsFile::~ResultsFile() = default;

void ResultsFile::Impl::open_all() {
  auto open = [&](std::optional<Dataset>& dataset, const char* name) {
    dataset.reset();
    if (file.contains(name)) dataset = file.open_dataset(name);
  };
  open(scenario, "scenario");
  open(time, "time");
  open(asset, "asset");
  open(tenor, "tenor");
  open(quantile, "quantile");
  open(key_rate, "key_rate");
  open(liability, "liability");
  open(asset_return, "asset_return");
  open(view_tenor, "view_tenor");
  open(horizon_zero_rate, "horizon_zero_rate");
  open(horizon_liability, "horizon_liability");
  open(liability_pv, "liability_pv");
  open(liability_duration, "liability_duration");
  open(assets_value, "assets_value");
  open(surplus, "surplus");
  open(funding_ratio, "funding_ratio");
  open(short_rate, "short_rate");
  open(ten_year_rate, "ten_year_rate");
  open(zero_rate, "zero_rate");
  open(liability_convexity, "liability_convexity");
  open(liability_modified_duration, "liability_modified_duration");
  open(liability_inflation_duration, "liability_inflation_duration");
  open(liability_key_rate_duration, "liability_key_rate_duration");
  open(pv_by_liability, "pv_by_liability");
  current.reset();
  if (file.contains("current")) {
    current = file.open_group("current");
    open(current_assets_value, "current/assets_value");
    open(current_surplus, "current/surplus");
    open(current_funding_ratio, "current/funding_ratio");
  }
}

std::uint64_t ResultsFile::appended() const { return impl_->appended; }

std::string ResultsFile::keep_partial() {
  impl_->file.flush();
  impl_->partial.keep();
  return impl_->partial.partial_path();
}

void ResultsFile::continue_in_a_copy() {
  impl_->file.close();
  PartialFile copy(impl_->partial.final_path());
  copy.copy_from(impl_->partial);
  auto next = std::make_unique<Impl>(std::move(copy), impl_->layout);
  next->open_all();
  next->appended = impl_->appended;
  impl_ = std::move(next);
}

void ResultsFile::write_optimise(const OptimiseSet& set) {
  const ResultsLayout& layout = impl_->layout;
  expect(set.scenarios > 0 && set.scenarios == layout.optimise_scenarios, "optimise set of another size");
  expect(set.assets == layout.asset_names.size() && impl_->asset, "optimise set with other assets");
  expect(set.liability.empty() || set.liability.size() == set.scenarios, "optimise set with too few liabilities");
  expect(set.probability.empty() || set.probability.size() == set.scenarios, "optimise set with too few probabilities");
  impl_->write_optimise(set);
}

void ResultsFile::write_probability(const std::vector<double>& probability) {
  expect(probability.size() == impl_->layout.scenarios, "probabilities of other scenarios");
  create_labelled(impl_->file, {"probability", "probability of the scenario", units::fraction}, Type::float64,
                  {&*impl_->scenario})
      .write(probability);
}

/// What will not fit on the disk is said before anything is computed: datasets over scenarios have their place by now.
void ResultsFile::Impl::reserve() {
  file.flush();
  partial.reserve();
}

void ResultsFile::append(const EvaluateBlock& block) {
  expect(block.first_scenario == impl_->layout.first_scenario + impl_->appended, "blocks are not appended in order");
  expect(impl_->appended + block.scenarios <= impl_->layout.scenarios, "more scenarios than in the layout");
  impl_->append(impl_->asset_return, block.asset_return, block);
  impl_->append(impl_->horizon_zero_rate, block.horizon_zero_rate, block);
  impl_->append(impl_->horizon_liability, block.horizon_liability, block);
  impl_->append(impl_->liability_pv, block.liability_pv, block);
  impl_->append(impl_->liability_duration, block.liability_duration, block);
  impl_->append(impl_->assets_value, block.assets_value, block);
  impl_->append(impl_->surplus, block.surplus, block);
  impl_->append(impl_->funding_ratio, block.funding_ratio, block);
  impl_->append(impl_->current_assets_value, block.current_assets_value, block);
  impl_->append(impl_->current_surplus, block.current_surplus, block);
  impl_->append(impl_->current_funding_ratio, block.current_funding_ratio, block);
  impl_->append(impl_->short_rate, block.short_rate, block);
  impl_->append(impl_->ten_year_rate, block.ten_year_rate, block);
  impl_->append(impl_->zero_rate, block.zero_rate, block);
  impl_->append(impl_->liability_convexity, block.liability_convexity, block);
  impl_->append(impl_->liability_modified_duration, block.liability_modified_duration, block);
  impl_->append(impl_->liability_inflation_duration, block.liability_inflation_duration, block);
  impl_->append(impl_->liability_key_rate_duration, block.liability_key_rate_duration, block);
  impl_->append_by_liability(block);
  impl_->appended += block.scenarios;
}

void ResultsFile::append_file(const hdf5::File& other) {
  if (!impl_->layout.parts.empty()) return;
  constexpr std::uint64_t step = 16 * kBlockScenarios;
  std::uint64_t rows = 0;
  for (Dataset* dataset : impl_->over_scenarios()) {
    Dataset from = other.open_dataset(dataset->name());
    std::vector<std::uint64_t> shape = from.shape(), here = dataset->shape();
    rows = shape.at(0);
    expect(
        impl_->appended + rows <= here[0] && std::equal(shape.begin() + 1, shape.end(), here.begin() + 1, here.end()),
        "a file with other dimensions is appended");
    for (std::uint64_t first = 0; first < rows; first += step) {
      std::uint64_t count = std::min(step, rows - first);
      std::vector<double> values = from.read_rows(first, count);
      dataset->write_rows(impl_->appended + first, count, values.data());
    }
  }
  impl_->appended += rows;
}

bool ResultsFile::holds(const std::string& dataset) const { return impl_->file.contains(dataset); }
hdf5::Dataset ResultsFile::dataset(const std::string& name) const { return impl_->file.open_dataset(name); }
std::uint64_t ResultsFile::scenarios() const { return impl_->layout.scenarios; }

// In this order, so that a file that says it is complete is.
void ResultsFile::Impl::close_complete() {
  file.flush();
  file.set_attribute("complete", std::int64_t(1));
  file.close();
}

void ResultsFile::complete_shard(const Results& results, const ShardIdentity& shard) {
  expect(impl_->appended == impl_->layout.scenarios, "finished before all scenarios were appended");
  impl_->write_weights(results);
  write_shard(impl_->file, shard);
  write_provenance(impl_->file, results);
  impl_->close_complete();
}

void ResultsFile::complete(const Results& results) {
  expect(impl_->appended == impl_->layout.scenarios || !impl_->layout.parts.empty(),
         "finished before all scenarios were appended");
  impl_->write_weights(results);
  bool optimal = results.portfolio.has_value();
  impl_->write_quantiles(impl_->file, optimal ? results.projection : results.projection_current, true);
  if (impl_->current) impl_->write_quantiles(*impl_->current, results.projection_current, false);
  impl_->write_liabilities(results);
  impl_->write_stress(results);
  impl_->write_frontier(results);
  impl_->write_policy(results);
  write_tables(impl_->file, result_tables(results));
  impl_->write_contributions(results);
  write_provenance(impl_->file, results);
  write_summary(impl_->file, results);
  impl_->close_complete();
}

const std::string& ResultsFile::partial_path() const { return impl_->partial.partial_path(); }

void ResultsFile::commit() { impl_->partial.commit(); }

void ResultsFile::finish(const Results& results) {
  complete(results);
  commit();
}

}  // namespace ballast

#include "engine/output/results_file.h"

#include <optional>
#include <utility>

#include "engine/output/partial_file.h"
#include "engine/output/result_tables.h"
#include "engine/output/results_datasets.h"
#include "engine/output/results_findings.h"
#include "engine/output/results_provenance.h"
#include "engine/output/results_scenarios.h"
#include "scenarios/base/ranks.h"

namespace ballast {

struct ResultsFile::Impl {
  /// A new file.
  Impl(const std::string& path, const ResultsLayout& layout_)
      : partial(path),
        layout(layout_),
        file(hdf5::File::create(partial.partial_path())),
        scales((write_identity(file), create_scales(file, layout))),
        scenarios(ScenarioDatasets::create(file, layout, scales)) {
    // What will not fit on the disk is said before anything is computed: datasets over scenarios have their place by
    // now.
    file.flush();
    partial.reserve();
  }
  /// One that is there, as far as it was filled.
  Impl(PartialFile kept, const ResultsLayout& layout_, std::uint64_t appended, Ranks& ranks_ = one_process())
      : partial(std::move(kept)),
        layout(layout_),
        file(hdf5::File::open_for_update(partial.partial_path(), ranks_)),
        scales(open_scales(file)),
        scenarios(ScenarioDatasets::open(file, layout, scales, appended)),
        ranks(&ranks_) {
    if (!ranks->alone()) scenarios.take_any_order();
  }

  bool all_appended() const { return scenarios.appended() == layout.scenarios; }

  // In this order, so that a file that says it is complete is.
  void close_complete() {
    file.flush();
    file.set_attribute("complete", std::int64_t(1));
    file.close();
  }

  // Destroyed from below: the HDF5 file is closed before the partial file is removed.
  PartialFile partial;
  const ResultsLayout& layout;
  hdf5::File file;
  ResultsScales scales;
  ScenarioDatasets scenarios;
  Ranks* ranks = &one_process();  ///< that have it open together
};

ResultsFile::ResultsFile(const ResultsLayout& layout) : layout_(layout) {}

ResultsFile::ResultsFile(const std::string& path, const ResultsLayout& layout)
    : layout_(layout), impl_(std::make_unique<Impl>(path, layout_)) {}

ResultsFile::ResultsFile(const std::string& path, const ResultsLayout& layout, const std::string& partial_path,
                         std::uint64_t appended)
    : layout_(layout), impl_(std::make_unique<Impl>(PartialFile::adopt(path, partial_path), layout_, appended)) {}

ResultsFile::~ResultsFile() = default;

std::uint64_t ResultsFile::appended() const { return impl_->scenarios.appended(); }

// The root makes the file alone, and closes it; then all open it together, then all close it and the root goes on
// alone: whatever changes more than numbers is as in a run of one process, and so are the file's bytes.
void ResultsFile::share(Ranks& ranks) {
  if (ranks.alone()) return;
  run_on_root(ranks, [&] { impl_->file.close(); });
  const std::string final_path = of_root(ranks, impl_ ? impl_->partial.final_path() : std::string());
  const std::string partial_path = of_root(ranks, impl_ ? impl_->partial.partial_path() : std::string());
  const std::uint64_t appended = of_root(ranks, impl_ ? impl_->scenarios.appended() : std::uint64_t(0));
  PartialFile partial = impl_ ? std::move(impl_->partial) : PartialFile::of_another(final_path, partial_path);
  impl_ = std::make_unique<Impl>(std::move(partial), layout_, appended, ranks);
}

void ResultsFile::unshare() {
  Ranks& ranks = *impl_->ranks;
  if (ranks.alone()) return;
  const std::uint64_t appended = impl_->scenarios.appended();
  impl_->file.close();
  PartialFile partial = std::move(impl_->partial);
  impl_.reset();
  if (ranks.root()) impl_ = std::make_unique<Impl>(std::move(partial), layout_, appended);
}

Ranks& ResultsFile::ranks() const { return impl_ ? *impl_->ranks : one_process(); }

void ResultsFile::advance_to(std::uint64_t scenarios) { impl_->scenarios.advance_to(scenarios); }

std::string ResultsFile::keep_partial() {
  impl_->file.flush();
  impl_->ranks->wait();
  if (impl_->ranks->root()) impl_->partial.keep();
  return impl_->partial.partial_path();
}

void ResultsFile::continue_in_a_copy() {
  const std::uint64_t appended = impl_->scenarios.appended();
  impl_->file.close();
  PartialFile copy(impl_->partial.final_path());
  copy.copy_from(impl_->partial);
  impl_ = std::make_unique<Impl>(std::move(copy), layout_, appended);
}

void ResultsFile::write_optimise(const OptimiseSet& set) {
  if (!holds("optimise")) create_optimise(!set.liability.empty(), !set.probability.empty());
  write_optimise_set(impl_->file, layout_, set);
}

void ResultsFile::create_optimise(bool with_liability, bool with_probability) {
  create_optimise_set(impl_->file, layout_, impl_->scales, with_liability, with_probability);
}

void ResultsFile::write_probability(const std::vector<double>& probability) {
  require_consistent(probability.size() == impl_->layout.scenarios, "probabilities of other scenarios");
  create_labelled(impl_->file, {"probability", "probability of the scenario", units::fraction}, hdf5::Type::float64,
                  {&*impl_->scales.scenario})
      .write(probability);
}

void ResultsFile::append(const EvaluateBlock& block) { impl_->scenarios.append(block); }

void ResultsFile::append_file(const hdf5::File& other) {
  if (impl_->layout.parts.empty()) impl_->scenarios.append_file(other);
}

bool ResultsFile::holds(const std::string& dataset) const { return impl_->file.contains(dataset); }
hdf5::Dataset ResultsFile::dataset(const std::string& name) const { return impl_->file.open_dataset(name); }
const hdf5::File& ResultsFile::content() const { return impl_->file; }
std::uint64_t ResultsFile::scenarios() const { return layout_.scenarios; }

void ResultsFile::complete_shard(const Results& results, const ShardIdentity& shard) {
  require_consistent(impl_->all_appended(), "finished before all scenarios were appended");
  write_weights(impl_->file, impl_->layout, impl_->scales, results);
  write_shard(impl_->file, shard);
  write_provenance(impl_->file, results);
  impl_->close_complete();
}

void ResultsFile::complete(const Results& results) {
  require_consistent(impl_->all_appended() || !impl_->layout.parts.empty(),
                     "finished before all scenarios were appended");
  write_findings(impl_->file, impl_->layout, impl_->scales, results);
  write_tables(impl_->file, result_tables(results));
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

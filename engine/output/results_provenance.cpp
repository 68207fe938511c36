#include "engine/output/results_provenance.h"

#include <charconv>

#include <fmt/format.h>

#include "engine/output/results_datasets.h"
#include "engine/output/results_file.h"
#include "engine/output/summary_json.h"
#include "engine/output/version.h"
#include "scenarios/base/error.h"
#include "scenarios/io/hdf5_damage.h"
#include "scenarios/io/input_files.h"

namespace ballast {
namespace {

[[noreturn]] void refuse(const std::string& path, std::string message) {
  Problem problem;
  problem.file = path;
  problem.message = std::move(message);
  throw InputError(std::move(problem));
}

void write_inputs(hdf5::File& file, const Results& results) {
  if (results.inputs.empty()) return;
  hdf5::Group group = file.create_group("inputs");
  for (std::size_t k = 0; k < results.inputs.size(); ++k) {
    const InputRecord& input = results.inputs[k];
    std::string number = std::to_string(k + 1);
    bool embedded = input.content.size() <= kLargestEmbeddedInput;
    std::string_view content = embedded ? std::string_view(input.content) : std::string_view();
    // Bytes, not text: an input may be in any encoding, or HDF5 itself, and has to come back exactly.
    hdf5::Dataset dataset = group.create_dataset("input_" + number, hdf5::Type::uint8, {content.size()});
    dataset.write(content);
    // Its own scale: h5netcdf refuses a group that holds a dimension without one.
    dataset.make_scale("input_" + number);
    dataset.set_attribute("long_name", "content of an input file, byte by byte");
    dataset.set_attribute("name", input.name);
    dataset.set_attribute("sha256", input.sha256);
    dataset.set_attribute("bytes", std::uint64_t(input.content.size()));
  }
}

void read_inputs(const hdf5::File& file, StoredStudy& study) {
  if (!file.contains("inputs")) return;
  hdf5::Group group = file.open_group("inputs");
  for (const std::string& member : group.members()) {
    hdf5::Dataset dataset = group.open_dataset(member);
    std::string name = dataset.text_attribute("name");
    std::string sha256 = dataset.text_attribute("sha256");
    std::string content = dataset.read_bytes();
    if (content.size() != dataset.uint64_attribute("bytes")) {
      study.not_embedded[name] = sha256;
      continue;
    }
    if (sha256_hex(content) != sha256) {
      refuse(file.path(), fmt::format("the embedded input '{}' does not match its SHA-256 (the file was changed or "
                                      "damaged)",
                                      name));
    }
    study.inputs[name] = std::move(content);
  }
}

int format_version(const hdf5::File& file) {
  if (!file.has_attribute("format_version") || !file.has_attribute("complete")) {
    refuse(file.path(), "is not a results file of ballast (it has no attributes format_version and complete)");
  }
  std::string text = file.text_attribute("format_version");
  int version = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), version);
  if (error != std::errc() || end != text.data() + text.size() || version < 1) {
    refuse(file.path(), fmt::format("is not a results file of ballast (its format_version is '{}')", text));
  }
  return version;
}

}  // namespace

void write_identity(hdf5::File& file) {
  file.set_attribute("Conventions", "CF-1.8");
  file.set_attribute("format_version", std::to_string(kResultsFormatVersion));
  file.set_attribute("complete", std::int64_t(0));
}

void write_provenance(hdf5::File& file, const Results& results) {
  file.set_attribute("title", fmt::format("Ballast results: {}", results.study_name));
  file.set_attribute("ballast_version", ballast_version());
  file.set_attribute("git_sha", git_sha());
  file.set_attribute("study", results.study_name);
  file.set_attribute("valuation_date", results.valuation_date);
  file.set_attribute("seed", results.seed);
  file.set_attribute("study_file", results.original_study);
  file.set_attribute("resolved_config", results.resolved_config);
  file.set_attribute("resolved_config_sha256", sha256_hex(results.resolved_config));
  if (!results.weights_sha256.empty()) file.set_attribute("weights_sha256", results.weights_sha256);
  write_inputs(file, results);
}

void write_summary(hdf5::File& file, const Results& results) {
  file.set_attribute("summary", reproducible_summary_json(results));
}

hdf5::File open_results(const std::string& path) {
  hdf5::refuse_damaged(path);
  hdf5::File file = hdf5::File::open(path);
  int version = format_version(file);
  if (version > kResultsFormatVersion) {
    refuse(path, fmt::format("has results format {} (this program, version {}, reads up to {}); use a newer ballast",
                             version, ballast_version(), kResultsFormatVersion));
  }
  if (file.int64_attribute("complete") != 1) {
    refuse(path, "is incomplete (the run that wrote it did not finish); run the study again");
  }
  return file;
}

StoredStudy read_results_for_replay(const std::string& path) {
  hdf5::File file = open_results(path);
  StoredStudy study;
  study.format_version = format_version(file);
  study.ballast_version = file.text_attribute("ballast_version");
  study.git_sha = file.text_attribute("git_sha");
  study.study_file = file.text_attribute("study_file");
  if (file.has_attribute("weights_sha256")) study.weights_sha256 = file.text_attribute("weights_sha256");
  study.resolved_config = file.text_attribute("resolved_config");
  if (sha256_hex(study.resolved_config) != file.text_attribute("resolved_config_sha256")) {
    refuse(path, "its resolved_config does not match its SHA-256 (the file was changed or damaged)");
  }
  read_inputs(file, study);
  return study;
}

}  // namespace ballast

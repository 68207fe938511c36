#pragma once

#include <map>
#include <string>

#include "engine/output/results.h"
#include "scenarios/io/hdf5.h"

namespace ballast {

/// Marks a new file as an incomplete results file of this format.
void write_identity(hdf5::File& file);

/// Writes where results come from: the root's attributes, and the input files in group /inputs.
void write_provenance(hdf5::File& file, const Results& results);

/// Writes summary.json's reproducible part as an attribute of the root.
void write_summary(hdf5::File& file, const Results& results);

/// What a results file holds for computing it again.
struct StoredStudy {
  std::string study_file;                           ///< as the user wrote it
  std::string resolved_config;                      ///< YAML; all that the run used, including command-line overrides
  std::map<std::string, std::string> inputs;        ///< content by the name that the study uses
  std::map<std::string, std::string> not_embedded;  ///< SHA-256 by name, of inputs that were too large
  std::string weights_sha256;                       ///< of the file of weights; empty without
  int format_version = 0;
  std::string ballast_version, git_sha;  ///< of the program that wrote the file
};

/// Opens a complete results file. Throws InputError: 66 when there is no such file; 65 when it is no HDF5 file,
/// truncated, no results file, incomplete, or of a newer format.
hdf5::File open_results(const std::string& path);

/// Reads a results file for replay. Throws as open_results does, and InputError (65) when the configuration or an input
/// does not match its SHA-256.
StoredStudy read_results_for_replay(const std::string& path);

}  // namespace ballast

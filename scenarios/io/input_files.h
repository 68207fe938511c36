#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "scenarios/base/describe.h"

namespace ballast {

/// The files that a study reads: from disk, or, for replay, from copies embedded in a results file. Remembers what was
/// read, with its SHA-256.
class InputFiles {
 public:
  struct File {
    std::string name;  ///< as the study writes it
    std::string path;  ///< on disk; empty when embedded
    std::string content;
    std::string sha256;  ///< lower-case hexadecimal
  };

  /// Relative names are looked up in `base_directory` (the study file's folder).
  explicit InputFiles(std::string base_directory);
  /// Serves these copies; any other file comes from `base_directory`, and is an InputError (missing input) without one.
  /// sha256: by name, of files from there that must be the ones they were; another one is an InputError.
  static InputFiles embedded(std::map<std::string, std::string> content_by_name, std::string base_directory = "",
                             std::map<std::string, std::string> sha256 = {});

  /// The whole file, at an address that stays valid as long as this object (also when it is moved). Throws InputError
  /// with ExitCode::missing_input (66) when it cannot be read.
  const File& read(const InputPath& name);

  /// All files read so far, in the order of their names.
  std::vector<const File*> all() const;

 private:
  std::string base_directory_;
  bool only_embedded_ = false;
  std::map<std::string, std::string> embedded_;  ///< not yet read
  std::map<std::string, std::string> expected_;  ///< SHA-256
  std::map<std::string, File> files_;
};

/// SHA-256 (FIPS 180-4) in lower-case hexadecimal.
std::string sha256_hex(std::string_view bytes);

}  // namespace ballast

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/stress/stressed_balance.h"
#include "engine/study/horizon_scenarios.h"
#include "engine/study/prepared_study.h"
#include "scenarios/io/input_files.h"

namespace ballast {

/// The further scenario sets of optimize.worst_case: a file's; the study's own by another model; or the study's own
/// from a stressed market, assets changing first as the stress says and then earning what is simulated from the
/// stressed curve, liabilities in units of the unstressed initial assets. Simulated ones take the random numbers of the
/// `optimise` set, scenario by scenario. Views do not re-weight them.
class WorstCase {
 public:
  /// Reads files, fits models and makes stresses definite; simulates nothing. base: the study without them; null when
  /// its scenarios are a file's. Errors: InputError with key paths.
  WorstCase(const StudyConfig& config, const PreparedStudy* base, const std::vector<std::string>& asset_names,
            InputFiles& files);

  /// How many of the sets are simulated: what they take of memory.
  std::uint64_t simulated() const;
  /// The sets, with so many scenarios where they are simulated. Once only: files' sets are moved out.
  std::vector<HorizonScenarios> take_sets(std::uint64_t scenarios);

 private:
  struct Source {
    std::string name;                      ///< file, model or stressed market
    HorizonScenarios read;                 ///< from a file
    std::unique_ptr<PreparedStudy> study;  ///< or to be simulated
    std::vector<double> asset_change;      ///< by the stress before; empty: none
  };
  void add_file(const StudyConfig& config, std::size_t entry, const std::vector<std::string>& asset_names,
                InputFiles& files);
  void add_stress(const StudyConfig& config, const PreparedStudy& base, std::size_t entry, InputFiles& files);

  std::vector<Source> sources_;
};

}  // namespace ballast

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/output/results_file.h"
#include "engine/study/horizon_scenarios.h"
#include "scenarios/base/ranks.h"

namespace ballast {

struct NamedPortfolio {
  std::string name;  ///< "optimal" or "current"
  std::vector<double> weights;
};

/// Simulates evaluation scenarios begin to end - 1, projects each portfolio on them, values the liabilities at the
/// report times, and writes the blocks to the file in order as they are done, each followed by after_block(). begin: at
/// the start of a block. At most two portfolios: the second goes to group /current. Throws Stopped when a signal asked
/// for it.
///
/// Several ranks share the file and divide the blocks, round by round of a few seconds: after each, the file holds the
/// first so many scenarios, and all ranks call after_block() together.
void evaluate(
    const BalanceModel& model, const std::vector<NamedPortfolio>& portfolios, std::uint64_t begin, std::uint64_t end,
    ResultsFile& file, Ranks& ranks, const std::function<void()>& after_block = [] {});

/// The file's scenarios at the risk horizon. scratch: as in simulate_horizon().
HorizonScenarios read_horizon(const ResultsFile& file, const std::string& scratch = "");

}  // namespace ballast

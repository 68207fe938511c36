#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "engine/optimize/problem.h"
#include "engine/output/results_file.h"
#include "engine/study/evaluate.h"
#include "engine/study/prepared_study.h"
#include "engine/study/run_study.h"

namespace ballast {

/// Wall time of a run, from its construction.
class RunClock {
 public:
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count(); }

 private:
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

// The parts of Results, as a run finds them.

/// What does not depend on scenarios.
Results describe_study(const StudyConfig& config, const InputFiles& files, const RunRequest& request);

/// What reading and fitting told.
void describe_prepared(const PreparedStudy& study, Results& results);

/// The results file of a simulated study. with_current: current weights are projected beside others.
ResultsLayout layout_of(const PreparedStudy& study, const Results& results, bool optimises, bool with_current);

OptimizerResult optimizer_result(const StudyConfig& config, const OptimizationResult& solved, std::uint64_t scenarios);

/// How the optimal weights do on each set of a worst case, own: the study's. Nothing without one.
void measure_worst_case(const StudyConfig& config, const HorizonScenarios& own,
                        const std::vector<HorizonScenarios>& further, const std::vector<double>& weights,
                        Results& results);

/// Without a curve there is no riskless return; the ratio is then maximised with none, which a reader must know.
void note_risk_free(const OptimizeParameters& asked, std::optional<double> risk_free, Results& results);

/// Return measures, risk rows and contributions of each portfolio on a scenario set. sample: "evaluate" or "optimise".
/// at_once: how many of them may be measured in parallel, each with some kMeasuringVectors over the scenarios.
void measure_on(const HorizonScenarios& set, const std::vector<NamedPortfolio>& portfolios, const std::string& sample,
                double horizon, std::optional<double> risk_free, std::size_t at_once, Results& results);

/// The objective on scenarios that the weights were not fitted to, and how much better it looked on its own.
void measure_optimism(const StudyConfig& config, const HorizonScenarios& fresh, std::optional<double> risk_free,
                      Results& results);

/// The CVaR of the frontier's weights on scenarios that they were not fitted to.
void measure_frontier(const StudyConfig& config, const HorizonScenarios& fresh, Results& results);

/// The balance sheet of each portfolio under each stress, and the tables beside.
void apply_stresses(const PreparedStudy& study, const std::vector<NamedPortfolio>& portfolios, Results& results);

/// Time, threads and memory of the run: in summary.json only.
void describe_run(const RunClock& clock, Results& results);

}  // namespace ballast

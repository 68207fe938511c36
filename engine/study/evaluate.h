#pragma once

#include <string>
#include <vector>

#include "engine/output/results_file.h"
#include "engine/study/horizon_scenarios.h"

namespace ballast {

struct NamedPortfolio {
  std::string name;  ///< "optimal", "current" or "policy"
  std::vector<double> weights;
  std::vector<WeightChange> changes = {};  ///< of a policy
};

/// Values of one quantity on every scenario at each report time, kept for quantiles.
class ReportValues {
 public:
  ReportValues() = default;
  ReportValues(std::size_t times, std::uint64_t scenarios) : scenarios_(scenarios), values_(times * scenarios) {}
  bool empty() const { return values_.empty(); }
  std::uint64_t scenarios() const { return scenarios_; }
  double* at(std::size_t time) { return values_.data() + time * scenarios_; }
  const double* at(std::size_t time) const { return values_.data() + time * scenarios_; }

 private:
  std::uint64_t scenarios_ = 0;
  std::vector<double> values_;
};

struct PortfolioValues {
  ReportValues assets, surplus, funding_ratio;
};

/// What the fresh scenarios showed.
struct Evaluation {
  HorizonScenarios horizon;
  ReportValues liability_pv, liability_duration;
  std::vector<PortfolioValues> portfolios;  ///< as passed in
  ReportValues short_rate, ten_year_rate;
};

/// Simulates the evaluation scenarios, projects each portfolio on them, values the liabilities at the report times, and
/// writes the blocks to the file as they are done (the first portfolio's values).
Evaluation evaluate(const BalanceModel& model, const std::vector<NamedPortfolio>& portfolios, ResultsFile& file);

}  // namespace ballast

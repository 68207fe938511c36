#pragma once

#include <cstdint>
#include <vector>

#include "engine/output/results.h"
#include "engine/output/results_file.h"
#include "engine/study/evaluate.h"
#include "engine/study/memory_plan.h"
#include "engine/study/prepared_study.h"

namespace ballast {

/// Fills in all that the fresh scenarios in the file say of the portfolios: risk, projections, rates, optimism of what
/// was optimised; the scenarios' validation; and the balance sheets at the valuation date, stressed or not. Everything
/// is measured on what the file holds, so that it is the same whether one process wrote it or many. scratch: a folder,
/// for what the plan keeps on disk. Of several ranks all call it at once: the root, which has the file, gets the
/// results, and all help to measure what is at the report times.
void measure_fresh(const PreparedStudy& study, const std::vector<NamedPortfolio>& portfolios, ResultsFile& file,
                   const MemoryPlan& memory, const std::string& scratch, Ranks& ranks, Results& results);

/// Puts the weights alone where measure_fresh() puts them with their measures.
void keep_weights(const std::vector<NamedPortfolio>& portfolios, Results& results);

}  // namespace ballast

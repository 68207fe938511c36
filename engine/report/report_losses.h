#pragma once

#include <nlohmann/json_fwd.hpp>

#include "engine/report/report_sample.h"

namespace ballast {

/// Of each portfolio's loss of return, and of surplus where there are liabilities: a histogram of equally wide bins
/// (counts weighted by probability; its ends take in what lies beyond), and CVaR with its standard error on ever more
/// of the scenarios, and the numbers of the scenarios at VaR and worst. All are on `horizon`; confidence of
/// the CVaR.
nlohmann::ordered_json loss_distributions(const StoredHorizon& horizon, const std::vector<ResultTable>& tables,
                                          double confidence);

}  // namespace ballast

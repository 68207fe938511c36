#pragma once

#include "engine/output/result_table.h"
#include "engine/output/results.h"

namespace ballast {

/// One function a table of results.h5 (FORMAT.md, /tables). Without anything to say a table has no rows.

ResultTable balance_table(const Results& results);
ResultTable liability_table(const Results& results);
ResultTable key_rate_table(const Results& results);
ResultTable asset_key_rate_table(const Results& results);
ResultTable cash_flow_table(const Results& results);
ResultTable asset_table(const Results& results);
ResultTable asset_cash_flow_table(const Results& results);

ResultTable weights_table(const Results& results);
ResultTable portfolio_table(const Results& results);
ResultTable risk_table(const Results& results);
ResultTable contribution_table(const Results& results);
ResultTable shadow_price_table(const Results& results);
ResultTable worst_case_table(const Results& results);
ResultTable policy_table(const Results& results);
ResultTable frontier_table(const Results& results);
ResultTable frontier_weight_table(const Results& results);

ResultTable distribution_table(const Results& results);
ResultTable view_table(const Results& results);
ResultTable view_set_table(const Results& results);
ResultTable validation_table(const Results& results);
ResultTable regime_table(const Results& results);

ResultTable stress_table(const Results& results);
ResultTable stress_asset_table(const Results& results);
ResultTable stress_grid_table(const Results& results);
ResultTable capital_table(const Results& results);
ResultTable capital_loss_table(const Results& results);
ResultTable reverse_stress_table(const Results& results);

}  // namespace ballast

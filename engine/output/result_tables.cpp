#include "engine/output/result_tables.h"

#include "engine/output/table_builders.h"

namespace ballast {

std::vector<ResultTable> result_tables(const Results& results) {
  std::vector<ResultTable> tables;
  for (auto table : {balance_table,         portfolio_table,       risk_table,         contribution_table,
                     weights_table,         shadow_price_table,    worst_case_table,   policy_table,
                     liability_table,       key_rate_table,        cash_flow_table,    asset_table,
                     asset_key_rate_table,  asset_cash_flow_table, distribution_table, frontier_table,
                     frontier_weight_table, stress_table,          stress_asset_table, stress_grid_table,
                     reverse_stress_table,  capital_table,         capital_loss_table, view_table,
                     view_set_table,        validation_table,      regime_table}) {
    tables.push_back(table(results));
    if (tables.back().rows() == 0) tables.pop_back();
  }
  return tables;
}

}  // namespace ballast

#include "engine/output/result_tables.h"

#include "engine/output/table_builders.h"

namespace ballast {

std::vector<ResultTable> result_tables(const Results& results) {
  std::vector<ResultTable> tables;
  for (auto table :
       {balance_table, portfolio_table, risk_table, weights_table, liability_table, key_rate_table, cash_flow_table,
        distribution_table, frontier_table, frontier_weight_table, stress_table, stress_asset_table, stress_grid_table,
        capital_table, capital_loss_table, reverse_stress_table, asset_key_rate_table, validation_table}) {
    tables.push_back(table(results));
    if (tables.back().rows() == 0) tables.pop_back();
  }
  return tables;
}

}  // namespace ballast

#include "engine/stress/stress_grid.h"

#include <stdexcept>

#include "engine/stress/rate_shifts.h"

namespace ballast {

std::vector<std::size_t> grid_assets(const StressedBalance& balance, const StressGridParameters& parameters) {
  std::vector<std::size_t> moved;
  for (const std::string& name : parameters.assets) moved.push_back(asset_index(balance, name, "assets"));
  if (!moved.empty()) return moved;
  for (std::size_t a = 0; a < balance.assets.size(); ++a) {
    AssetClass of = balance.class_of(a);
    bool equity = of == AssetClass::equity_type_1 || of == AssetClass::equity_type_2;
    if (balance.assets[a].kind == AssetKind::series && equity) moved.push_back(a);
  }
  if (moved.empty()) throw std::invalid_argument("'grid' has no equity to move (no series of that class); give assets");
  return moved;
}

StressGrid stress_grid(const StressedBalance& balance, const std::string& name, const StressGridParameters& parameters,
                       const std::string& portfolio, const std::vector<double>& weights) {
  StressGrid grid;
  grid.name = name;
  grid.portfolio = portfolio;
  grid.asset_returns = parameters.asset_returns;
  grid.parallel_shifts = parameters.parallel_shifts;
  std::vector<std::size_t> moved = grid_assets(balance, parameters);
  for (std::size_t a : moved) grid.assets_moved.push_back(balance.assets[a].name);
  std::vector<StressedMarket> columns;
  for (double shift : parameters.parallel_shifts) {
    columns.push_back(shift == 0.0 ? unstressed(balance, name)
                                   : rates_stressed(balance, name, shift_shock(name, {0.0}, {shift})));
  }
  for (double change : parameters.asset_returns) {
    for (StressedMarket& market : columns) {
      for (std::size_t a : moved) market.asset_change[a] = change;
      SheetValue value = value_sheet(balance, market, weights);
      grid.funding_ratio.push_back(value.funding_ratio());
      grid.surplus.push_back(value.surplus());
    }
  }
  return grid;
}

}  // namespace ballast

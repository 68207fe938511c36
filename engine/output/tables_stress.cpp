#include "engine/output/results_datasets.h"
#include "engine/output/table_builders.h"
#include "engine/output/table_columns.h"

namespace ballast {
namespace {

/// One cell of a grid of stresses.
struct GridCell {
  const StressGrid* grid;
  std::size_t row, column;
  std::size_t place() const { return row * grid->parallel_shifts.size() + column; }
};

/// One risk of a regulator's family.
struct CapitalLoss {
  const CapitalResult* of;
  std::size_t risk;
};

}  // namespace

ResultTable stress_table(const Results& r) {
  return TableColumns("stress", "balance sheet under each stress", r.stress)
      .text("stress", &StressRow::name)
      .text("portfolio", &StressRow::portfolio)
      .number("assets", units::currency, &StressRow::assets)
      .number("liability_pv", units::currency, &StressRow::liability_pv)
      .number("liability_duration", units::years, &StressRow::liability_duration)
      .number("surplus", units::currency, &StressRow::surplus)
      .number("funding_ratio", units::fraction, &StressRow::funding_ratio)
      .number("change_assets", units::currency, &StressRow::change_assets)
      .number("change_liability_pv", units::currency, &StressRow::change_liability_pv)
      .number("change_surplus", units::currency, &StressRow::change_surplus)
      .number("change_funding_ratio", units::fraction, &StressRow::change_funding_ratio)
      .take();
}

/// Shocks do not depend on the portfolio: those of each stress's first row.
ResultTable stress_asset_table(const Results& r) {
  std::vector<TableEntry> rows;
  const std::string* last = nullptr;
  for (const StressRow& row : r.stress) {
    if (last && *last == row.name) continue;
    last = &row.name;
    for (std::size_t k = 0; k < row.asset_shocks.size(); ++k) {
      rows.push_back({row.name, r.asset_names.at(k), 0.0, row.asset_shocks[k]});
    }
  }
  return TableColumns("stress_assets", "sudden return of each asset under each stress", rows)
      .text("stress", &TableEntry::first)
      .text("asset", &TableEntry::second)
      .number("change", units::fraction, &TableEntry::value)
      .take();
}

ResultTable stress_grid_table(const Results& r) {
  std::vector<GridCell> cells;
  for (const StressGrid& grid : r.stress_grids) {
    for (std::size_t i = 0; i < grid.asset_returns.size(); ++i) {
      for (std::size_t j = 0; j < grid.parallel_shifts.size(); ++j) cells.push_back({&grid, i, j});
    }
  }
  return TableColumns("stress_grid", "balance sheet under a fall of assets and a shift of rates at once", cells)
      .text("grid", [](const GridCell& c) { return c.grid->name; })
      .text("portfolio", [](const GridCell& c) { return c.grid->portfolio; })
      .number("asset_return", units::fraction, [](const GridCell& c) { return c.grid->asset_returns[c.row]; })
      .number("parallel_shift", units::rate, [](const GridCell& c) { return c.grid->parallel_shifts[c.column]; })
      .number("funding_ratio", units::fraction, [](const GridCell& c) { return c.grid->funding_ratio.at(c.place()); })
      .number("surplus", units::currency, [](const GridCell& c) { return c.grid->surplus.at(c.place()); })
      .take();
}

ResultTable capital_table(const Results& r) {
  return TableColumns("capital", "capital that the regulators' stresses ask for", r.capital)
      .text("family", &CapitalResult::name)
      .text("portfolio", &CapitalResult::portfolio)
      .text("rule", &CapitalResult::rule)
      .number("capital", units::currency, &CapitalResult::capital)
      .number("available", units::currency, &CapitalResult::available)
      .take();
}

ResultTable capital_loss_table(const Results& r) {
  std::vector<CapitalLoss> losses;
  for (const CapitalResult& capital : r.capital) {
    for (std::size_t k = 0; k < capital.risks.size(); ++k) losses.push_back({&capital, k});
  }
  return TableColumns("capital_losses", "decline of the surplus by each of the regulators' shocks", losses)
      .text("family", [](const CapitalLoss& l) { return l.of->name; })
      .text("portfolio", [](const CapitalLoss& l) { return l.of->portfolio; })
      .text("risk", [](const CapitalLoss& l) { return l.of->risks[l.risk]; })
      .number("loss", units::currency, [](const CapitalLoss& l) { return l.of->losses.at(l.risk); })
      .take();
}

/// The balance sheets after the moves are rows of `stress`.
ResultTable reverse_stress_table(const Results& r) {
  return TableColumns("reverse_stress", "the least move of the market that takes the funding ratio to a level",
                      r.reverse_stress)
      .text("stress", [](const ReverseStress& s) { return s.row.name; })
      .text("portfolio", &ReverseStress::portfolio)
      .text("status", &ReverseStress::status)
      .number("level", units::fraction, &ReverseStress::level)
      .number("horizon_years", units::years, &ReverseStress::horizon_years)
      .number("distance", "", &ReverseStress::distance)
      .number("residual", units::fraction, &ReverseStress::residual)
      .number("stationarity", "", &ReverseStress::stationarity)
      .integer("starts", &ReverseStress::starts)
      .integer("starts_agreeing", &ReverseStress::starts_agreeing)
      .integer("nearest_scenario", [](const ReverseStress& s) { return std::int64_t(s.nearest_scenario); })
      .number("nearest_distance", "", &ReverseStress::nearest_distance)
      .number("nearest_funding_ratio", units::fraction, &ReverseStress::nearest_funding_ratio)
      .take();
}

}  // namespace ballast

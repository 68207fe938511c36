#include "engine/output/stress_json.h"

namespace ballast {
namespace {

/// Row-major values as a list of rows.
Json matrix(const std::vector<double>& values, std::size_t columns) {
  Json rows = Json::array();
  for (std::size_t k = 0; k < values.size(); k += columns) {
    rows.push_back(
        std::vector<double>(values.begin() + std::ptrdiff_t(k), values.begin() + std::ptrdiff_t(k + columns)));
  }
  return rows;
}

}  // namespace

Json stress_row(const StressRow& row, const Results& results) {
  Json assets = Json::object();
  for (std::size_t k = 0; k < row.asset_shocks.size(); ++k) assets[results.asset_names.at(k)] = row.asset_shocks[k];
  return {{"name", row.name},
          {"portfolio", row.portfolio},
          {"assets", row.assets},
          {"liability_pv", row.liability_pv},
          {"liability_duration", row.liability_duration},
          {"surplus", row.surplus},
          {"funding_ratio", row.funding_ratio},
          {"change",
           {{"assets", row.change_assets},
            {"liability_pv", row.change_liability_pv},
            {"surplus", row.change_surplus},
            {"funding_ratio", row.change_funding_ratio}}},
          {"asset_shocks", assets},
          {"rate_shocks", by_tenor(row.rate_shocks, results.curve_tenors)}};
}

Json capital_result(const CapitalResult& result) {
  Json losses = Json::object();
  for (std::size_t k = 0; k < result.risks.size(); ++k) losses[result.risks[k]] = result.losses[k];
  return {{"name", result.name}, {"portfolio", result.portfolio}, {"rule", result.rule},
          {"losses", losses},    {"capital", result.capital},     {"available", result.available}};
}

Json stress_grid(const StressGrid& grid) {
  std::size_t columns = grid.parallel_shifts.size();
  return {{"name", grid.name},
          {"portfolio", grid.portfolio},
          {"assets_moved", grid.assets_moved},
          {"asset_returns", grid.asset_returns},
          {"parallel_shifts", grid.parallel_shifts},
          {"funding_ratio", matrix(grid.funding_ratio, columns)},
          {"surplus", matrix(grid.surplus, columns)}};
}

Json reverse_stress_result(const ReverseStress& found) {
  bool nearest = found.status == "found";
  return {{"name", found.row.name},
          {"portfolio", found.portfolio},
          {"status", found.status},
          {"level", found.level},
          {"horizon_years", found.horizon_years},
          {"distance", found.distance},
          {"residual", found.residual},
          {"stationarity", found.stationarity},
          {"starts", found.starts},
          {"starts_agreeing", found.starts_agreeing},
          {"nearest_scenario", nearest ? Json(found.nearest_scenario) : Json(nullptr)},
          {"nearest_distance", nearest ? Json(found.nearest_distance) : Json(nullptr)},
          {"nearest_funding_ratio", nearest ? Json(found.nearest_funding_ratio) : Json(nullptr)}};
}

}  // namespace ballast

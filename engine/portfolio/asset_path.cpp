#include "engine/portfolio/asset_path.h"

#include <algorithm>

#include "engine/portfolio/held_bond.h"

namespace ballast {

AssetReturns::AssetReturns(std::vector<Asset> assets, std::vector<double> tenors, double step_years)
    : assets_(std::move(assets)), tenors_(std::move(tenors)), step_years_(step_years), bonds_(assets_.size()) {
  for (std::size_t i = 0; i < assets_.size(); ++i) {
    bool new_each_step = assets_[i].kind == AssetKind::constant_maturity || assets_[i].kind == AssetKind::swap_overlay;
    if (new_each_step) bonds_[i].emplace(assets_[i].bond, tenors_, step_years_);
  }
}

void AssetReturns::step(int step, const LaneArray& series_gross, const double* cash_gross, const LaneArray& start_curve,
                        const LaneArray& end_curve, LaneArray& out) const {
  for (std::size_t i = 0; i < assets_.size(); ++i) {
    const Asset& asset = assets_[i];
    switch (asset.kind) {
      case AssetKind::series:
        std::copy_n(series_gross.row(asset.series_index), out.lanes(), out.row(i));
        break;
      case AssetKind::cash:
        std::copy_n(cash_gross, out.lanes(), out.row(i));
        break;
      case AssetKind::constant_maturity:
        bonds_[i]->step_return(start_curve, end_curve, out.row(i));
        break;
      case AssetKind::swap_overlay:
        swap_overlay_step_return(*bonds_[i], asset.notional, start_curve, end_curve, cash_gross, out.row(i));
        break;
      case AssetKind::held_bond:
        held_bond_step_return(asset.held, step, step_years_, tenors_, start_curve, end_curve, cash_gross, out.row(i));
        break;
    }
  }
}

}  // namespace ballast

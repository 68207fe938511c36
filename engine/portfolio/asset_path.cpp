#include "engine/portfolio/asset_path.h"

#include <algorithm>

#include "engine/portfolio/held_bond.h"

namespace ballast {

AssetReturns::AssetReturns(std::vector<Asset> assets, std::vector<double> tenors, double step_years)
    : assets_(std::move(assets)), tenors_(std::move(tenors)), step_years_(step_years), bonds_(assets_.size()) {
  for (std::size_t i = 0; i < assets_.size(); ++i) {
    bool new_each_step = assets_[i].kind == AssetKind::constant_maturity ||
                         assets_[i].kind == AssetKind::swap_overlay || assets_[i].kind == AssetKind::inflation_linked;
    if (new_each_step) bonds_[i].emplace(assets_[i].bond, tenors_, step_years_);
  }
}

void AssetReturns::step(int step, const LaneArray& series_gross, const double* cash_gross, const LaneArray& start_curve,
                        const LaneArray& end_curve, LaneArray& out, const PriceStep* prices) const {
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
      case AssetKind::inflation_linked: {
        // What falls due within the step is kept at the real rate and grows with prices too: indexed cash.
        double* gross = out.row(i);
        bonds_[i]->step_return(prices->start_real, prices->end_real, gross);
        for (std::size_t lane = 0; lane < out.lanes(); ++lane) gross[lane] *= prices->growth[lane];
        break;
      }
      case AssetKind::held_bond:
        held_bond_step_return(asset.held, step, step_years_, tenors_, start_curve, end_curve, cash_gross, out.row(i));
        break;
    }
  }
}

bool AssetReturns::follow_prices() const {
  return std::any_of(assets_.begin(), assets_.end(),
                     [](const Asset& asset) { return asset.kind == AssetKind::inflation_linked; });
}

AssetPath::AssetPath(const AssetReturns& returns, const WorldPath& world, std::size_t lanes)
    : returns_(returns), gross_(returns.size(), lanes) {
  if (!returns.follow_prices()) return;
  real_before_ = LaneArray(world.curve().rows(), lanes);
  real_ = LaneArray(world.curve().rows(), lanes);
  price_index_ = LaneArray(1, lanes);
  price_growth_ = LaneArray(1, lanes);
  set_real(world);
}

void AssetPath::set_real(const WorldPath& world) {
  const LaneArray &nominal = world.curve(), &breakeven = world.breakeven();
  for (std::size_t k = 0; k < nominal.rows() * nominal.lanes(); ++k) {
    real_.data()[k] = nominal.data()[k] - breakeven.data()[k];
  }
  std::copy_n(world.price_index(), price_index_.lanes(), price_index_.row(0));
}

void AssetPath::step(const WorldPath& world) {
  ++step_;
  if (!returns_.follow_prices()) {
    returns_.step(step_, world.series_gross(), world.cash_gross(), world.curve_before(), world.curve(), gross_);
    return;
  }
  std::swap(real_before_, real_);
  double* growth = price_growth_.row(0);
  const double* index = world.price_index();
  for (std::size_t lane = 0; lane < price_growth_.lanes(); ++lane) growth[lane] = index[lane] / price_index_(0, lane);
  set_real(world);
  PriceStep prices{real_before_, real_, growth};
  returns_.step(step_, world.series_gross(), world.cash_gross(), world.curve_before(), world.curve(), gross_, &prices);
}

}  // namespace ballast

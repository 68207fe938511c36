#include "engine/portfolio/asset_path.h"

#include <algorithm>

#include "engine/portfolio/held_bond.h"

namespace ballast {

AssetReturns::AssetReturns(std::vector<Asset> assets, std::vector<double> tenors, const YieldCurve& initial,
                           double step_years)
    : assets_(std::move(assets)),
      tenors_(std::move(tenors)),
      initial_(initial),
      step_years_(step_years),
      bonds_(assets_.size()),
      corporate_(assets_.size()) {
  for (std::size_t i = 0; i < assets_.size(); ++i) {
    bool new_each_step = assets_[i].kind == AssetKind::constant_maturity ||
                         assets_[i].kind == AssetKind::swap_overlay || assets_[i].kind == AssetKind::inflation_linked;
    if (new_each_step) bonds_[i].emplace(assets_[i].bond, tenors_, initial_, step_years_);
    if (assets_[i].kind == AssetKind::corporate_bond) {
      corporate_[i].emplace(assets_[i].corporate, tenors_, initial_, step_years_);
    }
  }
}

void AssetReturns::step(const MarketStep& market, LaneArray& out) const {
  std::size_t lanes = out.lanes();
  for (std::size_t i = 0; i < assets_.size(); ++i) {
    const Asset& asset = assets_[i];
    double* gross = out.row(i);
    switch (asset.kind) {
      case AssetKind::series:
        std::copy_n(market.series_gross.row(asset.series_index), lanes, gross);
        break;
      case AssetKind::cash:
        std::copy_n(market.cash_gross, lanes, gross);
        break;
      case AssetKind::constant_maturity:
        bonds_[i]->step_return(market.start(), market.end(), gross);
        break;
      case AssetKind::swap_overlay:
        swap_overlay_step_return(*bonds_[i], asset.notional, market, gross);
        break;
      case AssetKind::inflation_linked:
        // What falls due within the step is kept at the real rate and grows with prices too: indexed cash.
        bonds_[i]->step_return(market.start_real(), market.end_real(), gross);
        for (std::size_t lane = 0; lane < lanes; ++lane) gross[lane] *= market.price_growth[lane];
        break;
      case AssetKind::corporate_bond:
        corporate_[i]->step_return(market, asset.spread_index, gross);
        break;
      case AssetKind::held_bond:
        held_bond_step_return(asset.held, step_years_, tenors_, initial_, market, gross);
        break;
      case AssetKind::held_linked_bond:
        held_linked_bond_step_return(asset.held, step_years_, tenors_, initial_, market, gross);
        break;
    }
  }
}

bool AssetReturns::follow_prices() const {
  return std::any_of(assets_.begin(), assets_.end(), [](const Asset& asset) {
    return asset.kind == AssetKind::inflation_linked || asset.kind == AssetKind::held_linked_bond;
  });
}

bool AssetReturns::follow_spreads() const {
  return std::any_of(assets_.begin(), assets_.end(),
                     [](const Asset& asset) { return asset.kind == AssetKind::corporate_bond; });
}

AssetPath::AssetPath(const AssetReturns& returns, const WorldPath& world, std::size_t lanes)
    : returns_(returns), gross_(returns.size(), lanes) {
  if (!returns.follow_prices()) return;
  breakeven_before_ = LaneArray(world.breakeven().rows(), lanes);
  price_index_ = LaneArray(1, lanes);
  price_growth_ = LaneArray(1, lanes);
  keep_prices(world);
}

void AssetPath::keep_prices(const WorldPath& world) {
  const LaneArray& breakeven = world.breakeven();
  std::copy_n(breakeven.data(), breakeven.rows() * breakeven.lanes(), breakeven_before_.data());
  std::copy_n(world.price_index(), price_index_.lanes(), price_index_.row(0));
}

void AssetPath::step(const WorldPath& world) {
  MarketStep market{++step_, world.series_gross(), world.cash_gross(), world.curve_before(), world.curve()};
  if (returns_.follow_spreads()) {
    market.start_spreads = &world.spreads_before();
    market.end_spreads = &world.spreads();
  }
  if (!returns_.follow_prices()) return returns_.step(market, gross_);
  double* growth = price_growth_.row(0);
  const double* index = world.price_index();
  for (std::size_t lane = 0; lane < price_growth_.lanes(); ++lane) growth[lane] = index[lane] / price_index_(0, lane);
  market.start_breakeven = &breakeven_before_;
  market.end_breakeven = &world.breakeven();
  market.price_growth = growth;
  returns_.step(market, gross_);
  keep_prices(world);
}

}  // namespace ballast

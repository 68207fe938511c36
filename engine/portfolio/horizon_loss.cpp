#include "engine/portfolio/horizon_loss.h"

#include "scenarios/base/error.h"

namespace ballast {

HorizonReturn::HorizonReturn(std::size_t assets, std::size_t lanes) : value_(assets, lanes) { value_.fill(1.0); }

void HorizonReturn::step(const LaneArray& asset_gross) {
  BALLAST_EXPECTS(asset_gross.rows() == value_.rows() && asset_gross.lanes() == value_.lanes());
  for (std::size_t i = 0; i < value_.rows(); ++i) {
    double* value = value_.row(i);
    const double* gross = asset_gross.row(i);
    for (std::size_t lane = 0; lane < value_.lanes(); ++lane) value[lane] *= gross[lane];
  }
}

void HorizonReturn::simple_return(LaneArray& out) const {
  for (std::size_t i = 0; i < value_.rows(); ++i) {
    const double* value = value_.row(i);
    double* simple = out.row(i);
    for (std::size_t lane = 0; lane < value_.lanes(); ++lane) simple[lane] = value[lane] - 1.0;
  }
}

void HorizonLiability::step(const double* cash_gross, const double* payments) {
  double* paid = paid_.row(0);
  for (std::size_t lane = 0; lane < paid_.lanes(); ++lane) paid[lane] = paid[lane] * cash_gross[lane] + payments[lane];
}

void HorizonLiability::ratio(const double* liability_pv, double initial_assets, double* out) const {
  const double* paid = paid_.row(0);
  for (std::size_t lane = 0; lane < paid_.lanes(); ++lane) {
    out[lane] = (liability_pv[lane] + paid[lane]) / initial_assets;
  }
}

}  // namespace ballast

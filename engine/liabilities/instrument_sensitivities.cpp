#include "engine/liabilities/instrument_sensitivities.h"

namespace ballast {

std::vector<std::vector<double>> instrument_sensitivities(const LiabilityBook& book, const CurveQuotes& quotes,
                                                          const MarketState& market) {
  CurveQuotes fixed = quotes.with_estimates_of(market.curve);
  std::vector<std::vector<double>> changes(book.size(), std::vector<double>(quotes.tenors.size()));
  for (std::size_t k = 0; k < quotes.tenors.size(); ++k) {
    auto at = [&](double bump) {
      CurveQuotes bumped = fixed;
      bumped.quotes[k] += bump;
      MarketState moved = market;
      moved.curve = bumped.curve();
      return book.values(moved);
    };
    std::vector<double> up = at(kBasisPoint), down = at(-kBasisPoint);
    for (std::size_t i = 0; i < book.size(); ++i) changes[i][k] = 0.5 * (up[i] - down[i]);
  }
  return changes;
}

}  // namespace ballast

#include "engine/stress/stress_family.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

namespace ballast {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

const std::vector<StressFamily>& all_families() {
  static const std::vector<StressFamily> all = [] {
    std::vector<StressFamily> families;
    for (const std::vector<StressFamily>& some : {
#define BALLAST_STRESS_FAMILIES(name) name##_families(),
#include "engine/stress/registry.def"
#undef BALLAST_STRESS_FAMILIES
         }) {
      families.insert(families.end(), some.begin(), some.end());
    }
    return families;
  }();
  return all;
}

}  // namespace

const StressFamily& stress_family(const std::string& standard) {
  const std::string wanted = standard.substr(0, standard.find('/'));
  std::vector<std::string> names;
  for (const StressFamily& family : all_families()) {
    if (family.name == wanted) return family;
    names.push_back(family.name);
  }
  throw std::invalid_argument(
      with_guess(fmt::format("'{}' is not a family of stresses ({})", wanted, fmt::join(names, ", ")), wanted, names));
}

std::string stress_currency(const std::string& standard) {
  const std::size_t slash = standard.find('/');
  return slash == std::string::npos ? "" : standard.substr(slash + 1);
}

CapitalResult family_capital(const StressedBalance& balance, const StressFamily& family, const std::string& title,
                             std::span<const StressedMarket> markets, const std::string& portfolio,
                             const std::vector<double>& weights) {
  CapitalResult result;
  result.name = title;
  result.portfolio = portfolio;
  result.rule = family.capital_rule;
  result.available = value_sheet(balance, unstressed(balance, ""), weights).surplus();
  std::vector<double> losses;
  for (const StressedMarket& market : markets) {
    losses.push_back(result.available - value_sheet(balance, market, weights).surplus());
    result.risks.push_back(market.name.substr(title.size() + 1));
    result.losses.push_back(std::max(0.0, losses.back()));
  }
  result.capital = family.capital(losses);
  return result;
}

StressRow capital_row(const StressedBalance& balance, const StressFamily& family, const CapitalResult& capital) {
  StressRow row;
  row.name = capital.name + " " + family.capital_row;
  row.portfolio = capital.portfolio;
  row.assets = row.liability_pv = row.liability_duration = row.funding_ratio = kNan;
  row.change_assets = row.change_liability_pv = row.change_funding_ratio = kNan;
  row.surplus = capital.available - capital.capital;
  row.change_surplus = -capital.capital;
  row.asset_shocks.assign(balance.assets.size(), kNan);
  row.rate_shocks.assign(balance.market.curve.tenors().size(), kNan);
  return row;
}

}  // namespace ballast

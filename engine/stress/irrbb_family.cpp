#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/stress/stress_family.h"
#include "scenarios/stress/irrbb.h"

// Interest rate risk in the banking book: the change in economic value under six shocks, the largest loss counts.

namespace ballast {
namespace {

/// The table and the currency's shocks that "irrbb_2024/EUR" names. Throws std::invalid_argument.
IrrbbShockSizes irrbb_sizes(IrrbbTable table, const std::string& currency) {
  std::vector<std::string> names;
  for (const IrrbbShockSizes& sizes : irrbb_table(table)) {
    if (sizes.currency == currency) return sizes;
    names.push_back(sizes.currency);
  }
  throw std::invalid_argument(
      currency.empty() ? fmt::format("'{}' needs a currency, such as {}/EUR", name_of(table), name_of(table))
                       : with_guess(fmt::format("{} has no currency '{}'", name_of(table), currency), currency, names));
}

FamilyMarkets stress_irrbb(const StressedBalance& balance, const FamilyRequest& asked, IrrbbTable table) {
  FamilyMarkets family;
  for (const RateShock& shock : irrbb_shocks(irrbb_sizes(table, asked.currency), asked.parameters.floor)) {
    family.markets.push_back(rates_stressed(balance, asked.title + " " + shock.name, shock));
  }
  family.notes = {asked.title + ": change in economic value only (no earnings measure, no behavioural options)"};
  return family;
}

double largest_loss(std::span<const double> losses) {
  return std::max(0.0, *std::max_element(losses.begin(), losses.end()));
}

}  // namespace

std::vector<StressFamily> irrbb_families() {
  std::vector<StressFamily> families;
  for (std::size_t k = 0; k < std::size(EnumNames<IrrbbTable>::value); ++k) {
    auto stress = [table = IrrbbTable(k)](const StressedBalance& balance, const FamilyRequest& asked) {
      return stress_irrbb(balance, asked, table);
    };
    families.push_back({EnumNames<IrrbbTable>::value[k], "largest", "", stress, largest_loss});
  }
  return families;
}

}  // namespace ballast

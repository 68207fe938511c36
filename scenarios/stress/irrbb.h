#pragma once

#include <string>
#include <vector>

#include "scenarios/base/describe.h"
#include "scenarios/stress/rate_shock.h"

namespace ballast {

/// Interest rate risk in the banking book: the shock tables of irrbb.def.
enum class IrrbbTable {
#define BALLAST_IRRBB_TABLE(name) name,
#include "scenarios/stress/irrbb.def"
#undef BALLAST_IRRBB_TABLE
};
template <>
struct EnumNames<IrrbbTable> {
  static constexpr const char* value[] = {
#define BALLAST_IRRBB_TABLE(name) #name,
#include "scenarios/stress/irrbb.def"
#undef BALLAST_IRRBB_TABLE
  };
};

/// Floor of rates after the shock. A rate that is below the floor already stays where it is, at the least.
/// eu_2024_856: -1.5% overnight, rising 3 basis points a year to 0 at 50 years.
enum class RateFloor { none, zero, eu_2024_856 };
template <>
struct EnumNames<RateFloor> {
  static constexpr const char* value[] = {"none", "zero", "eu_2024_856"};
};

/// Sizes of a currency's shocks, as rates (0.02 for 200 basis points).
struct IrrbbShockSizes {
  std::string currency;
  double parallel, short_rate, long_rate;
};

/// The currencies of a table, by name.
std::vector<IrrbbShockSizes> irrbb_table(IrrbbTable table);

/// The six shocks of continuous zero rates (Basel Framework SRP31.90-92): parallel_up, parallel_down, steepener,
/// flattener, short_up, short_down. With s(t) = S exp(-t/4) and l(t) = L (1 - exp(-t/4)) the steepener is
/// -0.65 s + 0.9 l, the flattener 0.8 s - 0.6 l.
std::vector<RateShock> irrbb_shocks(const IrrbbShockSizes& sizes, RateFloor floor);

}  // namespace ballast

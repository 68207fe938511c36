#include "scenarios/stress/irrbb.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>

namespace ballast {
namespace {

struct Row {
  const char* currency;
  int parallel, short_rate, long_rate;  ///< basis points
};

// BCBS d368 (April 2016), Annex 2, table 2.
constexpr Row k_irrbb_2016[] = {
    {"ARS", 400, 500, 300}, {"AUD", 300, 450, 200}, {"BRL", 400, 500, 300}, {"CAD", 200, 300, 150},
    {"CHF", 100, 150, 100}, {"CNY", 250, 300, 150}, {"EUR", 200, 250, 100}, {"GBP", 250, 300, 150},
    {"HKD", 200, 250, 100}, {"IDR", 400, 500, 350}, {"INR", 400, 500, 300}, {"JPY", 100, 100, 100},
    {"KRW", 300, 400, 200}, {"MXN", 400, 500, 300}, {"RUB", 400, 500, 300}, {"SAR", 200, 300, 150},
    {"SEK", 200, 300, 150}, {"SGD", 150, 200, 100}, {"TRY", 400, 500, 300}, {"USD", 200, 300, 150},
    {"ZAR", 400, 500, 300},
};

// BCBS d578 (July 2024), which recalibrates SRP31.90.
constexpr Row k_irrbb_2024[] = {
    {"ARS", 400, 500, 300}, {"AUD", 350, 425, 300}, {"BRL", 400, 500, 300}, {"CAD", 200, 275, 175},
    {"CHF", 175, 250, 200}, {"CNY", 225, 300, 150}, {"EUR", 225, 350, 200}, {"GBP", 275, 425, 250},
    {"HKD", 225, 375, 200}, {"IDR", 400, 500, 300}, {"INR", 325, 475, 225}, {"JPY", 100, 100, 100},
    {"KRW", 225, 350, 225}, {"MXN", 400, 500, 200}, {"RUB", 400, 500, 300}, {"SAR", 275, 375, 250},
    {"SEK", 275, 425, 200}, {"SGD", 175, 250, 225}, {"TRY", 400, 500, 300}, {"USD", 200, 300, 225},
    {"ZAR", 325, 500, 300},
};

// Delegated Regulation (EU) 2024/856, Annex, part A.
constexpr Row k_irrbb_eu_2024_856[] = {
    {"ARS", 400, 500, 300}, {"AUD", 300, 450, 200}, {"BGN", 250, 350, 150}, {"BRL", 400, 500, 300},
    {"CAD", 200, 300, 150}, {"CHF", 100, 150, 100}, {"CNY", 250, 300, 150}, {"CZK", 200, 250, 100},
    {"DKK", 200, 250, 150}, {"EUR", 200, 250, 100}, {"GBP", 250, 300, 150}, {"HKD", 200, 250, 100},
    {"HUF", 300, 450, 200}, {"IDR", 400, 500, 350}, {"INR", 400, 500, 300}, {"JPY", 100, 100, 100},
    {"KRW", 300, 400, 200}, {"MXN", 400, 500, 300}, {"PLN", 250, 350, 150}, {"RON", 350, 500, 250},
    {"RUB", 400, 500, 300}, {"SAR", 200, 300, 150}, {"SEK", 200, 300, 150}, {"SGD", 150, 200, 100},
    {"TRY", 400, 500, 300}, {"USD", 200, 300, 150}, {"ZAR", 400, 500, 300},
};

std::span<const Row> rows_of(IrrbbTable table) {
  switch (table) {
#define BALLAST_IRRBB_TABLE(name) \
  case IrrbbTable::name:          \
    return k_##name;
#include "scenarios/stress/irrbb.def"
#undef BALLAST_IRRBB_TABLE
  }
  return {};
}

double floor_at(RateFloor floor, double t) {
  switch (floor) {
    case RateFloor::none:
      return -std::numeric_limits<double>::infinity();
    case RateFloor::zero:
      return 0.0;
    case RateFloor::eu_2024_856:
      return std::min(0.0, -0.015 + 0.0003 * t);
  }
  return 0.0;
}

}  // namespace

std::vector<IrrbbShockSizes> irrbb_table(IrrbbTable table) {
  std::vector<IrrbbShockSizes> sizes;
  for (const Row& row : rows_of(table)) {
    sizes.push_back({row.currency, row.parallel / 1e4, row.short_rate / 1e4, row.long_rate / 1e4});
  }
  return sizes;
}

std::vector<RateShock> irrbb_shocks(const IrrbbShockSizes& sizes, RateFloor floor) {
  double parallel = sizes.parallel, short_rate = sizes.short_rate, long_rate = sizes.long_rate;
  auto near = [short_rate](double t) { return short_rate * std::exp(-t / 4); };
  auto far = [long_rate](double t) { return long_rate * (1 - std::exp(-t / 4)); };
  auto shock = [floor](const char* name, std::function<double(double)> change) {
    return RateShock{
        name, [floor, change](double t, double z) { return std::max(z + change(t), std::min(z, floor_at(floor, t))); }};
  };
  return {shock("parallel_up", [=](double) { return parallel; }),
          shock("parallel_down", [=](double) { return -parallel; }),
          shock("steepener", [=](double t) { return -0.65 * near(t) + 0.9 * far(t); }),
          shock("flattener", [=](double t) { return 0.8 * near(t) - 0.6 * far(t); }),
          shock("short_up", [=](double t) { return near(t); }),
          shock("short_down", [=](double t) { return -near(t); })};
}

}  // namespace ballast

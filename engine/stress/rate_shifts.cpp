#include "engine/stress/rate_shifts.h"

#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

namespace ballast {

RateShock shift_shock(const std::string& name, std::vector<double> tenors, std::vector<double> shifts) {
  YieldCurve shift(std::move(tenors), std::move(shifts));
  return {name, [shift](double t, double z) { return z + shift.zero_rate(t); }};
}

RateShock shift_shock(const std::string& name, const std::map<std::string, double>& shifts) {
  std::map<double, double> by_tenor;
  for (const auto& [text, shift] : shifts) {
    double tenor = 0.0;
    auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), tenor);
    if (failed != std::errc() || end != text.data() + text.size() || !(tenor > 0)) {
      throw std::invalid_argument(fmt::format("rate_shifts: '{}' is not a tenor (a positive number of years)", text));
    }
    by_tenor[tenor] = shift;
  }
  std::vector<double> tenors, values;
  for (const auto& [tenor, shift] : by_tenor) {
    tenors.push_back(tenor);
    values.push_back(shift);
  }
  return shift_shock(name, std::move(tenors), std::move(values));
}

}  // namespace ballast

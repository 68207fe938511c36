#pragma once

#include <cstddef>
#include <cstdint>

namespace ballast {

/// A discounted amount on every lane: e = exp(lower z[row] + upper z[next row] + shift), the interpolation of the zero
/// rate, the time and the spread folded into three numbers; `first` and `second` multiply e into two sums.
struct LaneFlow {
  double lower, upper, shift;
  double first, second;
};

/// What key rates and convexity need besides: v = exp(rate_lower z[row] + rate_upper z[next row]) is dz/dr.
struct LaneSensitivity {
  double rate_lower, rate_upper;
  double square;     ///< amount x time^2
  double convexity;  ///< amount x time x (time + 1/m)
};

/// Flows begin..end-1, all between the same two tenors and the same two key rates. The upper key rate's weight at time
/// t is key_level + key_slope t, the lower one's the rest.
struct FlowRun {
  std::uint32_t lower_row, upper_row;
  std::uint32_t lower_key, upper_key;
  std::uint32_t begin, end;
  double key_level, key_slope;
  /// The flows' times are equally far apart and their spread is one: exponents are then a quadratic in their number,
  /// and each e follows from the last by two multiplications.
  bool regular;
};

/// The flows of a kernel call; sensitivities is null where only the two sums are wanted.
struct FlowTable {
  const LaneFlow* flows;
  const LaneSensitivity* sensitivities;
  const FlowRun* runs;
  std::size_t run_count;
};

}  // namespace ballast

#pragma once

#include <vector>

#include "engine/study/distribution.h"

namespace ballast {

// Between ranks, numbers go as a row of doubles: packed here, and taken off in the same order.

inline void append(std::vector<double>& numbers, const Estimate& estimate) {
  numbers.insert(numbers.end(), {estimate.value, estimate.standard_error});
}

inline void append(std::vector<double>& numbers, const Distribution& distribution) {
  append(numbers, distribution.mean);
  numbers.insert(numbers.end(), distribution.quantiles.begin(), distribution.quantiles.end());
}

/// How many a distribution takes.
inline std::size_t distribution_numbers() { return 2 + reported_quantiles().size(); }

class PackedNumbers {
 public:
  explicit PackedNumbers(const std::vector<double>& numbers) : at_(numbers.begin()) {}
  double number() { return *at_++; }
  Estimate estimate() {
    const double value = number();
    return {value, number()};
  }
  Distribution distribution() {
    Distribution result;
    result.mean = estimate();
    for (std::size_t q = 0; q < reported_quantiles().size(); ++q) result.quantiles.push_back(number());
    return result;
  }

 private:
  std::vector<double>::const_iterator at_;
};

}  // namespace ballast

#include "engine/study/distribution.h"

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

using namespace ballast;

TEST_CASE("reported quantiles are those of the sorted values, whatever their number and ties") {
  for (std::size_t n : {1, 2, 3, 7, 20, 199, 200, 201, 5000}) {
    CAPTURE(n);
    std::vector<double> values;
    for (std::size_t k = 0; k < n; ++k) values.push_back(double(k * 7919 % 1009 / 3));  // in no order, with ties
    std::vector<double> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    for (std::size_t missing = 0; missing < n / 3; ++missing) values.insert(values.begin() + long(2 * missing), NAN);
    const Distribution found = distribution(values);
    REQUIRE(found.quantiles.size() == reported_quantiles().size());
    for (std::size_t q = 0; q < found.quantiles.size(); ++q) {
      const double level = reported_quantiles()[q];
      const auto rank = std::size_t(std::max(1.0, std::ceil(level * double(n) - 1e-9)));
      CHECK(found.quantiles[q] == sorted[rank - 1]);
    }
  }
  CHECK(std::isnan(distribution({}).quantiles[4]));
}

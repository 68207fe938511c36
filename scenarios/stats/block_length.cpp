#include "scenarios/stats/block_length.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "scenarios/stats/moments.h"
#include "scenarios/stats/sum.h"

namespace ballast {

BlockLength optimal_block_length(std::span<const double> x) {
  const std::size_t size = x.size();
  if (size < 8) {
    throw std::invalid_argument("a block length needs at least 8 observations, not " + std::to_string(size));
  }
  for (double v : x) {
    if (!std::isfinite(v)) throw std::invalid_argument("an observation that is not finite");
  }
  const double n = static_cast<double>(size);
  const double centre = mean(x);
  std::vector<double> e(size);
  for (std::size_t i = 0; i < size; ++i) e[i] = x[i] - centre;
  const double sum_of_squares = ordered_dot(e.data(), e.data(), size);
  if (!(sum_of_squares > 1e-28 * n * centre * centre)) return {};

  // Autocovariances up to m_max, and the first lag m after which `run` autocorrelations are all insignificant.
  const auto run = static_cast<std::size_t>(std::max(5.0, std::floor(std::log10(n))));
  const std::size_t m_max = std::min(static_cast<std::size_t>(std::ceil(std::sqrt(n))) + run, size - 2);
  const double critical = 2.0 * std::sqrt(std::log10(n) / n);
  std::vector<double> autocovariance(m_max + 1);
  std::vector<bool> insignificant(m_max + 1);
  for (std::size_t lag = 0; lag <= m_max; ++lag) {
    const double cross = ordered_dot(e.data() + lag, e.data(), size - lag);
    // Scaled by the parts of the series that overlap at the next lag.
    const std::size_t overlap = size - lag - 1;
    const double late = ordered_dot(e.data() + lag + 1, e.data() + lag + 1, overlap);
    const double early = ordered_dot(e.data(), e.data(), overlap);
    autocovariance[lag] = cross / n;
    insignificant[lag] = std::fabs(cross) < critical * std::sqrt(late * early);
  }
  std::size_t m = m_max;
  for (std::size_t first = 0; first + run <= m_max; ++first) {
    const auto begin = insignificant.begin() + static_cast<std::ptrdiff_t>(first);
    if (std::all_of(begin, begin + static_cast<std::ptrdiff_t>(run), [](bool small) { return small; })) {
      m = std::min(m_max, 2 * std::max<std::size_t>(first, 1));
      break;
    }
  }

  double g = 0.0;
  double long_run_variance = autocovariance[0];
  for (std::size_t lag = 1; lag <= m; ++lag) {
    const double share = static_cast<double>(lag) / static_cast<double>(m);
    const double window = share <= 0.5 ? 1.0 : 2.0 * (1.0 - share);
    g += 2.0 * window * static_cast<double>(lag) * autocovariance[lag];
    long_run_variance += 2.0 * window * autocovariance[lag];
  }
  const double longest = std::ceil(std::min(3.0 * std::sqrt(n), n / 3.0));
  const double variance2 = long_run_variance * long_run_variance;
  auto length = [&](double d) {
    // A long-run variance of zero (a series that reverses itself) asks for the longest block, unless there is no
    // dependence.
    if (g == 0.0) return 1.0;
    return std::clamp(std::cbrt(2.0 * g * g / d * n), 1.0, longest);
  };
  return {length(2.0 * variance2), length(4.0 / 3.0 * variance2)};
}

}  // namespace ballast

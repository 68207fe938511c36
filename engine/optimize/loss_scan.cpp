#include "engine/optimize/loss_scan.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "scenarios/base/lanes.h"
#include "scenarios/base/parallel.h"

namespace ballast {
namespace {

using Vec4 __attribute__((vector_size(32))) = double;

Vec4 load(const double* p) {
  Vec4 v;
  std::memcpy(&v, p, sizeof v);
  return v;
}

double sum(Vec4 a, Vec4 b) {
  const Vec4 s = a + b;
  return (s[0] + s[1]) + (s[2] + s[3]);
}

// Row-major rows are read once, whole cache lines: a blocked copy that reads only the assets with weight scans faster,
// but making the copy costs more (page faults) than all scans of a solution together.
template <bool kSpreads>
void loss_of_row(const ScenarioSet& set, std::size_t scenario, const double* weights, double* loss,
                 const double* movable = nullptr, double movable_count = 0.0, float* spread = nullptr) {
  const std::size_t n = set.assets;
  const double* row = set.row(scenario);
  Vec4 a = {}, b = {}, c = {}, d = {}, plain = {}, squares = {};
  auto see = [&](Vec4 v, std::size_t at) {
    if (!kSpreads) return;
    const Vec4 moved = v * load(movable + at);
    plain += moved;
    squares += moved * v;
  };
  std::size_t i = 0;
  for (; i + 16 <= n; i += 16) {
    const Vec4 p = load(row + i), q = load(row + i + 4), r = load(row + i + 8), s = load(row + i + 12);
    a += p * load(weights + i);
    b += q * load(weights + i + 4);
    c += r * load(weights + i + 8);
    d += s * load(weights + i + 12);
    see(p, i);
    see(q, i + 4);
    see(r, i + 8);
    see(s, i + 12);
  }
  for (; i + 4 <= n; i += 4) {
    const Vec4 p = load(row + i);
    a += p * load(weights + i);
    see(p, i);
  }
  double rest = 0.0, rest_sum = 0.0, rest_squares = 0.0;
  for (; i < n; ++i) {
    rest += row[i] * weights[i];
    if (!kSpreads) continue;
    const double moved = row[i] * movable[i];
    rest_sum += moved;
    rest_squares += moved * row[i];
  }
  *loss = set.liability_of(scenario) - (sum(a + c, b + d) + rest);
  if (kSpreads) {
    const double total = sum(plain, Vec4{}) + rest_sum, all = sum(squares, Vec4{}) + rest_squares;
    // Above what rounding may have taken off, in the difference and in the float.
    const double most = std::max(0.0, all - total * total / movable_count) + 1e-13 * double(n) * all;
    *spread = float((std::sqrt(most) + kSumless * std::abs(total) / movable_count) * (1.0 + 1e-6) + 1e-30);
  }
}

}  // namespace

void row_losses(const ScenarioSet& set, std::size_t begin, std::size_t count, const double* weights, double* losses) {
  for (std::size_t k = 0; k < count; ++k) loss_of_row<false>(set, begin + k, weights, losses + k);
}

void row_losses_of(const ScenarioSet& set, std::size_t begin, std::span<const std::uint16_t> some,
                   const double* weights, double* losses) {
  for (std::size_t k = 0; k < std::min(kRowsAhead, some.size()); ++k)
    prefetch_row(set.row(begin + some[k]), set.assets);
  for (std::size_t k = 0; k < some.size(); ++k) {
    if (k + kRowsAhead < some.size()) prefetch_row(set.row(begin + some[k + kRowsAhead]), set.assets);
    loss_of_row<false>(set, begin + some[k], weights, losses + some[k]);
  }
}

void row_losses_and_spreads(const ScenarioSet& set, std::size_t begin, std::size_t count, const double* weights,
                            const double* movable, double* losses, float* spreads) {
  const double movable_count = std::max(1.0, std::accumulate(movable, movable + set.assets, 0.0));
  for (std::size_t k = 0; k < count; ++k)
    loss_of_row<true>(set, begin + k, weights, losses + k, movable, movable_count, spreads + k);
}

void scan_losses(const ScenarioSet& set, const double* weights, double* losses) {
  const std::size_t blocks = (set.scenarios + kBlockScenarios - 1) / kBlockScenarios;
  parallel_for(blocks, [&](std::size_t block) {
    const std::size_t begin = block * kBlockScenarios;
    const std::size_t count = std::min(kBlockScenarios, set.scenarios - begin);
    row_losses(set, begin, count, weights, losses + begin);
    set.release(begin, count);
  });
}

}  // namespace ballast

#include "engine/optimize/loss_scan.h"

#include <algorithm>
#include <cstring>

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

}  // namespace

// Row-major rows are read once, whole cache lines: a blocked copy that reads only the assets with weight scans faster,
// but making the copy costs more (page faults) than all scans of a solution together.
void row_losses(const ScenarioSet& set, std::size_t begin, std::size_t count, const double* weights, double* losses) {
  const std::size_t n = set.assets;
  const double* row = set.row(begin);
  for (std::size_t k = 0; k < count; ++k, row += n) {
    Vec4 a = {}, b = {}, c = {}, d = {};
    std::size_t i = 0;
    for (; i + 16 <= n; i += 16) {
      a += load(row + i) * load(weights + i);
      b += load(row + i + 4) * load(weights + i + 4);
      c += load(row + i + 8) * load(weights + i + 8);
      d += load(row + i + 12) * load(weights + i + 12);
    }
    for (; i + 4 <= n; i += 4) a += load(row + i) * load(weights + i);
    double rest = 0.0;
    for (; i < n; ++i) rest += row[i] * weights[i];
    losses[k] = set.liability_of(begin + k) - (sum(a + c, b + d) + rest);
  }
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

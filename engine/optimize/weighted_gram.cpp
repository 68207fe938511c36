#include "engine/optimize/weighted_gram.h"

#include <algorithm>
#include <vector>

#include "engine/optimize/slices.h"
#include "engine/optimize/weighted_gram_kernel.h"
#include "scenarios/base/isa.h"
#include "scenarios/base/parallel.h"

namespace ballast {

using Eigen::MatrixXd;

BALLAST_KERNELS(void add_gram_band(const GramRows&, std::size_t, std::size_t, double*, double*, std::size_t);)

namespace {

/// Rows first <= i < last of the result.
void add_band(const double* values, std::size_t stride, std::size_t rows, std::size_t columns, const double* weight,
              std::size_t first, std::size_t last, MatrixXd& gram) {
  std::vector<double> scratch(gram_scratch(columns));
  for (std::size_t s = 0; s < rows; s += kGramChunk) {
    const GramRows chunk{values + s * stride, stride, std::min(kGramChunk, rows - s), columns, weight + s};
    BALLAST_DISPATCH(add_gram_band)(chunk, first, last, scratch.data(), gram.data(), std::size_t(gram.rows()));
  }
}

}  // namespace

long padded_gram(std::size_t columns) { return long((columns + kGramPadding - 1) / kGramPadding * kGramPadding); }

void add_weighted_gram(const double* values, std::size_t stride, std::size_t rows, std::size_t columns,
                       const double* weight, MatrixXd& gram) {
  add_band(values, stride, rows, columns, weight, 0, std::size_t(gram.rows()), gram);
}

MatrixXd weighted_gram(const double* values, std::size_t stride, std::size_t rows, std::size_t columns,
                       const double* weight) {
  const long size = padded_gram(columns);
  constexpr std::size_t kNarrow = 96;
  if (columns <= kNarrow) {  // threads divide the rows: a sum a slice, added in order
    std::vector<MatrixXd> parts(Slices::kCount);
    Slices{rows}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
      parts[slice] = MatrixXd::Zero(size, size);
      add_weighted_gram(values + begin * stride, stride, end - begin, columns, weight + begin, parts[slice]);
    });
    for (std::size_t k = 1; k < parts.size(); ++k) parts[0] += parts[k];
    return std::move(parts[0]);
  }
  // Threads divide the result, the longest bands first: partial sums would cost more than packing rows again.
  constexpr std::size_t kBand = 2 * kGramPadding;
  MatrixXd gram = MatrixXd::Zero(size, size);
  const std::size_t bands = (std::size_t(size) + kBand - 1) / kBand;
  parallel_for(bands, [&](std::size_t k) {
    const std::size_t first = (bands - 1 - k) * kBand;
    add_band(values, stride, rows, columns, weight, first, std::min(first + kBand, std::size_t(size)), gram);
  });
  return gram;
}

}  // namespace ballast

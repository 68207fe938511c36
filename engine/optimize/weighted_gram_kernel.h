#pragma once

#include <cstddef>

namespace ballast {

inline constexpr std::size_t kGramChunk = 64;    ///< rows a kernel call takes at most: packed, they stay in cache
inline constexpr std::size_t kGramPadding = 24;  ///< sizes of the result are padded to a multiple of this

/// Row-major: row s begins at values + s stride.
struct GramRows {
  const double* values;
  std::size_t stride, count, columns;
  const double* weight;  ///< one a row
};

/// Doubles that add_gram_band needs as scratch.
constexpr std::size_t gram_scratch(std::size_t columns) {
  return kGramChunk * ((columns + kGramPadding - 1) / kGramPadding + 1) * kGramPadding;
}

}  // namespace ballast

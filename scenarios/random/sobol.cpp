#include "scenarios/random/sobol.h"

#include <stdexcept>

#include <boost/random/sobol.hpp>

#include "scenarios/random/hash.h"

namespace ballast {

using BoostTable = boost::random::default_sobol_table;
static_assert(BoostTable::max_dimension == kSobolDimensions);

std::array<std::uint32_t, 32> sobol_directions(std::uint32_t dimension) {
  if (dimension >= kSobolDimensions) throw std::out_of_range("no Sobol direction numbers for this dimension");
  // Bratley & Fox (1988), section 2: m_j = a_1 2 m_(j-1) ^ ... ^ 2^d m_(j-d) ^ m_(j-d), integers at first.
  std::array<std::uint32_t, 32> m{};
  if (dimension == 0) {
    m.fill(1);
  } else {
    const unsigned polynomial = BoostTable::polynomial(dimension - 1);
    unsigned degree = 0;
    while (polynomial >> (degree + 1) != 0) ++degree;
    for (unsigned j = 0; j < degree; ++j) m[j] = BoostTable::minit(dimension - 1, j);
    for (unsigned j = degree; j < 32; ++j) {
      m[j] = m[j - degree];
      for (unsigned k = 0; k < degree; ++k) {
        if ((polynomial >> k & 1) != 0) m[j] ^= m[j - (degree - k)] << (degree - k);
      }
    }
  }
  for (unsigned j = 0; j < 32; ++j) m[j] <<= 31 - j;
  return m;
}

ScrambledSobol::ScrambledSobol(std::uint64_t key, std::uint32_t replications, std::uint32_t dimensions)
    : replications_(replications),
      dimensions_(dimensions),
      directions_(std::size_t(replications) * dimensions * 32),
      shift_(std::size_t(replications) * dimensions) {
  for (std::uint32_t d = 0; d < dimensions; ++d) {
    const std::array<std::uint32_t, 32> plain = sobol_directions(d);
    for (std::uint32_t r = 0; r < replications; ++r) {
      const std::uint64_t own = hash_bits(key, std::uint64_t(d) << 32 | r);
      std::uint64_t column[32];  // of the matrix: its own digit, and random ones below
      for (unsigned b = 0; b < 32; ++b) {
        const std::uint64_t digit = std::uint64_t(1) << (63 - b);
        column[b] = digit | (hash_bits(own, b) & (digit - 1));
      }
      std::uint64_t* scrambled = directions_.data() + (std::size_t(r) * dimensions + d) * 32;
      for (unsigned i = 0; i < 32; ++i) {
        std::uint64_t word = 0;
        for (std::uint32_t rest = plain[i]; rest != 0; rest &= rest - 1) word ^= column[31 - __builtin_ctz(rest)];
        scrambled[i] = word;
      }
      shift_[std::size_t(r) * dimensions + d] = hash_bits(own, 32);
    }
  }
}

std::uint64_t ScrambledSobol::word(std::uint32_t replication, std::uint32_t dimension, std::uint64_t k) const {
  std::uint64_t word = shift_[std::size_t(replication) * dimensions_ + dimension];
  const std::uint64_t* scrambled = directions(replication, dimension);
  for (std::uint64_t gray = k ^ (k >> 1); gray != 0; gray &= gray - 1) word ^= scrambled[__builtin_ctzll(gray)];
  return word;
}

}  // namespace ballast

#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace ballast {

/// Dimensions for which there are direction numbers: those of Joe & Kuo (2008) whose polynomials fit 16 bits, as Boost
/// tabulates them.
inline constexpr std::uint32_t kSobolDimensions = 3667;

/// Direction numbers of a dimension, the first bit of the fraction in bit 31: point k (in Gray-code order) is the XOR
/// of those whose bits are set in k ^ (k >> 1).
std::array<std::uint32_t, 32> sobol_directions(std::uint32_t dimension);

/// Independent randomisations of the Sobol sequence: a random linear scrambling (Matousek 1998: each dimension's digits
/// times a random lower-triangular matrix with unit diagonal) and a digital shift. Each point is uniform on the unit
/// cube, each replication keeps the equidistribution of the net, and the variance of an integral's estimate is that of
/// Owen's nested uniform scrambling (Owen 2003, "Variance with alternative scramblings of digital nets"). Matrices and
/// shifts are hashes of (key, replication, dimension): more dimensions change none of the first.
class ScrambledSobol {
 public:
  ScrambledSobol(std::uint64_t key, std::uint32_t replications, std::uint32_t dimensions);

  std::uint32_t replications() const { return replications_; }
  std::uint32_t dimensions() const { return dimensions_; }

  /// 64 digits of coordinate `dimension` of point k < 2^32.
  std::uint64_t word(std::uint32_t replication, std::uint32_t dimension, std::uint64_t k) const;
  /// The coordinate's word of point k + 1 from that of point k.
  std::uint64_t next(std::uint32_t replication, std::uint32_t dimension, std::uint64_t k, std::uint64_t word_k) const {
    return word_k ^ directions(replication, dimension)[__builtin_ctzll(k + 1)];
  }

 private:
  const std::uint64_t* directions(std::uint32_t replication, std::uint32_t dimension) const {
    return directions_.data() + (std::size_t(replication) * dimensions_ + dimension) * 32;
  }
  std::uint32_t replications_, dimensions_;
  std::vector<std::uint64_t> directions_;  ///< scrambled: replication, dimension, bit of k
  std::vector<std::uint64_t> shift_;       ///< replication, dimension
};

}  // namespace ballast

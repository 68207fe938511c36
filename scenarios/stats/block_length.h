#pragma once

#include <span>

namespace ballast {

/// Block lengths in observations, at least 1, not rounded: the mean block of a stationary, the fixed block of a
/// circular bootstrap.
struct BlockLength {
  double stationary = 1.0;
  double circular = 1.0;
};

/// The automatic block length of Politis & White (2004) as corrected by Patton, Politis & White (2009), for the
/// variance of the mean: b = (2 G^2 / D)^(1/3) n^(1/3), with the flat-top lag window (Politis & Romano 1995) over twice
/// the last lag before K = max(5, log10 n) autocorrelations in a row are below 2 sqrt(log10 n / n); at most ceil(min(3
/// sqrt n, n / 3)). A series without variation gives 1. Throws std::invalid_argument for fewer than 8 observations, or
/// one that is not finite.
BlockLength optimal_block_length(std::span<const double> x);

}  // namespace ballast

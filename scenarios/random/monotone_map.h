#pragma once

#include <cstddef>
#include <functional>
#include <vector>

namespace ballast {

/// A monotone function of the whole line as a table of cubics, for lanes: what turns a normal draw into a variate of
/// another distribution by inversion, x = Q(Phi(z)), without evaluating either at run time.
///
/// Pieces are equal within each octave of 1 + |y|, so that they are fine in the centre and grow with the tail. A
/// piece is the Hermite cubic through the function's values and slopes at its ends, slopes held to the monotone region
/// of Fritsch & Carlson (1980, "Monotone piecewise cubic interpolation", SIAM J. Numerical Analysis 17). Beyond
/// `lowest` and `highest` the function is constant. A lane costs about as much as a normal draw.
class MonotoneMap {
 public:
  MonotoneMap() = default;
  /// f is non-decreasing or non-increasing on [lowest, highest], lowest < 0 < highest. pieces_per_octave: a power of
  /// two. For smooth f the relative error of the default is about 1e-8 for |y| < 3, 1e-6 beyond.
  MonotoneMap(const std::function<double(double)>& f, double lowest, double highest, int pieces_per_octave = 64);

  double operator()(double y) const;
  /// x[i] = (*this)(y[i]), the same bits; NaN is not allowed. n: a multiple of kLaneGroup. x may be y.
  void map(const double* y, double* x, std::size_t n) const;
  /// Adds c to the function.
  void shift(double c);

 private:
  double lowest_ = -1.0, highest_ = 1.0;
  int bits_ = 6;                      ///< log2 of the pieces per octave
  std::size_t pieces_ = 0;            ///< on each side of 0
  std::vector<double> coefficients_;  ///< four a piece, constant first; the negative side after the positive
};

}  // namespace ballast

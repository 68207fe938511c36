#pragma once

#include <optional>

#include "scenarios/base/describe.h"

namespace ballast {

/// How a curve runs between its tenors: formulas in CURVES.md.
enum class Interpolation {
  linear_zero,
  log_linear_discount,
  natural_cubic,
  monotone_convex,
  smith_wilson,
  nelson_siegel,
  svensson
};
template <>
struct EnumNames<Interpolation> {
  static constexpr const char* value[] = {"linear_zero",  "log_linear_discount", "natural_cubic", "monotone_convex",
                                          "smith_wilson", "nelson_siegel",       "svensson"};
};

/// How it runs beyond its last tenor.
enum class Extrapolation { flat_zero, flat_forward, smith_wilson };
template <>
struct EnumNames<Extrapolation> {
  static constexpr const char* value[] = {"flat_zero", "flat_forward", "smith_wilson"};
};

/// A construction made definite: with it and the rates at its tenors a curve is known.
struct CurveMethod {
  Interpolation interpolation = Interpolation::linear_zero;
  Extrapolation extrapolation = Extrapolation::flat_zero;
  double ultimate_forward = 0.0;        ///< Smith-Wilson: continuous
  double alpha = 0.0;                   ///< Smith-Wilson: speed of convergence to it
  double decay_1 = 0.0, decay_2 = 0.0;  ///< Nelson-Siegel, Svensson: years
  bool operator==(const CurveMethod&) const = default;
  bool linear_flat() const {
    return interpolation == Interpolation::linear_zero && extrapolation == Extrapolation::flat_zero;
  }
  /// Whether it is a function of all times, which no extrapolation continues.
  bool runs_on_by_itself() const { return interpolation >= Interpolation::smith_wilson; }
  bool smith_wilson() const {
    return interpolation == Interpolation::smith_wilson || extrapolation == Extrapolation::smith_wilson;
  }
};

/// A construction as a study asks for it.
struct CurveMethodRequest {
  std::optional<Interpolation> interpolation;  ///< default: linear_zero; with Smith-Wilson extrapolation its own
  Extrapolation extrapolation = Extrapolation::flat_zero;
  std::optional<double> ufr;                ///< annual
  std::optional<double> alpha;              ///< empty: calibrated
  std::optional<double> convergence_years;  ///< empty: max(last tenor + 40, 60)
  double convergence_tolerance = 1e-4;
  double least_alpha = 0.05;
  double decay_1 = 0.0, decay_2 = 0.0;  ///< Nelson-Siegel, Svensson: years; 0: fitted
};

}  // namespace ballast

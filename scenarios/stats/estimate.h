#pragma once

namespace ballast {

/// An estimate from scenarios; the error is the Monte Carlo standard error.
struct Estimate {
  double value = 0.0;
  double standard_error = 0.0;
};

}  // namespace ballast

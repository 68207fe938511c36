#pragma once

#include <doctest/doctest.h>

#include "scenarios/base/isa.h"

namespace ballast::test {

/// Calls check() with the kernels of each instruction set this processor has, the baseline first; says what it has not.
template <class Check>
void on_each_isa(Check&& check) {
  const Isa before = active_isa();
  for (Isa isa : {Isa::baseline, Isa::v3, Isa::v4}) {
    if (isa > best_isa()) {
      MESSAGE("left out: kernels this processor has no instructions for");
      break;
    }
    CAPTURE(int(isa));
    set_isa(isa);
    check();
  }
  set_isa(before);
}

}  // namespace ballast::test

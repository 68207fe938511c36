#pragma once

#include <string_view>

namespace ballast {

/// The instruction set the kernels use. Both give the same bits: kernels are elementwise, or sum in a fixed order.
enum class Isa { v3, v4 };

/// The best set this processor has; changed by set_isa().
Isa active_isa();

/// Chooses v3 or v4 for the whole process. Throws Error(usage) for v4 on a processor without it.
void set_isa(Isa isa);

}  // namespace ballast

/// Kernels live in files *_kernel.cpp, compiled twice: `namespace ballast::BALLAST_ISA { void f(double*, size_t); }`.
/// They work on raw pointers and include neither Eigen nor standard containers: those emit weak symbols, and the linker
/// could then pick a v4 copy for all. A dispatching function declares both and calls BALLAST_DISPATCH(f)(arguments).
#define BALLAST_DISPATCH(function) \
  (::ballast::active_isa() == ::ballast::Isa::v4 ? &::ballast::v4::function : &::ballast::v3::function)

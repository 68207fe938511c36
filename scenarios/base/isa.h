#pragma once

namespace ballast {

/// The instruction set the kernels use: plain x86-64 (SSE2), with AVX2 and FMA (v3), with AVX-512 (v4). All give the
/// same bits: kernels are elementwise, or sum in a fixed order, and every fused operation is rounded once. Without FMA
/// instructions the C library fuses, correctly and slowly. Processors other than x86-64 have the baseline alone.
enum class Isa { baseline, v3, v4 };

/// The best set this processor has.
Isa best_isa();

/// The set in use: the best, unless set_isa() chose another.
Isa active_isa();

/// Chooses for the whole process. Throws Error(usage) for a set this processor has not.
void set_isa(Isa isa);

#ifdef __x86_64__
template <class Function>
Function* kernel_for_isa(Function* baseline, Function* v3, Function* v4) {
  const Isa isa = active_isa();
  return isa == Isa::v4 ? v4 : isa == Isa::v3 ? v3 : baseline;
}
#endif

}  // namespace ballast

// Kernels live in files *_kernel.cpp, compiled once for each set:
//   namespace ballast::BALLAST_ISA { void f(double*, std::size_t); }
// They work on raw pointers and include neither Eigen nor standard containers: those emit weak symbols, and the linker
// could then pick a v4 copy for all. What calls them declares them in namespace ballast, and picks one:
//   BALLAST_KERNELS(void f(double*, std::size_t);)
//   BALLAST_DISPATCH(f)(values, count);
#ifdef __x86_64__
#define BALLAST_KERNELS(...) \
  namespace baseline {       \
  __VA_ARGS__                \
  }                          \
  namespace v3 {             \
  __VA_ARGS__                \
  }                          \
  namespace v4 {             \
  __VA_ARGS__                \
  }
#define BALLAST_DISPATCH(function) \
  ::ballast::kernel_for_isa(&::ballast::baseline::function, &::ballast::v3::function, &::ballast::v4::function)
#else
#define BALLAST_KERNELS(...) \
  namespace baseline {       \
  __VA_ARGS__                \
  }
#define BALLAST_DISPATCH(function) (&::ballast::baseline::function)
#endif

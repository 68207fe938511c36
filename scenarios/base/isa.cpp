#include "scenarios/base/isa.h"

#include "scenarios/base/error.h"

namespace ballast {
namespace {

bool has_v4() {
#ifdef BALLAST_PORTABLE
  return false;
#else
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#endif
}

Isa chosen = has_v4() ? Isa::v4 : Isa::v3;

}  // namespace

Isa active_isa() { return chosen; }

void set_isa(Isa isa) {
  if (isa == Isa::v4 && !has_v4()) {
    throw Error(ExitCode::usage,
                "--isa v4: this processor has no AVX-512 (x86-64-v4); leave the option out, or say v3");
  }
  chosen = isa;
}

}  // namespace ballast

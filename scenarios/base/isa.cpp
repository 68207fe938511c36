#include "scenarios/base/isa.h"

#include <unistd.h>

#include "scenarios/base/error.h"

namespace ballast {
namespace {

#ifndef BALLAST_PORTABLE
/// Runs before everything else, also before other static initialisers, whose code may already need AVX2: this file
/// alone is compiled for any x86-64 (CMakeLists.txt).
__attribute__((constructor(101))) void refuse_old_processor() {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2")) return;
  static const char kMessage[] =
      "ballast: error: this processor has no AVX2 and FMA (x86-64-v3), which the program is built for; build it with "
      "cmake --preset portable\n";
  const auto written = write(STDERR_FILENO, kMessage, sizeof kMessage - 1);
  _exit(written < 0 ? int(ExitCode::cannot_write) : int(ExitCode::usage));
}
#endif

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

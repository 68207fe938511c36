#include "scenarios/base/isa.h"

#include <unistd.h>

#include "scenarios/base/error.h"

namespace ballast {
namespace {

#ifndef BALLAST_PORTABLE
/// Runs before everything else, also before other static initialisers, whose code may already need AVX2: this file and
/// the baseline's kernels alone are compiled for any x86-64 (CMakeLists.txt).
__attribute__((constructor(101))) void refuse_old_processor() {
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v3")) return;
  static const char kMessage[] =
      "ballast: error: this processor has no AVX2 and FMA (x86-64-v3), which this build of the program needs; build it "
      "on a processor like this one, or anywhere with cmake --preset portable\n";
  const auto written = write(STDERR_FILENO, kMessage, sizeof kMessage - 1);
  _exit(written < 0 ? int(ExitCode::cannot_write) : int(ExitCode::usage));
}
#endif

Isa find_best_isa() {
#ifdef __x86_64__
  if (__builtin_cpu_supports("x86-64-v4")) return Isa::v4;
  if (__builtin_cpu_supports("x86-64-v3")) return Isa::v3;
#endif
  return Isa::baseline;
}

Isa chosen = find_best_isa();

}  // namespace

Isa best_isa() {
  static const Isa best = find_best_isa();
  return best;
}

Isa active_isa() { return chosen; }

void set_isa(Isa isa) {
  if (isa > best_isa()) {
    throw Error(ExitCode::usage,
                isa == Isa::v4 ? "--isa v4: this processor has no AVX-512 (x86-64-v4); leave the option out, or say v3"
                               : "--isa v3: this processor has no AVX2 and FMA (x86-64-v3); leave the option out");
  }
  chosen = isa;
}

}  // namespace ballast

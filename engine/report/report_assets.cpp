#include "engine/report/report_assets.h"

// The assembler copies the files that CMakeLists.txt names into the program; a string literal of this size would not be
// portable, and far slower to compile.
#define EMBED(name, path)                                                                                             \
  asm(".section .rodata\n.global ballast_" #name "\nballast_" #name ":\n.incbin \"" path "\"\n.global ballast_" #name \
      "_end\nballast_" #name "_end:\n.byte 0\n.previous\n");                                                          \
  extern "C" const char ballast_##name[];                                                                             \
  extern "C" const char ballast_##name##_end[];

EMBED(report_style, BALLAST_REPORT_STYLE)
EMBED(report_script, BALLAST_REPORT_SCRIPT)

namespace ballast {

std::string_view report_style() {
  return {ballast_report_style, std::size_t(ballast_report_style_end - ballast_report_style)};
}

std::string_view report_script() {
  return {ballast_report_script, std::size_t(ballast_report_script_end - ballast_report_script)};
}

}  // namespace ballast

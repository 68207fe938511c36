#pragma once

#include <optional>
#include <string>

#include "scenarios/base/describe.h"

namespace ballast {

/// Makeham's law: force of mortality a + b exp(c x).
struct MakehamParameters {
  double a = 0.0, b = 0.0, c = 0.0;

  static void describe(auto& self, auto&& key) {
    key("a", self.a, Spec{.help = "force of mortality that does not depend on age", .min = 0, .max = 1});
    key("b", self.b,
        Spec{
            .help = "force at age 0 that grows with age", .min = 0, .max = 1, .exclusive_min = true, .required = true});
    key("c", self.c,
        Spec{.help = "growth of the force a year of age, in logarithms",
             .min = 0,
             .max = 1,
             .exclusive_min = true,
             .required = true});
  }
};

/// How people die: a table of q_x by age, or Gompertz-Makeham's law.
struct MortalityParameters {
  static constexpr const char* shorthand = "file";
  std::optional<InputPath> file;
  std::optional<std::string> column;
  std::optional<MakehamParameters> gompertz_makeham;
  double improvement = 0.0;
  std::optional<InputPath> improvements;
  std::optional<int> base_year;

  static void describe(auto& self, auto&& key) {
    key("file", self.file, Spec{.help = "CSV file: age, and a column of q_x, the probability to die within the year"});
    key("column", self.column,
        Spec{.help = "of q_x in the file, such as male; default: qx, or what the members' column "
                     "sex says"});
    key("gompertz_makeham", self.gompertz_makeham, Spec{.help = "law of mortality instead of a table"});
    key("improvement", self.improvement,
        Spec{.help = "yearly decrease of mortality, at all ages", .min = -0.1, .max = 0.2});
    key("improvements", self.improvements,
        Spec{.help = "CSV file of yearly decreases by age instead: age, and a column as in file, or improvement"});
    key("base_year", self.base_year,
        Spec{.help = "calendar year of the table, from which mortality decreases; default: the valuation date's",
             .min = 1800,
             .max = 2200});
  }
  void check(auto&& problem) const {
    if (file.has_value() == gompertz_makeham.has_value())
      problem("file", "or gompertz_makeham must be given, one of the two");
    if (improvements && !file) problem("improvements", "is only for a table of mortality");
  }
};

}  // namespace ballast

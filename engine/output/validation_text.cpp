#include "engine/output/validation_text.h"

#include <fmt/format.h>

#include "engine/output/labels.h"

namespace ballast {

std::string validation_csv(const Validation& validation) {
  std::string text = "against,of,statistic,reference,reference_error,scenarios,standard_error,z,pass\n";
  for (const ValidationRow& row : validation.rows) {
    text += fmt::format("{},{},{},{},{},{},{},{},{}\n", row.against, csv_field(row.of), csv_field(row.statistic),
                        csv_number(row.reference), csv_number(row.reference_error), csv_number(row.scenarios.value),
                        csv_number(row.scenarios.standard_error), csv_number(row.z), row.pass ? 1 : 0);
  }
  return text;
}

std::string validation_line(const Validation& validation) {
  constexpr std::size_t kNamed = 6;
  std::string failed;
  std::size_t count = 0;
  for (const ValidationRow& row : validation.rows) {
    if (row.pass || ++count > kNamed) continue;
    failed += fmt::format("{}{}: {} ({:.3g}, not {:.3g})", failed.empty() ? "" : "; ", row.of, row.statistic,
                          row.scenarios.value, row.reference);
  }
  std::string text = fmt::format(
      "Validation: {} of {} statistics of the scenarios pass against history and theory (at {:g}%, all rows together)",
      validation.passed(), validation.rows.size(), 100 * validation.level);
  if (count == 0) return text + '.';
  text += count == 1 ? "; the other is " : "; the others are ";
  return text + failed + (count > kNamed ? fmt::format("; and {} more in validation.csv.", count - kNamed) : ".");
}

}  // namespace ballast

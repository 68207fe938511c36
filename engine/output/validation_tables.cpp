#include "engine/output/validation_tables.h"

#include <fmt/format.h>

#include "engine/output/labels.h"
#include "engine/output/results_datasets.h"

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

void write_validation(hdf5::Group& file, const Validation& validation) {
  if (validation.rows.empty()) return;
  hdf5::Group group = file.create_group("validation");
  hdf5::Dataset row =
      create_scale(group, {"row", "row of the scenarios' validation", ""}, std::uint64_t(validation.rows.size()));
  auto texts = [&](const DatasetDescription& description, std::string ValidationRow::*member) {
    std::vector<std::string> values;
    for (const ValidationRow& one : validation.rows) values.push_back(one.*member);
    create_labelled(group, description, hdf5::Type::text, {&row}).write(values);
  };
  auto numbers = [&](const DatasetDescription& description, hdf5::Type type, auto&& value_of) {
    std::vector<double> values;
    for (const ValidationRow& one : validation.rows) values.push_back(value_of(one));
    create_labelled(group, description, type, {&row}).write(values);
  };
  constexpr auto float64 = hdf5::Type::float64;
  using Row = ValidationRow;
  texts({"against", "what the scenarios are compared with", ""}, &Row::against);
  texts({"of", "what the statistic is of", ""}, &Row::of);
  texts({"statistic", "statistic", ""}, &Row::statistic);
  numbers({"reference", "value in the history or in theory", ""}, float64, [](const Row& r) { return r.reference; });
  numbers({"reference_error", "sampling error of reference", ""}, float64,
          [](const Row& r) { return r.reference_error; });
  numbers({"scenarios", "value in the scenarios", ""}, float64, [](const Row& r) { return r.scenarios.value; });
  numbers({"standard_error", "Monte Carlo error of scenarios", ""}, float64,
          [](const Row& r) { return r.scenarios.standard_error; });
  numbers({"z", "difference over both errors", ""}, float64, [](const Row& r) { return r.z; });
  numbers({"pass", "1: within the critical value", ""}, hdf5::Type::int64,
          [](const Row& r) { return r.pass ? 1.0 : 0.0; });
}

}  // namespace ballast

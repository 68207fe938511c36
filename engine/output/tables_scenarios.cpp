#include "engine/output/distribution_rows.h"
#include "engine/output/results_datasets.h"
#include "engine/output/table_builders.h"
#include "engine/output/table_columns.h"

namespace ballast {

ResultTable distribution_table(const Results& r) {
  return TableColumns("distributions", "distributions over scenarios at the report times", distribution_rows(r))
      .text("quantity", &DistributionRow::quantity)
      .text("portfolio", &DistributionRow::portfolio)
      .number("time", units::years, &DistributionRow::time)
      .text("statistic", &DistributionRow::statistic)
      .number("value", "", &DistributionRow::value)
      .take();
}

ResultTable view_table(const Results& r) {
  return TableColumns("views", "views that re-weighted the scenarios, before and after", r.views)
      .text("sample", &ViewRow::sample)
      .text("view", &ViewRow::view)
      .text("relation", &ViewRow::relation)
      .number("target", "", &ViewRow::target)
      .number("confidence", units::fraction, &ViewRow::confidence)
      .number("prior", "", &ViewRow::prior)
      .number("posterior", "", &ViewRow::posterior)
      .take();
}

ResultTable view_set_table(const Results& r) {
  return TableColumns("view_sets", "what the views did to each scenario set", r.view_sets)
      .text("sample", &ViewSet::sample)
      .integer("scenarios", [](const ViewSet& set) { return std::int64_t(set.scenarios); })
      .number("effective_by_entropy", "", &ViewSet::effective_by_entropy)
      .number("effective_by_squares", "", &ViewSet::effective_by_squares)
      .number("relative_entropy", "", &ViewSet::relative_entropy)
      .take();
}

ResultTable validation_table(const Results& r) {
  return TableColumns("validation", "scenarios against the history and theory", r.validation.rows)
      .text("against", &ValidationRow::against)
      .text("of", &ValidationRow::of)
      .text("statistic", &ValidationRow::statistic)
      .number("reference", "", &ValidationRow::reference)
      .number("reference_error", "", &ValidationRow::reference_error)
      .estimate("scenarios", "", &ValidationRow::scenarios)
      .number("z", "", &ValidationRow::z)
      .integer("pass", [](const ValidationRow& row) { return std::int64_t(row.pass); })
      .take();
}

ResultTable regime_table(const Results& r) {
  return TableColumns("regime_probability", "regimes of the scenario model in the history", r.regimes)
      .text("date", &RegimeRow::date)
      .integer("regime", &RegimeRow::regime)
      .number("filtered", units::fraction, &RegimeRow::filtered)
      .number("smoothed", units::fraction, &RegimeRow::smoothed)
      .take();
}

}  // namespace ballast

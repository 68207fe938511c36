#include "engine/output/labels.h"
#include "engine/output/results_datasets.h"
#include "engine/output/table_builders.h"
#include "engine/output/table_columns.h"

namespace ballast {
namespace {

/// One statistic of one distribution.
struct Statistic {
  std::string portfolio, quantity;
  double time = 0.0;
  std::string statistic;
  double value = 0.0;
};

class DistributionRows {
 public:
  explicit DistributionRows(const Results& results) : results_(results) {}

  void add(const std::string& portfolio, const std::string& quantity, double time, const Distribution& d) {
    if (d.quantiles.empty()) return;
    add(portfolio, quantity, time, d.mean);
    for (std::size_t k = 0; k < d.quantiles.size(); ++k) {
      rows.push_back({portfolio, quantity, time, quantile_label(results_.quantile_levels.at(k)), d.quantiles[k]});
    }
  }
  void add(const std::string& portfolio, const std::string& quantity, double time, const Estimate& mean) {
    rows.push_back({portfolio, quantity, time, "mean", mean.value});
    rows.push_back({portfolio, quantity, time, "standard_error", mean.standard_error});
  }

  std::vector<Statistic> rows;

 private:
  const Results& results_;
};

}  // namespace

ResultTable distribution_table(const Results& r) {
  DistributionRows all(r);
  auto add_projection = [&](const char* portfolio, const std::vector<ProjectionRow>& rows) {
    for (const ProjectionRow& row : rows) {
      all.add(portfolio, "assets", row.time, row.assets);
      all.add(portfolio, "surplus", row.time, row.surplus);
      all.add(portfolio, "funding_ratio", row.time, row.funding_ratio);
      if (!row.funding_ratio.quantiles.empty()) {
        all.add(portfolio, "shortfall_probability", row.time, row.shortfall_probability);
      }
    }
  };
  // The liabilities and rates are the same whatever the portfolio.
  for (const ProjectionRow& row : r.projection.empty() ? r.projection_current : r.projection) {
    all.add("", "liability_pv", row.time, row.liability_pv);
    all.add("", "liability_duration", row.time, row.liability_duration);
  }
  add_projection("optimal", r.projection);
  add_projection("current", r.projection_current);
  if (r.policy) add_projection("policy", r.policy->projection);
  for (const RateRow& row : r.rates) {
    all.add("", "short_rate", row.time, row.short_rate);
    all.add("", "ten_year_rate", row.time, row.ten_year_rate);
    all.add("", "slope", row.time, row.slope);
    all.add("", "negative_short_rate", row.time, Estimate{row.negative_share, kNan});
  }
  for (const auto* list : {&r.market_levels, &r.liability_measures}) {
    for (const QuantityDistributions& quantity : *list) {
      for (std::size_t t = 0; t < quantity.at.size(); ++t) all.add("", quantity.name(), r.times.at(t), quantity.at[t]);
    }
  }
  return TableColumns("distributions", "distributions over scenarios at the report times", std::move(all.rows))
      .text("quantity", &Statistic::quantity)
      .text("portfolio", &Statistic::portfolio)
      .number("time", units::years, &Statistic::time)
      .text("statistic", &Statistic::statistic)
      .number("value", "", &Statistic::value)
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

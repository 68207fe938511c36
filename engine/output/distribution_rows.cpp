#include "engine/output/distribution_rows.h"

#include <utility>

#include "engine/output/labels.h"
#include "engine/output/table_columns.h"

namespace ballast {
namespace {

class DistributionRows {
 public:
  explicit DistributionRows(const Results& results) : results_(results) {}

  void add_projection(const std::string& portfolio, const std::vector<ProjectionRow>& rows) {
    for (const ProjectionRow& row : rows) {
      // The liabilities are the same whatever the portfolio.
      if (!with_liabilities_) {
        add("", "liability_pv", row.time, row.liability_pv);
        add("", "liability_duration", row.time, row.liability_duration);
      }
      add(portfolio, "assets", row.time, row.assets);
      add(portfolio, "surplus", row.time, row.surplus);
      add(portfolio, "funding_ratio", row.time, row.funding_ratio);
      if (!row.funding_ratio.quantiles.empty()) {
        add(portfolio, "shortfall_probability", row.time, row.shortfall_probability);
      }
    }
    with_liabilities_ = with_liabilities_ || !rows.empty();
  }
  void add_rates(const RateRow& row) {
    add("", "short_rate", row.time, row.short_rate);
    add("", "ten_year_rate", row.time, row.ten_year_rate);
    add("", "slope", row.time, row.slope);
    add("", "negative_short_rate", row.time, Estimate{row.negative_share, kNan});
  }
  void add_quantities(const std::vector<QuantityDistributions>& list) {
    for (const QuantityDistributions& quantity : list) {
      for (std::size_t t = 0; t < quantity.at.size(); ++t) {
        add("", quantity.name(), results_.times.at(t), quantity.at[t]);
      }
    }
  }
  std::vector<DistributionRow> take() { return std::move(rows_); }

 private:
  void add(const std::string& portfolio, const std::string& quantity, double time, const Distribution& d) {
    if (d.quantiles.empty()) return;
    add(portfolio, quantity, time, d.mean);
    for (std::size_t k = 0; k < d.quantiles.size(); ++k) {
      rows_.push_back({portfolio, quantity, time, quantile_label(results_.quantile_levels.at(k)), d.quantiles[k]});
    }
  }
  void add(const std::string& portfolio, const std::string& quantity, double time, const Estimate& mean) {
    rows_.push_back({portfolio, quantity, time, "mean", mean.value});
    rows_.push_back({portfolio, quantity, time, "standard_error", mean.standard_error});
  }

  const Results& results_;
  bool with_liabilities_ = false;
  std::vector<DistributionRow> rows_;
};

}  // namespace

std::vector<DistributionRow> distribution_rows(const Results& results) {
  DistributionRows all(results);
  all.add_projection("optimal", results.projection);
  all.add_projection("current", results.projection_current);
  if (results.policy) all.add_projection("policy", results.policy->projection);
  for (const RateRow& row : results.rates) all.add_rates(row);
  all.add_quantities(results.market_levels);
  all.add_quantities(results.liability_measures);
  return all.take();
}

}  // namespace ballast

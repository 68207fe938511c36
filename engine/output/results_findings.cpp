#include "engine/output/results_findings.h"

#include <limits>
#include <string>

#include "engine/output/results_datasets.h"

namespace ballast {
namespace {

using hdf5::Dataset;
using hdf5::Type;

/// Writes one part of the findings after the other; what a study does not have leaves no group.
class Findings {
 public:
  Findings(hdf5::File& file, const ResultsLayout& layout, const ResultsScales& scales, const Results& results)
      : file_(file), layout_(layout), scales_(scales), results_(results) {}

  void write_weights();
  void write_projection();
  void write_liabilities();
  void write_stress();
  void write_frontier();
  void write_policy();
  void write_contributions();

 private:
  void write_quantiles(hdf5::Group& group, const std::vector<ProjectionRow>& rows, bool with_liabilities);
  void write_quantiles(const std::vector<QuantityDistributions>& rows);

  hdf5::File& file_;
  const ResultsLayout& layout_;
  const ResultsScales& scales_;
  const Results& results_;
};

void Findings::write_quantiles(hdf5::Group& group, const std::vector<ProjectionRow>& rows, bool with_liabilities) {
  if (!scales_.time || !scales_.quantile || rows.empty()) return;
  require_consistent(rows.size() == layout_.times.size(), "the projection has other times than the layout");
  auto write = [&](const DatasetDescription& description, Distribution ProjectionRow::*quantity) {
    std::vector<double> values;
    for (const ProjectionRow& row : rows) {
      const std::vector<double>& levels = (row.*quantity).quantiles;
      require_consistent(levels.size() == layout_.quantile_levels.size(),
                         "a distribution has other quantiles than the layout");
      values.insert(values.end(), levels.begin(), levels.end());
    }
    create_labelled(group, description, Type::float64, {&*scales_.time, &*scales_.quantile}).write(values);
  };
  if (layout_.liabilities && with_liabilities) {
    write({"liability_pv_quantile", "quantiles of liability_pv", units::currency}, &ProjectionRow::liability_pv);
    write({"liability_duration_quantile", "quantiles of liability_duration", units::years},
          &ProjectionRow::liability_duration);
  }
  if (layout_.balance) {
    write({"assets_value_quantile", "quantiles of assets_value", units::currency}, &ProjectionRow::assets);
    write({"surplus_quantile", "quantiles of surplus", units::currency}, &ProjectionRow::surplus);
    write({"funding_ratio_quantile", "quantiles of funding_ratio", units::fraction}, &ProjectionRow::funding_ratio);
  }
}

/// One dataset a quantity: (time, quantile), or (time, which, quantile) where there are several of it.
void Findings::write_quantiles(const std::vector<QuantityDistributions>& rows) {
  if (!scales_.time || !scales_.quantile) return;
  for (std::size_t first = 0, end = 0; first < rows.size(); first = end) {
    while (end < rows.size() && rows[end].quantity == rows[first].quantity) ++end;
    std::vector<const Dataset*> axes{&*scales_.time};
    if (!rows[first].of.empty())
      axes.push_back(rows[first].quantity == "credit_spread" ? &*scales_.spread : &*scales_.key_rate);
    axes.push_back(&*scales_.quantile);
    std::vector<double> values;
    for (std::size_t t = 0; t < layout_.times.size(); ++t) {
      for (std::size_t k = first; k < end; ++k) {
        const std::vector<double>& levels = rows[k].at.at(t).quantiles;
        require_consistent(levels.size() == layout_.quantile_levels.size(),
                           "a distribution has other quantiles than the layout");
        values.insert(values.end(), levels.begin(), levels.end());
      }
    }
    const std::string name = rows[first].quantity + "_quantile", meaning = "quantiles of " + rows[first].quantity;
    create_labelled(file_, {name.c_str(), meaning.c_str(), rows[first].unit.c_str()}, Type::float64, axes)
        .write(values);
  }
}

void Findings::write_weights() {
  auto write = [&](const DatasetDescription& description, const std::optional<PortfolioResult>& portfolio) {
    if (!scales_.asset || !portfolio) return;
    require_consistent(portfolio->weights.size() == layout_.asset_names.size(),
                       "a portfolio has other assets than the layout");
    create_labelled(file_, description, Type::float64, {&*scales_.asset}).write(portfolio->weights);
  };
  write({"weights", "optimal weights", units::fraction}, results_.portfolio);
  write({"weights_current", "current weights", units::fraction}, results_.current);
}

void Findings::write_projection() {
  write_quantiles(file_, results_.portfolio ? results_.projection : results_.projection_current, true);
  if (layout_.current_balance && scales_.time) {
    hdf5::Group current = file_.open_group("current");
    write_quantiles(current, results_.projection_current, false);
  }
  write_quantiles(results_.liability_measures);
  write_quantiles(results_.market_levels);
}

void Findings::write_liabilities() {
  if (!results_.liability) return;
  const std::vector<LiabilityResult> all = liabilities_and_total(results_);
  hdf5::Group group = file_.create_group("liabilities");
  std::vector<std::string> names;
  for (const LiabilityResult& one : all) names.push_back(one.name);
  Dataset scale = create_scale(group, {"liability", "liability, the total last", ""}, names);
  auto write = [&](const DatasetDescription& description, double LiabilityResult::*quantity) {
    std::vector<double> values;
    for (const LiabilityResult& one : all) values.push_back(one.*quantity);
    create_labelled(group, description, Type::float64, {&scale}).write(values);
  };
  write({"pv", "present value at the valuation date", units::currency}, &LiabilityResult::pv);
  write({"macaulay_duration", "Macaulay duration", units::years}, &LiabilityResult::macaulay_duration);
  write({"modified_duration", "modified duration", units::years}, &LiabilityResult::modified_duration);
  write({"convexity", "convexity", units::years_squared}, &LiabilityResult::convexity);
  write({"effective_duration", "effective duration", units::years}, &LiabilityResult::effective_duration);
  write({"dv01", "gain in value when rates fall by a basis point", units::currency}, &LiabilityResult::dv01);
  write({"inflation_duration", "sensitivity to expected inflation", units::years},
        &LiabilityResult::inflation_duration);
  if (scales_.key_rate) {
    std::vector<double> values;
    for (const LiabilityResult& one : all) {
      require_consistent(one.key_rate_durations.size() == layout_.key_rate_tenors.size(),
                         "a liability has other key rates");
      values.insert(values.end(), one.key_rate_durations.begin(), one.key_rate_durations.end());
    }
    create_labelled(group, {"key_rate_duration", "key-rate durations", units::years}, Type::float64,
                    {&scale, &*scales_.key_rate})
        .write(values);
  }
  if (!results_.instrument_tenors.empty() && !all.back().instrument_changes.empty()) {
    Dataset instrument =
        create_scale(group, {"instrument_tenor", "tenors of the quotes that the curve is made of", units::years},
                     results_.instrument_tenors);
    std::vector<double> values;
    for (const LiabilityResult& one : all) {
      require_consistent(one.instrument_changes.size() == results_.instrument_tenors.size(),
                         "a liability has other instruments");
      values.insert(values.end(), one.instrument_changes.begin(), one.instrument_changes.end());
    }
    create_labelled(group,
                    {"instrument_sensitivity", "change in value when a quote rises by a basis point", units::currency},
                    Type::float64, {&scale, &instrument})
        .write(values);
  }
  if (!all.back().flow_times.empty()) {
    Dataset flow_time =
        create_scale(group, {"flow_time", "time of payment of all liabilities", units::years}, all.back().flow_times);
    create_labelled(group, {"flow_amount", "payments of all liabilities", units::currency}, Type::float64, {&flow_time})
        .write(all.back().flow_amounts);
  }
}

// Rows come stress by stress, each with the same portfolios in the same order.
void Findings::write_stress() {
  const std::vector<StressRow>& rows = results_.stress;
  if (rows.empty() || !scales_.asset) return;
  std::vector<std::string> stresses, portfolios;
  for (const StressRow& row : rows) {
    if (stresses.empty() || stresses.back() != row.name) stresses.push_back(row.name);
    if (row.name == rows[0].name) portfolios.push_back(row.portfolio);
  }
  require_consistent(rows.size() == stresses.size() * portfolios.size(), "a stress lacks a portfolio");
  hdf5::Group group = file_.create_group("stress");
  Dataset stress = create_scale(group, {"stress", "stress, the unstressed balance sheet first", ""}, stresses);
  Dataset portfolio = create_scale(group, {"portfolio", "portfolio", ""}, portfolios);
  auto write = [&](const DatasetDescription& description, double StressRow::*quantity) {
    std::vector<double> values;
    for (const StressRow& row : rows) values.push_back(row.*quantity);
    create_labelled(group, description, Type::float64, {&stress, &portfolio}).write(values);
  };
  write({"assets_value", "value of the assets", units::currency}, &StressRow::assets);
  write({"liability_pv", "present value of the liabilities", units::currency}, &StressRow::liability_pv);
  write({"liability_duration", "Macaulay duration of the liabilities", units::years}, &StressRow::liability_duration);
  write({"surplus", "assets less liabilities", units::currency}, &StressRow::surplus);
  write({"funding_ratio", "assets over liabilities", units::fraction}, &StressRow::funding_ratio);
  auto write_shocks = [&](const DatasetDescription& description, std::vector<double> StressRow::*shocks,
                          const Dataset& scale) {
    std::vector<double> values;
    for (std::size_t k = 0; k < rows.size(); k += portfolios.size()) {
      values.insert(values.end(), (rows[k].*shocks).begin(), (rows[k].*shocks).end());
    }
    create_labelled(group, description, Type::float64, {&stress, &scale}).write(values);
  };
  write_shocks({"asset_change", "sudden return of each asset", units::fraction}, &StressRow::asset_shocks,
               *scales_.asset);
  if (!results_.curve_tenors.empty()) {
    Dataset curve_tenor =
        create_scale(group, {"curve_tenor", "tenor of the initial curve", units::years}, results_.curve_tenors);
    write_shocks({"rate_change", "change of the zero rate", units::rate}, &StressRow::rate_shocks, curve_tenor);
  }
}

void Findings::write_frontier() {
  if (results_.frontier.empty() || !scales_.asset) return;
  hdf5::Group group = file_.create_group("frontier");
  Dataset point = create_scale(group, {"point", "point of the frontier, from the least CVaR", ""},
                               std::uint64_t(results_.frontier.size()));
  auto write = [&](const DatasetDescription& description, auto&& value_of) {
    std::vector<double> values;
    for (const FrontierPoint& at : results_.frontier) values.push_back(value_of(at));
    create_labelled(group, description, Type::float64, {&point}).write(values);
  };
  write({"expected_return", "expected return over the horizon, in sample", units::fraction},
        [](const FrontierPoint& at) { return at.expected_return; });
  write({"cvar", "CVaR of the loss, in sample", units::initial_assets},
        [](const FrontierPoint& at) { return at.value; });
  write({"cvar_lower_bound", "proven lower bound of cvar", units::initial_assets},
        [](const FrontierPoint& at) { return at.lower_bound.value_or(std::numeric_limits<double>::quiet_NaN()); });
  write({"cvar_fresh", "CVaR of the loss on fresh scenarios", units::initial_assets},
        [](const FrontierPoint& at) { return at.fresh.value; });
  write({"cvar_fresh_standard_error", "standard error of cvar_fresh", units::initial_assets},
        [](const FrontierPoint& at) { return at.fresh.standard_error; });
  if (results_.frontier[0].band) {
    write({"expected_return_low", "5% quantile over resamples", units::fraction},
          [](const FrontierPoint& at) { return at.band->return_low; });
    write({"expected_return_high", "95% quantile over resamples", units::fraction},
          [](const FrontierPoint& at) { return at.band->return_high; });
    write({"cvar_low", "5% quantile over resamples", units::initial_assets},
          [](const FrontierPoint& at) { return at.band->cvar_low; });
    write({"cvar_high", "95% quantile over resamples", units::initial_assets},
          [](const FrontierPoint& at) { return at.band->cvar_high; });
  }
  std::vector<double> weights;
  for (const FrontierPoint& at : results_.frontier) weights.insert(weights.end(), at.weights.begin(), at.weights.end());
  create_labelled(group, {"weights", "weights", units::fraction}, Type::float64, {&point, &*scales_.asset})
      .write(weights);
}

void Findings::write_policy() {
  if (!results_.policy || !scales_.asset) return;
  const PolicyResult& policy = *results_.policy;
  hdf5::Group group = file_.create_group("policy");
  Dataset from = create_scale(group, {"from", "when each period's weights begin", units::years}, policy.from_years);
  std::vector<double> weights;
  for (const auto& of_period : policy.weights) weights.insert(weights.end(), of_period.begin(), of_period.end());
  create_labelled(group, {"weights", "weights from then on", units::fraction}, Type::float64, {&from, &*scales_.asset})
      .write(weights);
  write_quantiles(group, policy.projection, false);
}

/// Reduced costs, and contributions by loss and portfolio: `return` first, each with the same portfolios.
void Findings::write_contributions() {
  if (!scales_.asset) return;
  if (results_.optimizer && !results_.optimizer->reduced_costs.empty()) {
    create_labelled(file_, {"reduced_cost", "rise of the optimum a unit of weight held beyond it", ""}, Type::float64,
                    {&*scales_.asset})
        .write(results_.optimizer->reduced_costs);
  }
  const std::vector<ContributionRow>& rows = results_.contributions;
  if (rows.empty()) return;
  hdf5::Group group = file_.create_group("contributions");
  std::vector<std::string> names;
  std::vector<double> value, error, rest;
  for (const ContributionRow& row : rows) {
    names.push_back(row.portfolio + " " + row.of);
    for (const Estimate& one : row.asset) {
      value.push_back(one.value);
      error.push_back(one.standard_error);
    }
    rest.push_back(row.rest.value);
  }
  Dataset row = create_scale(group, {"portfolio_loss", "portfolio and its loss", ""}, names);
  create_labelled(group, {"cvar", "what each asset adds to CVaR", units::initial_assets}, Type::float64,
                  {&row, &*scales_.asset})
      .write(value);
  create_labelled(group, {"cvar_standard_error", "standard error of cvar", units::initial_assets}, Type::float64,
                  {&row, &*scales_.asset})
      .write(error);
  create_labelled(group, {"cvar_rest", "what the liabilities add to CVaR", units::initial_assets}, Type::float64,
                  {&row})
      .write(rest);
}

}  // namespace

void write_weights(hdf5::File& file, const ResultsLayout& layout, const ResultsScales& scales, const Results& results) {
  Findings(file, layout, scales, results).write_weights();
}

void write_findings(hdf5::File& file, const ResultsLayout& layout, const ResultsScales& scales,
                    const Results& results) {
  Findings findings(file, layout, scales, results);
  findings.write_weights();
  findings.write_projection();
  findings.write_liabilities();
  findings.write_stress();
  findings.write_frontier();
  findings.write_policy();
  findings.write_contributions();
}

}  // namespace ballast

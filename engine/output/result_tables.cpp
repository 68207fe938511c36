#include "engine/output/result_tables.h"

#include <limits>
#include <stdexcept>

#include "engine/output/labels.h"
#include "engine/output/results_datasets.h"
#include "engine/output/table_columns.h"

namespace ballast {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

double or_nan(const std::optional<double>& value) { return value.value_or(kNan); }

/// One number of a table keyed by texts: liability and key rate, stress and asset, ...
struct Entry {
  std::string first, second;
  double at = 0.0, value = 0.0, further = 0.0;
};

/// Every portfolio that was measured.
std::vector<const PortfolioResult*> portfolios(const Results& r) {
  std::vector<const PortfolioResult*> all;
  if (r.portfolio) all.push_back(&*r.portfolio);
  if (r.current) all.push_back(&*r.current);
  return all;
}

ResultTable weights_table(const Results& r) {
  std::vector<Entry> rows;
  for (const PortfolioResult* held : portfolios(r)) {
    for (std::size_t k = 0; k < held->weights.size(); ++k) {
      rows.push_back({held->name, r.asset_names.at(k), 0.0, held->weights[k]});
    }
  }
  return TableColumns("weights", "weights of the portfolios", rows)
      .text("portfolio", &Entry::first)
      .text("asset", &Entry::second)
      .number("weight", units::fraction, &Entry::value)
      .take();
}

ResultTable portfolio_table(const Results& r) {
  std::vector<PortfolioResult> rows;
  for (const PortfolioResult* held : portfolios(r)) rows.push_back(*held);
  return TableColumns("portfolios", "return of the portfolios over the risk horizon", rows)
      .text("portfolio", &PortfolioResult::name)
      .number("horizon_years", units::years, [&](const auto&) { return or_nan(r.risk_horizon_years); })
      .number("confidence", units::fraction, [&](const auto&) { return or_nan(r.confidence); })
      .estimate("expected_return", units::fraction, &PortfolioResult::expected_return)
      .estimate("volatility", units::fraction, &PortfolioResult::volatility)
      .estimate("sharpe", "", &PortfolioResult::sharpe)
      .estimate("var", units::fraction, &PortfolioResult::var)
      .estimate("cvar", units::fraction, &PortfolioResult::cvar)
      .take();
}

ResultTable risk_table(const Results& r) {
  return TableColumns("risk", "value-at-risk and conditional value-at-risk", r.risk)
      .text("of", &RiskRow::of)
      .text("portfolio", &RiskRow::portfolio)
      .number("horizon_years", units::years, &RiskRow::horizon_years)
      .number("confidence", units::fraction, &RiskRow::confidence)
      .text("sample", &RiskRow::sample)
      .estimate("var", units::initial_assets, &RiskRow::var)
      .estimate("cvar", units::initial_assets, &RiskRow::cvar)
      .take();
}

ResultTable balance_table(const Results& r) {
  std::vector<BalanceResult> rows;
  if (r.balance) rows.push_back(*r.balance);
  return TableColumns("balance", "balance sheet at the valuation date", rows)
      .number("assets", units::currency, &BalanceResult::assets)
      .number("liability_pv", units::currency, &BalanceResult::liability_pv)
      .number("surplus", units::currency, &BalanceResult::surplus)
      .number("funding_ratio", units::fraction, &BalanceResult::funding_ratio)
      .number("asset_duration", units::years, [](const auto& b) { return or_nan(b.asset_duration); })
      .number("duration_gap", units::years, [](const auto& b) { return or_nan(b.duration_gap); })
      .number("dv01_gap", units::currency, [](const auto& b) { return or_nan(b.dv01_gap); })
      .take();
}

std::vector<LiabilityResult> liabilities_and_total(const Results& r) {
  std::vector<LiabilityResult> all = r.liabilities;
  if (r.liability) {
    all.push_back(*r.liability);
    all.back().name = "total";
  }
  return all;
}

ResultTable liability_table(const Results& r) {
  return TableColumns("liabilities", "liabilities at the valuation date", liabilities_and_total(r))
      .text("liability", &LiabilityResult::name)
      .number("pv", units::currency, &LiabilityResult::pv)
      .number("macaulay_duration", units::years, &LiabilityResult::macaulay_duration)
      .number("modified_duration", units::years, &LiabilityResult::modified_duration)
      .number("convexity", units::years_squared, &LiabilityResult::convexity)
      .take();
}

ResultTable key_rate_table(const Results& r) {
  std::vector<Entry> rows;
  for (const LiabilityResult& one : liabilities_and_total(r)) {
    for (std::size_t k = 0; k < one.key_rate_durations.size(); ++k) {
      rows.push_back({one.name, "", r.key_rate_tenors.at(k), one.key_rate_durations[k]});
    }
  }
  return TableColumns("key_rates", "key-rate durations of the liabilities", rows)
      .text("liability", &Entry::first)
      .number("key_rate", units::years, &Entry::at)
      .number("duration", units::years, &Entry::value)
      .take();
}

ResultTable cash_flow_table(const Results& r) {
  std::vector<Entry> rows;
  for (const LiabilityResult& one : r.liabilities) {
    for (std::size_t k = 0; k < one.flow_times.size(); ++k) {
      rows.push_back({one.name, "", one.flow_times[k], one.flow_amounts.at(k)});
    }
  }
  return TableColumns("cash_flows", "payments of the liabilities", rows)
      .text("liability", &Entry::first)
      .number("time", units::years, &Entry::at)
      .number("amount", units::currency, &Entry::value)
      .take();
}

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

  void add(const std::string& portfolio, const char* quantity, double time, const Distribution& d) {
    if (d.quantiles.empty()) return;
    add(portfolio, quantity, time, d.mean);
    for (std::size_t k = 0; k < d.quantiles.size(); ++k) {
      rows.push_back({portfolio, quantity, time, quantile_label(results_.quantile_levels.at(k)), d.quantiles[k]});
    }
  }
  void add(const std::string& portfolio, const char* quantity, double time, const Estimate& mean) {
    rows.push_back({portfolio, quantity, time, "mean", mean.value});
    rows.push_back({portfolio, quantity, time, "standard_error", mean.standard_error});
  }

  std::vector<Statistic> rows;

 private:
  const Results& results_;
};

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
  for (const RateRow& row : r.rates) {
    all.add("", "short_rate", row.time, row.short_rate);
    all.add("", "ten_year_rate", row.time, row.ten_year_rate);
    all.add("", "slope", row.time, row.slope);
    all.add("", "negative_short_rate", row.time, Estimate{row.negative_share, kNan});
  }
  return TableColumns("distributions", "distributions over scenarios at the report times", std::move(all.rows))
      .text("quantity", &Statistic::quantity)
      .text("portfolio", &Statistic::portfolio)
      .number("time", units::years, &Statistic::time)
      .text("statistic", &Statistic::statistic)
      .number("value", "", &Statistic::value)
      .take();
}

ResultTable frontier_table(const Results& r) {
  return TableColumns("frontier", "efficient frontier", r.frontier)
      .integer("point", [next = std::int64_t(0)](const FrontierPoint&) mutable { return next++; })
      .number("expected_return", units::fraction, &FrontierPoint::expected_return)
      .number("cvar", units::initial_assets, &FrontierPoint::value)
      .number("lower_bound", units::initial_assets, [](const auto& at) { return or_nan(at.lower_bound); })
      .estimate("fresh_cvar", units::initial_assets, &FrontierPoint::fresh)
      .text("status", &FrontierPoint::status)
      .take();
}

ResultTable frontier_weight_table(const Results& r) {
  std::vector<Entry> rows;
  for (std::size_t p = 0; p < r.frontier.size(); ++p) {
    for (std::size_t k = 0; k < r.frontier[p].weights.size(); ++k) {
      rows.push_back({r.asset_names.at(k), "", double(p), r.frontier[p].weights[k]});
    }
  }
  return TableColumns("frontier_weights", "weights along the efficient frontier", rows)
      .integer("point", [](const Entry& row) { return std::int64_t(row.at); })
      .text("asset", &Entry::first)
      .number("weight", units::fraction, &Entry::value)
      .take();
}

ResultTable stress_table(const Results& r) {
  return TableColumns("stress", "balance sheet under each stress", r.stress)
      .text("stress", &StressRow::name)
      .text("portfolio", &StressRow::portfolio)
      .number("assets", units::currency, &StressRow::assets)
      .number("liability_pv", units::currency, &StressRow::liability_pv)
      .number("liability_duration", units::years, &StressRow::liability_duration)
      .number("surplus", units::currency, &StressRow::surplus)
      .number("funding_ratio", units::fraction, &StressRow::funding_ratio)
      .number("change_assets", units::currency, &StressRow::change_assets)
      .number("change_liability_pv", units::currency, &StressRow::change_liability_pv)
      .number("change_surplus", units::currency, &StressRow::change_surplus)
      .number("change_funding_ratio", units::fraction, &StressRow::change_funding_ratio)
      .take();
}

/// Shocks do not depend on the portfolio: those of each stress's first row.
ResultTable stress_asset_table(const Results& r) {
  std::vector<Entry> rows;
  const std::string* last = nullptr;
  for (const StressRow& row : r.stress) {
    if (last && *last == row.name) continue;
    last = &row.name;
    for (std::size_t k = 0; k < row.asset_shocks.size(); ++k) {
      rows.push_back({row.name, r.asset_names.at(k), 0.0, row.asset_shocks[k]});
    }
  }
  return TableColumns("stress_assets", "sudden return of each asset under each stress", rows)
      .text("stress", &Entry::first)
      .text("asset", &Entry::second)
      .number("change", units::fraction, &Entry::value)
      .take();
}

ResultTable asset_key_rate_table(const Results& r) {
  std::vector<Entry> rows;
  if (r.balance) {
    const BalanceResult& b = *r.balance;
    for (std::size_t k = 0; k < b.asset_key_rate_durations.size(); ++k) {
      Entry row{"", "", r.key_rate_tenors.at(k), b.asset_key_rate_durations[k]};
      row.further = k < b.key_rate_dv01_gap.size() ? b.key_rate_dv01_gap[k] : kNan;
      rows.push_back(row);
    }
  }
  return TableColumns("asset_key_rates", "key-rate durations of the assets, and the gap", rows)
      .number("key_rate", units::years, &Entry::at)
      .number("duration", units::years, &Entry::value)
      .number("dv01_gap", units::currency, &Entry::further)
      .take();
}

/// One cell of a grid of stresses.
struct GridCell {
  const StressGrid* grid;
  std::size_t row, column;
  std::size_t place() const { return row * grid->parallel_shifts.size() + column; }
};

ResultTable stress_grid_table(const Results& r) {
  std::vector<GridCell> cells;
  for (const StressGrid& grid : r.stress_grids) {
    for (std::size_t i = 0; i < grid.asset_returns.size(); ++i) {
      for (std::size_t j = 0; j < grid.parallel_shifts.size(); ++j) cells.push_back({&grid, i, j});
    }
  }
  return TableColumns("stress_grid", "balance sheet under a fall of assets and a shift of rates at once", cells)
      .text("grid", [](const GridCell& c) { return c.grid->name; })
      .text("portfolio", [](const GridCell& c) { return c.grid->portfolio; })
      .number("asset_return", units::fraction, [](const GridCell& c) { return c.grid->asset_returns[c.row]; })
      .number("parallel_shift", units::rate, [](const GridCell& c) { return c.grid->parallel_shifts[c.column]; })
      .number("funding_ratio", units::fraction, [](const GridCell& c) { return c.grid->funding_ratio.at(c.place()); })
      .number("surplus", units::currency, [](const GridCell& c) { return c.grid->surplus.at(c.place()); })
      .take();
}

ResultTable capital_table(const Results& r) {
  return TableColumns("capital", "capital that the regulators' stresses ask for", r.capital)
      .text("family", &CapitalResult::name)
      .text("portfolio", &CapitalResult::portfolio)
      .text("rule", &CapitalResult::rule)
      .number("capital", units::currency, &CapitalResult::capital)
      .number("available", units::currency, &CapitalResult::available)
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

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (std::size_t k = 0; k < lines.size(); ++k) text += (k ? "\n" : "") + lines[k];
  return text;
}

std::vector<std::string> split(const std::string& text, std::size_t count) {
  std::vector<std::string> lines(count);
  std::size_t at = 0;
  for (std::size_t k = 0; k < count && at <= text.size(); ++k) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    lines[k] = text.substr(at, end - at);
    at = end + 1;
  }
  return lines;
}

const hdf5::TableColumn* find_column(const ResultTable& table, std::string_view name) {
  for (const hdf5::TableColumn& column : table.columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

const hdf5::TableColumn& column_of(const ResultTable& table, std::string_view name) {
  if (const hdf5::TableColumn* column = find_column(table, name)) return *column;
  throw std::out_of_range("table " + table.name + " has no column " + std::string(name));
}

}  // namespace

std::size_t ResultTable::rows() const {
  return columns.empty() ? 0 : std::visit([](const auto& values) { return values.size(); }, columns[0].values);
}

bool ResultTable::has(std::string_view column) const { return find_column(*this, column) != nullptr; }

const std::vector<double>& ResultTable::numbers(std::string_view column) const {
  return std::get<std::vector<double>>(column_of(*this, column).values);
}

const std::vector<std::int64_t>& ResultTable::integers(std::string_view column) const {
  return std::get<std::vector<std::int64_t>>(column_of(*this, column).values);
}

const std::vector<std::string>& ResultTable::texts(std::string_view column) const {
  return std::get<std::vector<std::string>>(column_of(*this, column).values);
}

const std::string& ResultTable::unit(std::string_view column) const {
  return units.at(std::size_t(&column_of(*this, column) - columns.data()));
}

std::vector<ResultTable> result_tables(const Results& results) {
  std::vector<ResultTable> tables;
  for (auto table :
       {balance_table, portfolio_table, risk_table, weights_table, liability_table, key_rate_table, cash_flow_table,
        distribution_table, frontier_table, frontier_weight_table, stress_table, stress_asset_table, stress_grid_table,
        capital_table, asset_key_rate_table, validation_table, regime_table}) {
    tables.push_back(table(results));
    if (tables.back().rows() == 0) tables.pop_back();
  }
  return tables;
}

void write_tables(hdf5::File& file, const std::vector<ResultTable>& tables) {
  if (tables.empty()) return;
  hdf5::Group group = file.create_group("tables");
  for (const ResultTable& table : tables) {
    hdf5::Dataset dataset = group.create_table(table.name, table.columns);
    dataset.set_attribute("long_name", table.title);
    dataset.set_attribute("column_units", joined(table.units));
  }
}

std::vector<ResultTable> read_tables(const hdf5::File& file) {
  std::vector<ResultTable> tables;
  if (!file.contains("tables")) return tables;
  hdf5::Group group = file.open_group("tables");
  for (const std::string& name : group.members()) {
    hdf5::Dataset dataset = group.open_dataset(name);
    ResultTable table{name, dataset.text_attribute("long_name"), dataset.read_table(), {}};
    table.units = split(dataset.text_attribute("column_units"), table.columns.size());
    tables.push_back(std::move(table));
  }
  return tables;
}

const ResultTable* find_table(const std::vector<ResultTable>& tables, std::string_view name) {
  for (const ResultTable& table : tables) {
    if (table.name == name) return &table;
  }
  return nullptr;
}

}  // namespace ballast

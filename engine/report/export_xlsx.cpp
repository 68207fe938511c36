#include <algorithm>
#include <map>
#include <optional>

#include <fmt/format.h>

#include "engine/output/partial_file.h"
#include "engine/output/results_datasets.h"
#include "engine/report/export_tables.h"
#include "engine/report/html.h"
#include "engine/report/report_data.h"
#include "engine/report/workbook.h"
#include "scenarios/base/stop.h"

namespace ballast {
namespace {

/// Rows that a chart covers, and one free.
constexpr lxw_row_t kChartHeight = 22;

void summary_sheet(Workbook& book, const ReportData& data) {
  lxw_worksheet* sheet = book.add_sheet("Summary");
  book.write_heading(sheet, 0, data.study);
  lxw_row_t row = 2;
  for (const char* name : {"balance", "portfolios", "risk", "liabilities"}) {
    if (const ResultTable* table = data.table(name)) row = book.write_table(sheet, row, *table);
  }
}

/// A matrix of one value: a row a key, a column a name. Returns where its numbers are.
struct Matrix {
  std::string sheet;
  lxw_row_t first = 0, last = 0;
  std::vector<std::string> columns;
  CellRange keys() const { return {sheet, first, last, 0, 0}; }
  CellRange column(std::size_t k) const { return {sheet, first, last, lxw_col_t(k + 1), lxw_col_t(k + 1)}; }
};

class MatrixWriter {
 public:
  MatrixWriter(Workbook& book, lxw_worksheet* sheet, std::string name, lxw_row_t row, const std::string& title,
               const std::string& key_title, std::string unit)
      : book_(book), sheet_(sheet), unit_(std::move(unit)), head_(row + 1) {
    book_.write_heading(sheet_, row, title);
    book_.write_head(sheet_, head_, 0, key_title, false);
    matrix_.sheet = std::move(name);
    matrix_.first = matrix_.last = row + 2;
  }
  template <class Key>
  void add(const Key& key, const std::string& column, double value) {
    std::size_t r = place(keys_, key_text(key)), c = place(matrix_.columns, column);
    matrix_.last = matrix_.first + lxw_row_t(keys_.size()) - 1;
    if (r + 1 == keys_.size()) write_key(matrix_.first + lxw_row_t(r), key);
    if (c + 1 == matrix_.columns.size()) book_.write_head(sheet_, head_, lxw_col_t(c + 1), column, true);
    book_.write_number(sheet_, matrix_.first + lxw_row_t(r), lxw_col_t(c + 1), value, unit_);
  }
  bool empty() const { return keys_.empty(); }
  const Matrix& matrix() const { return matrix_; }
  lxw_row_t below() const { return matrix_.last + 2; }

 private:
  static std::string key_text(const std::string& key) { return key; }
  static std::string key_text(double key) { return std::to_string(key); }
  void write_key(lxw_row_t row, const std::string& key) { book_.write_text(sheet_, row, 0, key); }
  void write_key(lxw_row_t row, double key) { book_.write_key(sheet_, row, 0, key); }
  static std::size_t place(std::vector<std::string>& all, const std::string& one) {
    // Rows come in order, so that the last is nearly always the one.
    if (!all.empty() && all.back() == one) return all.size() - 1;
    auto found = std::find(all.begin(), all.end(), one);
    if (found == all.end()) found = all.insert(all.end(), one);
    return std::size_t(found - all.begin());
  }

  Workbook& book_;
  lxw_worksheet* sheet_;
  std::string unit_;
  lxw_row_t head_;
  std::vector<std::string> keys_;
  Matrix matrix_;
};

void weights_sheet(Workbook& book, const ReportData& data) {
  const ResultTable* weights = data.table("weights");
  if (!weights) return;
  lxw_worksheet* sheet = book.add_sheet("Weights");
  MatrixWriter rows(book, sheet, "Weights", 0, "Weights", "asset", units::fraction);
  for (std::size_t k = 0; k < weights->rows(); ++k) {
    rows.add(weights->texts("asset")[k], weights->texts("portfolio")[k], weights->numbers("weight")[k]);
  }
  lxw_chart* chart = book.add_chart(LXW_CHART_COLUMN, "Weights", {""}, {"share of the assets", units::fraction});
  const Matrix& m = rows.matrix();
  for (std::size_t k = 0; k < m.columns.size(); ++k) book.add_series(chart, m.columns[k], m.keys(), m.column(k));
  book.place(sheet, 1, lxw_col_t(m.columns.size() + 2), chart);
}

/// "q05" as "5% quantile".
std::string statistic_words(const std::string& statistic) {
  if (statistic == "q50") return "median";
  if (statistic.starts_with('q')) return fmt::format("{:g}% quantile", std::stod(statistic.substr(1)));
  return html::words(statistic);
}

/// Quantiles alike above and below the median; none for what is not drawn.
std::optional<lxw_color_t> line_colour(const std::string& statistic) {
  const std::map<std::string, lxw_color_t> colours{
      {"1% quantile", 0xa9c1ec},  {"99% quantile", 0xa9c1ec}, {"5% quantile", 0x7fa3e0}, {"95% quantile", 0x7fa3e0},
      {"25% quantile", 0x5585d6}, {"75% quantile", 0x5585d6}, {"median", 0x1a1f26},      {"mean", 0xc2680a}};
  auto found = colours.find(statistic);
  return found == colours.end() ? std::nullopt : std::optional(found->second);
}

/// A quantity's mean and quantiles over time, with a chart of the quantiles from 1% to 99%.
void projection_sheet(Workbook& book, const ReportData& data) {
  const ResultTable* table = data.table("distributions");
  if (!table) return;
  lxw_worksheet* sheet = book.add_sheet("Projection");
  lxw_row_t row = 0;
  std::vector<lxw_row_t> pages;  // where each begins when it is printed
  struct Shown {
    const char *quantity, *title, *unit, *axis;
  };
  bool optimal = data.table("weights") && data.table("weights")->texts("portfolio")[0] == "optimal";
  for (const Shown& shown :
       {Shown{"funding_ratio", "Funding ratio", units::fraction, "assets / liabilities"},
        {"liability_pv", "Present value of the liabilities", units::currency, units::currency},
        {"surplus", "Surplus", units::currency, units::currency},
        {"shortfall_probability", "Probability of shortfall", units::fraction, "share of scenarios"}}) {
    MatrixWriter rows(book, sheet, "Projection", row, shown.title, "time (years)", shown.unit);
    for (std::size_t k = 0; k < table->rows(); ++k) {
      const std::string& of = table->texts("portfolio")[k];
      if (table->texts("quantity")[k] != shown.quantity || (!of.empty() && of != (optimal ? "optimal" : "current"))) {
        continue;
      }
      rows.add(table->numbers("time")[k], statistic_words(table->texts("statistic")[k]), table->numbers("value")[k]);
    }
    if (rows.empty()) continue;
    const Matrix& m = rows.matrix();
    lxw_chart* chart =
        book.add_chart(LXW_CHART_SCATTER_STRAIGHT, shown.title, {"years from now"}, {shown.axis, shown.unit});
    for (std::size_t k = 0; k < m.columns.size(); ++k) {
      if (auto colour = line_colour(m.columns[k])) book.add_series(chart, m.columns[k], m.keys(), m.column(k), *colour);
    }
    chart_axis_set_max(chart->x_axis, table->numbers("time").back());
    book.place(sheet, rows.below(), 1, chart);
    row = rows.below() + kChartHeight;
    pages.push_back(row);
  }
  pages.push_back(0);  // ends the list
  worksheet_set_h_pagebreaks(sheet, pages.data());
}

void stress_sheet(Workbook& book, const ReportData& data) {
  const ResultTable* stress = data.table("stress");
  if (!stress) return;
  lxw_worksheet* sheet = book.add_sheet("Stress");
  MatrixWriter rows(book, sheet, "Stress", 0, "Change of surplus", "stress", units::currency);
  for (std::size_t k = 0; k < stress->rows(); ++k) {
    if (stress->texts("stress")[k] == "base") continue;
    rows.add(stress->texts("stress")[k], stress->texts("portfolio")[k], stress->numbers("change_surplus")[k]);
  }
  lxw_row_t below = 0;
  if (!rows.empty()) {
    const Matrix& m = rows.matrix();
    lxw_chart* chart = book.add_chart(LXW_CHART_BAR, "Change of surplus", {units::currency, units::currency}, {""});
    for (std::size_t k = 0; k < m.columns.size(); ++k) book.add_series(chart, m.columns[k], m.keys(), m.column(k));
    const lxw_row_t height = std::max<lxw_row_t>(kChartHeight - 2, m.last - m.first + 6);
    book.place(sheet, 1, lxw_col_t(m.columns.size() + 2), chart, height);
    below = std::max(rows.below(), height + 3);
  }
  book.write_table(sheet, below, *stress);
}

void frontier_sheet(Workbook& book, const ReportData& data) {
  const ResultTable* frontier = data.table("frontier");
  if (!frontier) return;
  lxw_worksheet* sheet = book.add_sheet("Frontier");
  lxw_row_t below = book.write_table(sheet, 0, *frontier), first = 2, last = first + lxw_row_t(frontier->rows()) - 1;
  lxw_chart* chart = book.add_chart(LXW_CHART_SCATTER_STRAIGHT_WITH_MARKERS, "Efficient frontier",
                                    {"CVaR, share of initial assets", units::fraction},
                                    {"expected return over the horizon", units::fraction});
  book.add_series(chart, "in sample", {"Frontier", first, last, 2, 2}, {"Frontier", first, last, 1, 1});
  book.place(sheet, below, 0, chart);
}

void other_sheets(Workbook& book, const ReportData& data) {
  for (const ResultTable& table : data.tables) {
    bool shown = table.name == "frontier" || table.name == "stress" || table.name == "weights";
    for (const char* name : {"balance", "portfolios", "risk", "liabilities"}) shown = shown || table.name == name;
    if (shown) continue;
    check_stop();
    lxw_worksheet* sheet = book.add_sheet(table.name);
    book.write_table(sheet, 0, table);
    book.keep_heads(sheet);
  }
}

void provenance_sheet(Workbook& book, const ReportData& data) {
  lxw_worksheet* sheet = book.add_sheet("Provenance");
  book.write_heading(sheet, 0, "Where the numbers come from");
  lxw_row_t row = 1;
  auto line = [&](const std::string& name, const std::string& value) {
    book.write_text(sheet, row, 0, name);
    book.write_text(sheet, row++, 1, value);
  };
  for (const auto& [name, value] : data.provenance) line(name, value);
  for (const auto& [name, sha256] : data.inputs) line("SHA-256 of " + name, sha256);
}

}  // namespace

void export_xlsx(const std::string& results_file, const std::string& path) {
  ReportData data = read_report_data(results_file, results_file);
  PartialFile partial(path);
  Workbook book(partial.partial_path());
  summary_sheet(book, data);
  weights_sheet(book, data);
  projection_sheet(book, data);
  stress_sheet(book, data);
  frontier_sheet(book, data);
  other_sheets(book, data);
  provenance_sheet(book, data);
  book.close();
  partial.commit();
}

}  // namespace ballast

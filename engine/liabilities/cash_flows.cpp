#include "engine/liabilities/cash_flows.h"

#include <cmath>

#include <fmt/format.h>

#include "engine/liabilities/liability_structure.h"
#include "scenarios/base/error.h"
#include "scenarios/io/csv.h"
#include "scenarios/io/date_column.h"

namespace ballast {
namespace {

int find_amount_column(CsvTable& table) {
  int amount = table.find_column("amount");
  int cashflow = table.find_column("cashflow");
  if (amount >= 0 && cashflow >= 0) {
    table.header_problem(cashflow, "has a column 'Cashflow' and one 'amount' (which of them is meant?); keep one");
  }
  if (amount < 0) amount = cashflow;
  if (amount < 0) {
    table.header_problem(0, fmt::format("has no column of amounts (the first line reads '{}'); begin with a line of "
                                        "headers, and head it 'amount' or 'Cashflow'",
                                        fmt::join(table.headers(), ",")));
  }
  return amount;
}

std::vector<double> read_times(CsvTable& table, int column) {
  int columns[] = {column};
  Eigen::MatrixXd values = table.numbers(columns);
  std::vector<double> times(values.data(), values.data() + values.size());
  double last = -INFINITY;
  for (std::size_t row = 0; row < times.size(); ++row) {
    if (std::isnan(times[row])) continue;  // reported by the table
    if (times[row] < last) {
      table.problem(row, column,
                    fmt::format("the time {} comes after {}; sort the rows by time_years", times[row], last));
      continue;
    }
    last = times[row];
  }
  return times;
}

}  // namespace

CashFlows read_cash_flows(const CashFlowFileParameters& parameters, const LiabilityContext& context) {
  CsvTable table(context.files.read(parameters.file));
  int amount_column = find_amount_column(table);
  int time_column = table.find_column("time_years");
  bool dated = time_column < 0;
  if (int date = table.find_column("date"); !dated && date >= 0) {
    table.header_problem(date, "has a column 'date' and one 'time_years' (which of them is meant?); keep one");
  }

  std::vector<double> times;
  if (dated) {
    DateColumn dates = read_dates(table, DateOrder::ascending);
    time_column = dates.column;
    if (!context.valuation) {
      throw key_error(context.key_path,
                      fmt::format("'{}' has dates, and there is no valuation date to count time from (dates are never "
                                  "counted from today); give study.valuation_date, or times in a column time_years",
                                  parameters.file.text));
    }
    for (Date date : dates.dates) times.push_back(year_fraction(*context.valuation, date));
  } else {
    times = read_times(table, time_column);
  }
  std::vector<double> amounts(times.size());
  if (amount_column >= 0) {
    int columns[] = {amount_column};
    Eigen::MatrixXd values = table.numbers(columns);
    amounts.assign(values.data(), values.data() + values.size());
  }

  CashFlows flows;
  flows.name = context.name;
  flows.spread = context.spread;
  for (std::size_t row = 0; row < times.size(); ++row) {
    if (times[row] <= kSameTime) {
      if (amounts[row] == 0.0 || std::isnan(amounts[row])) continue;
      table.problem(row, time_column,
                    dated ? fmt::format("the flow is due at or before the valuation date {}, so it is no longer owed; "
                                        "leave the row out, or correct study.valuation_date",
                                        to_string(*context.valuation))
                          : fmt::format("the flow is due at time {} (times count from the valuation date and are "
                                        "above 0); leave the row out",
                                        times[row]));
      continue;
    }
    if (!flows.times.empty() && times[row] - flows.times.back() <= kSameTime) {
      flows.amounts.back() += amounts[row];
    } else {
      flows.times.push_back(times[row]);
      flows.amounts.push_back(amounts[row]);
    }
  }
  table.throw_problems();
  return flows;
}

std::unique_ptr<LiabilityStructure> make_cashflows(const CashFlowFileParameters& parameters,
                                                   const LiabilityContext& context) {
  return std::make_unique<CertainStructure>(LiabilityTerms{read_cash_flows(parameters, context), {}, {}});
}

}  // namespace ballast

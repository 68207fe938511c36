#include "scenarios/market/history.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/io/date_column.h"
#include "scenarios/market/calendar.h"
#include "scenarios/market/history_files.h"
#include "scenarios/market/periods.h"

namespace ballast {
namespace {

/// Fewer periods are no history: a covariance of two series already has three numbers.
constexpr std::size_t kFewestPeriods = 8;

/// Runs steps that may each find problems, and throws them together.
class ProblemCollector {
 public:
  template <class Step>
  void attempt(Step&& step) {
    try {
      step();
    } catch (const InputError& error) {
      problems_.insert(problems_.end(), error.problems().begin(), error.problems().end());
      if (code_ != ExitCode::missing_input) code_ = error.code();
    }
  }
  void throw_problems() {
    if (!problems_.empty()) throw InputError(std::move(problems_), code_);
  }

 private:
  std::vector<Problem> problems_;
  ExitCode code_ = ExitCode::bad_input;
};

void check_convention(const CurveFile& curve, const char* key) {
  bool coupons = curve.quote == Quote::par || curve.quote == Quote::swap;
  if (coupons && curve.compounding == Compounding::continuous) {
    throw key_error(fmt::format("market.{}.compounding", key),
                    fmt::format("{} quotes have coupons, which continuous compounding does not tell; choose annual or "
                                "semiannual",
                                name_of(curve.quote)));
  }
}

std::string span(const std::vector<Date>& dates) {
  return dates.empty() ? "nothing" : fmt::format("{} to {}", to_string(dates.front()), to_string(dates.back()));
}

/// What each file has: the end of a message about too little in common.
std::string spans(const ReturnRows* returns, const CurveRows* curves, const ReturnRows* inflation,
                  const SpreadRows* spreads, std::optional<Date> valuation) {
  std::string text;
  if (returns) text += fmt::format("{}: {}", returns->file, span(returns->dates));
  if (curves) text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", curves->file, span(curves->dates));
  if (inflation) text += fmt::format("; {}: {}", inflation->file, span(inflation->dates));
  if (spreads) text += fmt::format("; {}: {}", spreads->file, span(spreads->dates));
  if (valuation) text += fmt::format("; valuation date {}", to_string(*valuation));
  return text;
}

/// Cuts the periods to market.window. Ends outside the common history are errors: that history was asked for.
void apply_window(AlignedPeriods& periods, const HistoryWindow& window, int periods_per_year) {
  if (window.from && window.to && *window.to < *window.from) {
    throw key_error("market.window.to",
                    fmt::format("{} is before `from`, {}", to_string(*window.to), to_string(*window.from)));
  }
  Date last = periods.ends.back();
  int day_slack = periods_per_year == 252 ? 5 : 0;  // week-ends and holidays
  Date next = periods_per_year >= 52 ? Date{last.days + (periods_per_year == 52 ? 7 : day_slack)}
                                     : period_end(period_index(last, periods_per_year) + 1, periods_per_year);
  std::string has = fmt::format("(the period ends that the files have in common are {} to {})",
                                to_string(periods.ends.front()), to_string(last));
  if (window.from && window.from->days <= periods.start.days - day_slack) {
    throw key_error(
        "market.window.from",
        fmt::format("{} is before the history {}; choose a later date, or leave it out", to_string(*window.from), has));
  }
  if (window.to && *window.to >= next) {
    throw key_error(
        "market.window.to",
        fmt::format("{} is after the history {}; choose an earlier date, or leave it out", to_string(*window.to), has));
  }
  auto begin = std::lower_bound(periods.ends.begin(), periods.ends.end(), window.from.value_or(periods.ends.front()));
  auto end = std::upper_bound(periods.ends.begin(), periods.ends.end(), window.to.value_or(last));
  Eigen::Index first = begin - periods.ends.begin(), count = std::max<Eigen::Index>(0, end - begin);
  keep_periods(periods, first, count);
}

/// Continuous zero rates at all tenors of the file on the dates in use.
Eigen::MatrixXd zero_rates(const CurveRows& curves, const std::vector<std::size_t>& rows,
                           std::vector<std::string>& notes) {
  Eigen::MatrixXd rates(Eigen::Index(rows.size()), Eigen::Index(curves.tenors.size()));
  ProblemCollector problems;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    problems.attempt([&] {
      YieldCurve curve = curve_of_row(curves, rows[i]);
      for (std::size_t k = 0; k < curves.tenors.size(); ++k) {
        rates(Eigen::Index(i), Eigen::Index(k)) = curve.zero_rate(curves.tenors[k]);
      }
    });
  }
  problems.throw_problems();
  for (std::size_t k = 0; k < curves.tenors.size(); ++k) {
    std::size_t missing = std::size_t(std::count_if(rows.begin(), rows.end(), [&](std::size_t row) {
      return std::isnan(curves.quotes(Eigen::Index(row), Eigen::Index(k)));
    }));
    if (missing > 0) {
      notes.push_back(
          fmt::format("{}: the rate at {} years is missing on {} of {} dates, and taken there from the "
                      "curve of the other tenors",
                      curves.file, curves.tenors[k], missing, rows.size()));
    }
  }
  return rates;
}

/// The file of returns or prices; which, is checked.
const SeriesFile& series_file(const MarketParameters& market) {
  if (market.returns && market.prices) throw key_error("market.prices", "returns are given too; give one of them");
  if (!market.returns && !market.prices) {
    throw key_error("market", "has neither `returns` nor `prices`; the assets' series are columns of one of them");
  }
  return market.prices ? *market.prices : *market.returns;
}

}  // namespace

MarketHistory read_history(const MarketParameters& market, const std::vector<std::string>& series, int periods_per_year,
                           std::optional<Date> valuation, InputFiles& files,
                           const std::vector<std::string>& spread_columns) {
  if (!is_known_frequency(periods_per_year)) {
    throw key_error("scenarios.steps_per_year",
                    fmt::format("a history has no periods of which {} are a year; choose 1, 2, 4, 12, 52 or 252",
                                periods_per_year));
  }
  if (series.empty() && !market.curve_history) {
    throw key_error("market",
                    "has no history that the assets could follow; give `curve_history`, or assets a `series`");
  }
  if (market.inflation && periods_per_year == 252) {
    throw key_error("market.inflation",
                    "consumer prices are not known by trading day; choose 52 or fewer steps a year");
  }
  if (!spread_columns.empty() && !market.spreads) {
    throw key_error("market", "has no history of credit spreads; give `spreads`");
  }
  if (!series.empty()) series_file(market);
  if (market.curve_history) check_convention(*market.curve_history, "curve_history");

  std::optional<ReturnRows> returns;
  std::optional<CurveRows> curves;
  std::optional<ReturnRows> inflation;
  std::optional<SpreadRows> spreads;
  ProblemCollector problems;
  if (!series.empty()) {
    problems.attempt(
        [&] { returns = read_return_rows(series_file(market), market.prices.has_value(), series, valuation, files); });
  }
  if (market.curve_history) {
    problems.attempt([&] { curves = read_curve_rows(*market.curve_history, valuation, files); });
  }
  if (market.inflation) {
    problems.attempt([&] { inflation = read_inflation_rows(*market.inflation, valuation, files); });
  }
  if (!spread_columns.empty()) {
    problems.attempt([&] { spreads = read_spread_rows(*market.spreads, spread_columns, valuation, files); });
  }
  problems.throw_problems();

  MarketHistory history;
  history.periods_per_year = periods_per_year;
  history.series = series;
  if (returns) history.notes = returns->notes;
  if (curves) history.notes.insert(history.notes.end(), curves->notes.begin(), curves->notes.end());
  const ReturnRows* some_returns = returns ? &*returns : nullptr;
  const CurveRows* some_curves = curves ? &*curves : nullptr;
  AlignedPeriods periods = periods_per_year == 252
                               ? align_days(some_returns, some_curves, history.notes)
                               : align_calendar_periods(some_returns, some_curves, periods_per_year, history.notes);
  if (inflation) {
    history.notes.insert(history.notes.end(), inflation->notes.begin(), inflation->notes.end());
    align_inflation(*inflation, periods_per_year, periods, history.notes);
  }
  if (spreads) {
    history.notes.insert(history.notes.end(), spreads->notes.begin(), spreads->notes.end());
    align_spreads(*spreads, periods_per_year, periods, history.notes);
  }
  if (!periods.ends.empty()) apply_window(periods, market.window, periods_per_year);
  if (periods.ends.size() < kFewestPeriods) {
    throw key_error(market.window.from || market.window.to ? "market.window" : "market",
                    fmt::format("{} {} periods of history are left, at least {} are needed ({})", periods.ends.size(),
                                frequency_name(periods_per_year), kFewestPeriods,
                                spans(some_returns, some_curves, inflation ? &*inflation : nullptr,
                                      spreads ? &*spreads : nullptr, valuation)));
  }

  history.start = periods.start;
  history.dates = std::move(periods.ends);
  // A month whose last business day is the valuation date ends there, not on a later Sunday.
  if (valuation && history.dates.back() > *valuation) history.dates.back() = *valuation;
  history.returns = std::move(periods.returns);
  history.inflation = std::move(periods.inflation);
  history.spread_names = spread_columns;
  history.spreads = std::move(periods.spreads);
  if (curves) {
    history.tenors = curves->tenors;
    history.zero_rates = zero_rates(*curves, periods.curve_rows, history.notes);
  }
  history.notes.push_back(fmt::format("history: {} {} periods, ends {} to {}", history.dates.size(),
                                      frequency_name(periods_per_year), to_string(history.dates.front()),
                                      to_string(history.dates.back())));
  return history;
}

YieldCurve read_curve(const MarketParameters& market, std::optional<Date> valuation, InputFiles& files) {
  return read_curve_quotes(market, valuation, files).curve();
}

CurveQuotes read_curve_quotes(const MarketParameters& market, std::optional<Date> valuation, InputFiles& files) {
  if (market.curve) {
    check_convention(*market.curve, "curve");
    return read_curve_file(*market.curve, valuation, files);
  }
  if (!market.curve_history) throw key_error("market", "has no yield curve; give `curve` or `curve_history`");
  check_convention(*market.curve_history, "curve_history");
  CurveRows rows = read_curve_rows(*market.curve_history, valuation, files);
  if (rows.dates.empty()) {
    throw key_error("market.curve_history", fmt::format("has no curve at or before the valuation date {}; give `curve`",
                                                        to_string(*valuation)));
  }
  // The last month of a monthly history is current; a curve of years ago is not.
  int oldest = std::max(92, 366 / rows.frequency + 31);
  if (valuation && valuation->days - rows.dates.back().days > oldest) {
    throw key_error("market.curve_history",
                    fmt::format("its last curve, of {}, is too old for the valuation date {}; give `curve`",
                                to_string(rows.dates.back()), to_string(*valuation)));
  }
  return quotes_of_row(rows, rows.dates.size() - 1);
}

std::vector<std::string> series_names(const MarketParameters& market, InputFiles& files) {
  CsvTable table(files.read(series_file(market).file));
  table.throw_problems();
  DateColumn dates = find_date_columns(table);
  std::vector<std::string> names;
  for (int column = 0; column < int(table.headers().size()); ++column) {
    const std::string& name = table.headers()[std::size_t(column)];
    if (column != dates.column && column != dates.month_column && !name.empty()) names.push_back(name);
  }
  return names;
}

}  // namespace ballast

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/base/date.h"
#include "scenarios/base/describe.h"
#include "scenarios/market/curve_method.h"

namespace ballast {

/// How the rates of a file are quoted.
enum class Quote { zero, par, swap, discount };
template <>
struct EnumNames<Quote> {
  static constexpr const char* value[] = {"zero", "par", "swap", "discount"};
};

/// Compounding of quoted zero rates and of duration measures; for par and swap quotes the coupon frequency.
enum class Compounding { annual, semiannual, continuous };
template <>
struct EnumNames<Compounding> {
  static constexpr const char* value[] = {"annual", "semiannual", "continuous"};
};

enum class Unit { decimal, percent };
template <>
struct EnumNames<Unit> {
  static constexpr const char* value[] = {"decimal", "percent"};
};

/// What a number of tenor stands for where the file does not say.
enum class TenorUnit { years, months };
template <>
struct EnumNames<TenorUnit> {
  static constexpr const char* value[] = {"years", "months"};
};

/// A file of asset returns or prices.
struct SeriesFile {
  static constexpr const char* shorthand = "file";
  InputPath file;
  std::optional<Unit> unit;  ///< decimal when left out, and then numbers that look like percent are an error
  std::optional<std::vector<double>> missing;

  static void describe(auto& self, auto&& key) {
    key("file", self.file,
        Spec{.help = "CSV file: a date column, then one column a series; only the columns that assets name are read",
             .required = true});
    key("unit", self.unit, Spec{.help = "unit of returns: 0.01 (decimal, the default) or 1 (percent) for one percent"});
    key("missing", self.missing,
        Spec{.help = "declares that values may be missing: an empty cell, NA, and these values ([]: no others); such "
                     "rows are left out; without this key a missing value is an error"});
  }
};

/// A file of yields: a curve (Maturity,Rate) or a history of curves (Date, one column a tenor).
struct CurveFile {
  static constexpr const char* shorthand = "file";
  InputPath file;
  Quote quote = Quote::zero;
  Compounding compounding = Compounding::annual;
  std::optional<Unit> unit;  ///< decimal when left out, and then numbers that look like percent are an error
  std::optional<std::vector<double>> missing;
  std::map<std::string, double> columns;
  TenorUnit tenor_unit = TenorUnit::years;
  DayCount day_count = DayCount::act_365f;
  std::optional<double> last_tenor;
  std::optional<Interpolation> interpolation;
  Extrapolation extrapolation = Extrapolation::flat_zero;
  std::optional<double> ufr, alpha, convergence_years;
  double convergence_tolerance = 1e-4;

  static void describe(auto& self, auto&& key) {
    key("file", self.file,
        Spec{.help =
                 "CSV file: Maturity,Rate for a curve (maturities in years, or dates); Date and one column a tenor for "
                 "a "
                 "history of curves, headed by the tenor: a number, or as the US Treasury, FRED and the ECB write it "
                 "(10 Yr, BC_3MONTH, DGS10, SR_10Y)",
             .required = true});
    key("quote", self.quote,
        Spec{.help = "what the numbers are: zero rates, par yields, swap rates or discount factors"});
    key("compounding", self.compounding,
        Spec{.help = "compounding of zero rates; coupon frequency of par yields and swap rates"});
    key("unit", self.unit, Spec{.help = "unit of rates: 0.01 (decimal, the default) or 1 (percent) for one percent"});
    key("missing", self.missing,
        Spec{.help = "declares that rates may be missing: an empty cell, NA, and these values ([]: no others); the "
                     "curve of that date is made of the others; without this key a missing value is an error"});
    key("columns", self.columns,
        Spec{.help = "for a history whose headers are not tenors: header to tenor; only these columns are read",
             .unit = "years"});
    key("tenor_unit", self.tenor_unit, Spec{.help = "of tenors and maturities that are numbers alone"});
    key("day_count", self.day_count, Spec{.help = "of maturities that are dates, from study.valuation_date on"});
    key("last_tenor", self.last_tenor,
        Spec{.help = "longest tenor used (the last liquid point); default: all",
             .unit = "years",
             .min = 0,
             .max = 120,
             .exclusive_min = true});
    key("interpolation", self.interpolation,
        Spec{.help = "between tenors, see scenarios/market/CURVES.md; default: linear_zero, or smith_wilson where that "
                     "extrapolates"});
    key("extrapolation", self.extrapolation, Spec{.help = "beyond the last tenor"});
    key("ufr", self.ufr,
        Spec{.help = "smith_wilson: ultimate forward rate, annually compounded", .min = -0.1, .max = 0.3});
    key("alpha", self.alpha,
        Spec{.help = "smith_wilson: speed of convergence to it; auto: the least that converges (EIOPA's method)",
             .min = 0,
             .max = 10,
             .exclusive_min = true,
             .empty = "auto"});
    key("convergence_years", self.convergence_years,
        Spec{.help = "smith_wilson, alpha auto: when the forward rate must be near the ultimate one; auto: 40 years "
                     "after the last tenor, at least 60",
             .unit = "years",
             .min = 1,
             .max = 200,
             .empty = "auto"});
    key("convergence_tolerance", self.convergence_tolerance,
        Spec{.help = "smith_wilson, alpha auto: how near", .min = 0, .max = 0.1, .exclusive_min = true});
  }
  void check(auto&& problem) const {
    bool smith_wilson = extrapolation == Extrapolation::smith_wilson || interpolation == Interpolation::smith_wilson;
    if (smith_wilson && !ufr) problem("extrapolation", "smith_wilson needs ufr, the ultimate forward rate");
    if (!smith_wilson && ufr) problem("ufr", "is only for smith_wilson");
    if (!smith_wilson && alpha) problem("alpha", "is only for smith_wilson");
  }
  CurveMethodRequest method_request() const {
    CurveMethodRequest request{interpolation, extrapolation, ufr, alpha, convergence_years, convergence_tolerance};
    if (interpolation == Interpolation::smith_wilson) request.extrapolation = Extrapolation::smith_wilson;
    return request;
  }
};

/// What a file of consumer prices holds.
enum class InflationQuote { index, rate };
template <>
struct EnumNames<InflationQuote> {
  static constexpr const char* value[] = {"index", "rate"};
};

/// A history of consumer prices.
struct InflationFile {
  InputPath file;
  std::string series;
  InflationQuote kind = InflationQuote::index;
  std::optional<Unit> unit;  ///< of rates; decimal when left out, and then numbers that look like percent are an error
  std::optional<std::vector<double>> missing;

  static void describe(auto& self, auto&& key) {
    key("file", self.file, Spec{.help = "CSV file: a date column, and the column of `series`", .required = true});
    key("series", self.series, Spec{.help = "column of the file", .required = true});
    key("kind", self.kind,
        Spec{.help = "index: levels of a price index; rate: simple inflation over each period of the file"});
    key("unit", self.unit, Spec{.help = "unit of rates: 0.01 (decimal, the default) or 1 (percent) for one percent"});
    key("missing", self.missing,
        Spec{.help = "declares that values may be missing: an empty cell, NA, and these values ([]: no others); such "
                     "rows are left out; without this key a missing value is an error"});
  }
  void check(auto&& problem) const {
    if (kind == InflationQuote::index && unit) problem("unit", "is only for kind: rate (an index has no unit)");
  }
};

/// A history of credit spreads over the curve: levels at dates.
struct SpreadFile {
  static constexpr const char* shorthand = "file";
  InputPath file;
  std::optional<Unit> unit;  ///< decimal when left out, and then numbers that look like percent are an error
  std::optional<std::vector<double>> missing;

  static void describe(auto& self, auto&& key) {
    key("file", self.file,
        Spec{.help = "CSV file: a date column, then one column a spread (option-adjusted, or over the zero curve), "
                     "above 0; only the columns that assets name are read",
             .required = true});
    key("unit", self.unit, Spec{.help = "unit of spreads: 0.01 (decimal, the default) or 1 (percent) for one percent"});
    key("missing", self.missing,
        Spec{.help = "declares that values may be missing: an empty cell, NA, and these values ([]: no others); such "
                     "rows are left out; without this key a missing value is an error"});
  }
};

/// The stretch of history used, by period ends, both included.
struct HistoryWindow {
  std::optional<Date> from, to;

  static void describe(auto& self, auto&& key) {
    key("from", self.from, Spec{.help = "first period end used", .empty = "auto"});
    key("to", self.to, Spec{.help = "last period end used", .empty = "auto"});
  }
};

/// Study section `market`.
struct MarketParameters {
  std::optional<SeriesFile> returns, prices;
  std::optional<CurveFile> curve, curve_history;
  std::optional<InflationFile> inflation;
  std::optional<SpreadFile> spreads;
  HistoryWindow window;

  static void describe(auto& self, auto&& key) {
    key("returns", self.returns, Spec{.help = "history of simple total returns"});
    key("prices", self.prices, Spec{.help = "history of prices (total-return indices), instead of returns"});
    key("curve", self.curve,
        Spec{.help = "yield curve at the valuation date; default: the last curve of the history up to that date"});
    key("curve_history", self.curve_history, Spec{.help = "history of yield curves"});
    key("inflation", self.inflation,
        Spec{.help = "history of consumer prices, simulated jointly with returns and curves"});
    key("spreads", self.spreads,
        Spec{.help =
                 "history of credit spreads; those that assets follow are simulated jointly with returns and curves"});
    key("window", self.window,
        Spec{.help = "stretch of history used; default: all that the files have in common, up to the valuation date"});
  }
};

}  // namespace ballast

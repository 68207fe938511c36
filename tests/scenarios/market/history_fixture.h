#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/market/history.h"

namespace ballast::test {

using Contents = std::map<std::string, std::string>;

/// `count` months from 2020-01: a row "2020-01-31,<text(i)>" each, below the headers. A stamp of the month's last
/// Friday instead of its last day with `business`.
template <class Text>
std::string monthly(const char* headers, int count, Text&& text, int first_month = 0, bool business = false) {
  std::string file = std::string(headers) + "\n";
  for (int i = 0; i < count; ++i) {
    Date end = add_months_end_of_month(*parse_date("2020-01-31"), first_month + i);
    if (business) end.days -= ((end.days + 3) % 7 + 3) % 7;  // back to Friday
    file += fmt::format("{},{}\n", to_string(end), text(i));
  }
  return file;
}

inline double monthly_return(int i) { return 0.001 * i - 0.004; }
inline std::string return_text(int i) { return fmt::format("{}", monthly_return(i)); }
inline std::string rates_text(int i) { return fmt::format("{},{}", 0.01 + 0.001 * i, 0.03 + 0.001 * i); }

inline MarketParameters market_of(bool returns, bool curves) {
  MarketParameters market;
  if (returns) market.returns = SeriesFile{.file = {"r.csv"}, .unit = {}, .missing = {}};
  if (curves) {
    market.curve_history.emplace();
    market.curve_history->file = {"c.csv"};
    market.curve_history->compounding = Compounding::continuous;
  }
  return market;
}

inline MarketHistory read(const MarketParameters& market, Contents contents, int periods_per_year = 12,
                          std::optional<Date> valuation = {}, std::vector<std::string> series = {"x"}) {
  InputFiles files = InputFiles::embedded(std::move(contents));
  return read_history(market, series, periods_per_year, valuation, files);
}

inline std::string error_of(const MarketParameters& market, Contents contents, int periods_per_year = 12,
                            std::optional<Date> valuation = {}, std::vector<std::string> series = {"x"}) {
  try {
    read(market, std::move(contents), periods_per_year, valuation, series);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

inline bool has_note(const MarketHistory& history, const std::string& note) {
  for (const std::string& n : history.notes) {
    if (n == note) return true;
  }
  for (const std::string& n : history.notes) MESSAGE(n);
  return false;
}

inline Date day(const char* text) { return *parse_date(text); }

}  // namespace ballast::test

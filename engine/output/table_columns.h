#pragma once

#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "engine/output/result_table.h"

namespace ballast {

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
inline double or_nan(const std::optional<double>& value) { return value.value_or(kNan); }

/// One number of a table keyed by texts and at most a number: liability and key rate, stress and asset, ...
struct TableEntry {
  std::string first, second;
  double at = 0.0, value = 0.0, further = 0.0;
};

/// Builds a table column by column from a list of rows; each column is a member of the row, or a function of it.
template <class Row>
class TableColumns {
 public:
  TableColumns(std::string name, std::string title, std::vector<Row> rows)
      : rows_(std::move(rows)), table_{std::move(name), std::move(title), {}, {}} {}

  template <class Get>
  TableColumns& text(const char* column, Get get) {
    return add<std::string>(column, "", get);
  }
  template <class Get>
  TableColumns& integer(const char* column, Get get) {
    return add<std::int64_t>(column, "", get);
  }
  template <class Get>
  TableColumns& number(const char* column, const char* unit, Get get) {
    return add<double>(column, unit, get);
  }
  /// `column` and `column`_standard_error.
  template <class Get>
  TableColumns& estimate(const char* column, const char* unit, Get get) {
    number(column, unit, [&](const Row& row) { return std::invoke(get, row).value; });
    std::string error = std::string(column) + "_standard_error";
    return number(error.c_str(), unit, [&](const Row& row) { return std::invoke(get, row).standard_error; });
  }
  ResultTable take() { return std::move(table_); }

 private:
  template <class Value, class Get>
  TableColumns& add(const char* column, const char* unit, Get get) {
    std::vector<Value> values;
    values.reserve(rows_.size());
    for (const Row& row : rows_) values.push_back(std::invoke(get, row));
    table_.columns.push_back({column, std::move(values)});
    table_.units.emplace_back(unit);
    return *this;
  }

  std::vector<Row> rows_;
  ResultTable table_;
};

}  // namespace ballast

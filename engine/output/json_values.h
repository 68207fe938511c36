#pragma once

#include <optional>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ballast {

using Json = nlohmann::ordered_json;  // writes NaN as null, and doubles so that they read back to the same bits

inline Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

template <class Value, class Write>
Json list_of(const std::vector<Value>& values, Write&& write) {
  Json list = Json::array();
  for (const Value& value : values) list.push_back(write(value));
  return list;
}

/// {"1": ..., "2.5": ...}; null where there are no values.
inline Json by_tenor(const std::vector<double>& values, const std::vector<double>& tenors) {
  if (values.empty()) return nullptr;
  Json object = Json::object();
  for (std::size_t k = 0; k < values.size(); ++k) object[fmt::format("{}", tenors.at(k))] = values[k];
  return object;
}

}  // namespace ballast

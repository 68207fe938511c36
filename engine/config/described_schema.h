#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "scenarios/base/date.h"
#include "scenarios/base/describe.h"

namespace ballast {

using Json = nlohmann::ordered_json;

inline void add_bounds(Json& schema, const Spec& spec) {
  if (spec.exclusive_min) {
    schema["exclusiveMinimum"] = spec.min;
  } else if (spec.min > -std::numeric_limits<double>::infinity()) {
    schema["minimum"] = spec.min;
  }
  if (spec.max < std::numeric_limits<double>::infinity()) schema["maximum"] = spec.max;
}

template <class T>
Json value_schema(const T& value, const Spec& spec);

/// Schemas of the members of a described section, for `properties` and `required`.
struct SchemaCollector {
  Json properties = Json::object();
  Json required = Json::array();

  template <class T>
  void operator()(const char* name, const T& value, const Spec& spec) {
    Json schema = value_schema(value, spec);
    std::string text = spec.help;
    if (*spec.unit) text += fmt::format(" [{}]", spec.unit);
    if (!text.empty()) schema["description"] = text;
    add_default(schema, value, spec);
    properties[name] = std::move(schema);
    if (spec.required) required.push_back(name);
  }

 private:
  template <class T>
  static void add_default(Json& schema, const T& value, const Spec& spec) {
    if (spec.required) return;
    if constexpr (std::is_enum_v<T>) {
      schema["default"] = name_of(value);
    } else if constexpr (std::is_arithmetic_v<T>) {
      schema["default"] = value;
    } else if constexpr (std::is_same_v<T, InputPath>) {
      schema["default"] = value.text;
    } else if constexpr (std::is_same_v<T, std::vector<double>>) {
      schema["default"] = value;
    } else if constexpr (requires { value.has_value(); }) {
      if (*spec.empty) schema["default"] = spec.empty;
    }
  }
};

/// One member's schema by its name: what a shorthand may be.
struct MemberSchema {
  std::string member;
  Json schema;
  template <class T>
  void operator()(const char* name, const T& value, const Spec& spec) {
    if (member == name) schema = value_schema(value, spec);
  }
};

template <class T>
Json value_schema_of(const std::vector<T>&, const Spec& spec) {
  return {{"type", "array"}, {"items", value_schema(T{}, spec)}};
}
template <class T>
Json value_schema_of(const std::map<std::string, T>&, const Spec& spec) {
  return {{"type", "object"}, {"additionalProperties", value_schema(T{}, spec)}};
}
template <class T>
Json value_schema_of(const std::optional<T>&, const Spec& spec) {
  Json inner = value_schema(T{}, spec);
  if (!*spec.empty) return inner;
  return {{"anyOf", Json::array({inner, {{"const", spec.empty}}})}};
}

template <Described T>
Json value_schema_of(const T& value, const Spec&) {
  SchemaCollector members;
  T::describe(value, members);
  Json object = {{"type", "object"}, {"additionalProperties", false}, {"properties", std::move(members.properties)}};
  if (!members.required.empty()) object["required"] = std::move(members.required);
  if constexpr (HasShorthand<T>) {
    MemberSchema scalar{T::shorthand, {}};
    T::describe(value, scalar);
    Json choices = Json::array({scalar.schema, object});
    if constexpr (HasMapShorthand<T>) {
      MemberSchema map{T::map_shorthand, {}};
      T::describe(value, map);
      // An object with keys of its own is the long form: without this, a misspelt one would pass as a name.
      Json own_keys = Json::array();
      for (const auto& [name, unused] : object["properties"].items()) own_keys.push_back({{"required", {name}}});
      map.schema["not"] = {{"anyOf", own_keys}};
      choices.push_back(map.schema);
    }
    return {{"anyOf", choices}};
  }
  return object;
}

template <class T>
Json value_schema(const T& value, const Spec& spec) {
  if constexpr (std::is_same_v<T, bool>) {
    return {{"type", "boolean"}};
  } else if constexpr (std::is_integral_v<T>) {
    Json schema = {{"type", "integer"}};
    Spec bounds = spec;
    if (std::is_unsigned_v<T>) bounds.min = std::max(bounds.min, 0.0);
    add_bounds(schema, bounds);
    return schema;
  } else if constexpr (std::is_floating_point_v<T>) {
    Json schema = {{"type", "number"}};
    add_bounds(schema, spec);
    return schema;
  } else if constexpr (std::is_enum_v<T>) {
    Json names = Json::array();
    for (const char* name : EnumNames<T>::value) names.push_back(name);
    return {{"enum", names}};
  } else if constexpr (std::is_same_v<T, Date>) {
    return {{"type", "string"}, {"pattern", "^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"}};
  } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, InputPath>) {
    return {{"type", "string"}, {"minLength", 1}};
  } else {
    return value_schema_of(value, spec);
  }
}

}  // namespace ballast

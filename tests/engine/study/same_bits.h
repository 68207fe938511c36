#pragma once

#include <cstring>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include <doctest/doctest.h>

#include "scenarios/io/hdf5.h"

namespace ballast::test {

/// All numeric datasets of a results file, by name.
inline std::map<std::string, std::vector<double>> datasets(const hdf5::Group& group, const std::string& prefix = "") {
  std::map<std::string, std::vector<double>> all;
  for (const std::string& name : group.members()) {
    if (group.is_group(name)) {
      for (auto& [inner, values] : datasets(group.open_group(name), prefix + name + "/")) all[inner] = values;
      continue;
    }
    hdf5::Dataset dataset = group.open_dataset(name);
    if (dataset.type() == hdf5::Type::table) {
      for (const hdf5::TableColumn& column : dataset.read_table()) {
        if (const auto* values = std::get_if<std::vector<double>>(&column.values))
          all[prefix + name + "." + column.name] = *values;
      }
    } else if (dataset.type() != hdf5::Type::text) {
      all[prefix + name] = dataset.read_doubles();
    }
  }
  return all;
}

inline void check_same_bits(const std::string& a, const std::string& b) {
  auto first = datasets(hdf5::File::open(a)), second = datasets(hdf5::File::open(b));
  REQUIRE(first.size() > 20);
  REQUIRE(first.size() == second.size());
  for (auto& [name, values] : first) {
    CAPTURE(name);
    REQUIRE(second.count(name) == 1);
    REQUIRE(values.size() == second[name].size());
    CHECK(std::memcmp(values.data(), second[name].data(), values.size() * sizeof(double)) == 0);
  }
}

}  // namespace ballast::test

// compare_results A.h5 B.h5: whether two results files hold the same datasets and attributes, bit for bit (the files'
// own bytes may differ: a virtual or resumed file is laid out otherwise). For scripts; prints what differs.

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <variant>
#include <vector>

#include "scenarios/io/hdf5.h"

using namespace ballast;

namespace {

int differences = 0;

void differs(const std::string& what) {
  ++differences;
  std::printf("%s differs\n", what.c_str());
}

void compare_attributes(const hdf5::Object& a, const hdf5::Object& b) {
  if (a.attribute_names() != b.attribute_names()) differs("list of attributes of " + a.name());
  for (const std::string& name : a.attribute_names()) {
    if (!b.has_attribute(name)) continue;
    std::string type = a.attribute_type(name);
    bool same = type == b.attribute_type(name);
    if (same && type == "text") same = a.text_attribute(name) == b.text_attribute(name);
    if (same && type == "uint64") same = a.uint64_attribute(name) == b.uint64_attribute(name);
    if (same && type == "int64") same = a.int64_attribute(name) == b.int64_attribute(name);
    if (!same) differs("attribute " + name + " of " + a.name());
  }
}

bool same_columns(const std::vector<hdf5::TableColumn>& a, const std::vector<hdf5::TableColumn>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const hdf5::TableColumn& x, const hdf5::TableColumn& y) {
    if (x.name != y.name || x.values.index() != y.values.index()) return false;
    const auto* numbers = std::get_if<std::vector<double>>(&x.values);
    if (!numbers) return x.values == y.values;
    const auto& others = std::get<std::vector<double>>(y.values);  // bytes: NaN is the same as NaN
    return numbers->size() == others.size() &&
           std::memcmp(numbers->data(), others.data(), others.size() * sizeof(double)) == 0;
  });
}

void compare(const hdf5::Dataset& a, const hdf5::Dataset& b) {
  if (a.shape() != b.shape() || a.type() != b.type()) return differs(a.name());
  if (a.type() == hdf5::Type::text) {
    if (a.read_texts() != b.read_texts()) differs(a.name());
    return;
  }
  if (a.type() == hdf5::Type::table) {
    if (!same_columns(a.read_table(), b.read_table())) differs(a.name());
    return;
  }
  std::uint64_t rows = a.shape().at(0);
  for (std::uint64_t first = 0; first < rows; first += 65536) {
    std::uint64_t count = std::min<std::uint64_t>(65536, rows - first);
    std::vector<double> x = a.read_rows(first, count), y = b.read_rows(first, count);
    if (!x.empty() && std::memcmp(x.data(), y.data(), x.size() * sizeof(double)) != 0) return differs(a.name());
  }
}

void compare(const hdf5::Group& a, const hdf5::Group& b) {
  std::vector<std::string> members = a.members(), others = b.members();
  std::sort(members.begin(), members.end());
  std::sort(others.begin(), others.end());
  if (members != others) differs("list of members of " + a.name());
  for (const std::string& name : members) {
    if (!b.contains(name)) continue;
    if (a.is_group(name)) {
      compare(a.open_group(name), b.open_group(name));
    } else {
      compare(a.open_dataset(name), b.open_dataset(name));
    }
  }
}

}  // namespace

int main(int count, char** words) try {
  if (count != 3) {
    std::fprintf(stderr, "usage: compare_results A.h5 B.h5\n");
    return 64;
  }
  hdf5::File a = hdf5::File::open(words[1]), b = hdf5::File::open(words[2]);
  compare_attributes(a, b);
  compare(a, b);
  std::printf("%s\n", differences ? "different" : "the same, bit for bit");
  return differences ? 1 : 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}

#include <cstring>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/io/hdf5_internal.h"

namespace ballast::hdf5 {
namespace {

using Texts = std::vector<std::string>;

// In memory and in the file every member of a record takes eight bytes: a number, or the address of a text.
constexpr std::size_t kMember = 8;
static_assert(sizeof(double) == kMember && sizeof(std::int64_t) == kMember && sizeof(char*) == kMember);

std::size_t rows_of(const TableColumn& column) {
  return std::visit([](const auto& values) { return values.size(); }, column.values);
}

hid_t member_type(const TableColumn& column, const Handle& text) {
  if (std::holds_alternative<Texts>(column.values)) return text.id();
  return std::holds_alternative<std::vector<double>>(column.values) ? H5T_IEEE_F64LE : H5T_STD_I64LE;
}

Handle record_type(const std::vector<TableColumn>& columns, const Handle& text) {
  Handle record(H5Tcreate(H5T_COMPOUND, columns.size() * kMember), H5Tclose);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    H5Tinsert(record.id(), columns[c].name.c_str(), c * kMember, member_type(columns[c], text));
  }
  return record;
}

/// Copies a column's values into, or out of, member `at` of each record.
struct PutMember {
  std::vector<char>& records;
  std::size_t at, stride;

  template <class Number>
  void operator()(const std::vector<Number>& values) const {
    for (std::size_t r = 0; r < values.size(); ++r) std::memcpy(&records[r * stride + at], &values[r], kMember);
  }
  void operator()(const Texts& values) const {
    for (std::size_t r = 0; r < values.size(); ++r) {
      const char* start = values[r].c_str();
      std::memcpy(&records[r * stride + at], &start, kMember);
    }
  }
};

struct TakeMember {
  const std::vector<char>& records;
  std::size_t at, stride;

  template <class Number>
  void operator()(std::vector<Number>& values) const {
    for (std::size_t r = 0; r < values.size(); ++r) std::memcpy(&values[r], &records[r * stride + at], kMember);
  }
  void operator()(Texts& values) const {
    for (std::size_t r = 0; r < values.size(); ++r) {
      char* start = nullptr;
      std::memcpy(&start, &records[r * stride + at], kMember);
      if (start) values[r] = start;
      H5free_memory(start);
    }
  }
};

}  // namespace

Dataset Group::create_table(const std::string& name, const std::vector<TableColumn>& columns) {
  BALLAST_EXPECTS(!columns.empty());
  const std::size_t rows = rows_of(columns[0]), stride = columns.size() * kMember;
  std::vector<char> records(rows * stride);
  for (std::size_t c = 0; c < columns.size(); ++c) {
    BALLAST_EXPECTS(rows_of(columns[c]) == rows);
    std::visit(PutMember{records, c * kMember, stride}, columns[c].values);
  }
  Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation.id(), false);
  H5Pset_attr_creation_order(creation.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  Handle text = text_type(), record = record_type(columns, text), space = simple_space({rows});
  Handle dataset(check(H5Dcreate2(id(), name.c_str(), record.id(), space.id(), H5P_DEFAULT, creation.id(), H5P_DEFAULT),
                       *origin_, fmt::format("create table '{}'", inside(name))),
                 H5Dclose);
  if (rows > 0) {
    check(H5Dwrite(dataset.id(), record.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, records.data()), *origin_,
          fmt::format("write table '{}'", inside(name)));
  }
  return Dataset(std::move(dataset), origin_, inside(name));
}

std::vector<TableColumn> Dataset::read_table() const {
  auto refuse = [&](const std::string& why) {
    Problem problem;
    problem.file = path();
    problem.message = fmt::format("dataset '{}' is not a table of ballast ({})", name_, why);
    throw InputError(std::move(problem));
  };
  Handle stored(H5Dget_type(id()), H5Tclose);
  std::vector<std::uint64_t> extent = shape();
  if (H5Tget_class(stored.id()) != H5T_COMPOUND || extent.size() != 1) refuse("not a list of records");
  std::vector<TableColumn> columns;
  for (int m = 0; m < H5Tget_nmembers(stored.id()); ++m) {
    char* name = H5Tget_member_name(stored.id(), unsigned(m));
    TableColumn column{name, {}};
    H5free_memory(name);
    Handle type(H5Tget_member_type(stored.id(), unsigned(m)), H5Tclose);
    switch (H5Tget_class(type.id())) {
      case H5T_FLOAT:
        column.values = std::vector<double>(extent[0]);
        break;
      case H5T_INTEGER:
        column.values = std::vector<std::int64_t>(extent[0]);
        break;
      case H5T_STRING:
        if (H5Tis_variable_str(type.id()) > 0) {
          column.values = Texts(extent[0]);
          break;
        }
        [[fallthrough]];
      default:
        refuse(fmt::format("column '{}' has another type", column.name));
    }
    columns.push_back(std::move(column));
  }
  const std::size_t stride = columns.size() * kMember;
  std::vector<char> records(extent[0] * stride);
  Handle text = text_type(), record = record_type(columns, text);
  if (extent[0] > 0) {
    check(H5Dread(id(), record.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, records.data()), *origin_,
          fmt::format("read table '{}'", name_));
  }
  for (std::size_t c = 0; c < columns.size(); ++c) {
    std::visit(TakeMember{records, c * kMember, stride}, columns[c].values);
  }
  return columns;
}

}  // namespace ballast::hdf5

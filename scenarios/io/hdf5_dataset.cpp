#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <hdf5_hl.h>

#include "scenarios/base/error.h"
#include "scenarios/io/hdf5_internal.h"

namespace ballast::hdf5 {
namespace {

std::uint64_t product(const std::vector<std::uint64_t>& shape, std::size_t from = 0) {
  std::uint64_t count = 1;
  for (std::size_t k = from; k < shape.size(); ++k) count *= shape[k];
  return count;
}

hid_t stored_number_type(Type type) {
  switch (type) {
    case Type::float64:
      return H5T_IEEE_F64LE;
    case Type::float32:
      return H5T_IEEE_F32LE;
    case Type::int64:
      return H5T_STD_I64LE;
    default:
      return H5T_STD_U8LE;
  }
}

[[noreturn]] void wrong_kind(const Dataset& dataset, const char* wanted) {
  Problem problem;
  problem.file = dataset.path();
  problem.message = fmt::format("dataset '{}' does not hold {}", dataset.name(), wanted);
  throw InputError(std::move(problem));
}

void expect_numbers(Id id, const Dataset& dataset) {
  Handle type(H5Dget_type(id), H5Tclose);
  H5T_class_t kind = H5Tget_class(type.id());
  if (kind != H5T_INTEGER && kind != H5T_FLOAT) wrong_kind(dataset, "numbers");
}

// Single precision is rounded here, to nearest; HDF5's own conversion goes through a small buffer and is slower.
std::vector<float> to_float(const double* values, std::uint64_t count) { return {values, values + count}; }

}  // namespace

const char* name_of(Type type) {
  constexpr const char* names[] = {"float64", "float32", "int64", "uint8", "text", "table", "other"};
  return names[int(type)];
}

Dataset Group::create_dataset(const std::string& name, Type type, const std::vector<std::uint64_t>& shape,
                              DatasetOptions options) {
  std::string doing = fmt::format("create dataset '{}'", inside(name));
  Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation.id(), false);
  H5Pset_attr_creation_order(creation.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  if (type != Type::text && options.fully_written) H5Pset_fill_time(creation.id(), H5D_FILL_TIME_NEVER);
  if (!options.fully_written && (type == Type::float64 || type == Type::float32)) {
    double nan = std::numeric_limits<double>::quiet_NaN();
    H5Pset_fill_value(creation.id(), H5T_NATIVE_DOUBLE, &nan);
  }
  if (options.chunk_rows > 0 && product(shape) > 0) {
    std::vector<hsize_t> chunk(shape.begin(), shape.end());
    chunk[0] = std::min<hsize_t>(chunk[0], options.chunk_rows);
    H5Pset_chunk(creation.id(), int(chunk.size()), chunk.data());
    if (options.fully_written && options.deflate == 0) H5Pset_alloc_time(creation.id(), H5D_ALLOC_TIME_EARLY);
    if (options.deflate > 0) {
      H5Pset_shuffle(creation.id());
      H5Pset_deflate(creation.id(), unsigned(options.deflate));
    }
  }
  Handle text = text_type();
  hid_t stored = type == Type::text ? text.id() : stored_number_type(type);
  Handle space = simple_space(shape);
  Handle dataset(check(H5Dcreate2(id(), name.c_str(), stored, space.id(), H5P_DEFAULT, creation.id(), H5P_DEFAULT),
                       *origin_, doing),
                 H5Dclose);
  return Dataset(std::move(dataset), origin_, inside(name));
}

Dataset Group::create_virtual_dataset(const std::string& name, Type type, const std::vector<std::uint64_t>& shape,
                                      const std::vector<VirtualRows>& parts) {
  std::string doing = fmt::format("create virtual dataset '{}'", inside(name));
  Handle creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation.id(), false);
  H5Pset_attr_creation_order(creation.id(), H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED);
  double nan = std::numeric_limits<double>::quiet_NaN();
  H5Pset_fill_value(creation.id(), H5T_NATIVE_DOUBLE, &nan);
  Handle space = simple_space(shape);
  for (const VirtualRows& part : parts) {
    std::vector<std::uint64_t> extent = shape;
    std::vector<hsize_t> start(shape.size(), 0), size(shape.begin(), shape.end());
    extent[0] = size[0] = part.count;
    start[0] = part.first;
    Handle source = simple_space(extent);
    check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr), *origin_,
          doing);
    check(H5Pset_virtual(creation.id(), space.id(), part.path.c_str(), inside(name).c_str(), source.id()), *origin_,
          doing);
  }
  H5Sselect_all(space.id());
  Handle dataset(check(H5Dcreate2(id(), name.c_str(), stored_number_type(type), space.id(), H5P_DEFAULT, creation.id(),
                                  H5P_DEFAULT),
                       *origin_, doing),
                 H5Dclose);
  return Dataset(std::move(dataset), origin_, inside(name));
}

std::vector<std::uint64_t> Dataset::shape() const {
  Handle space(H5Dget_space(id()), H5Sclose);
  int rank = H5Sget_simple_extent_ndims(space.id());
  std::vector<hsize_t> dims(std::size_t(std::max(rank, 0)));
  if (rank > 0) H5Sget_simple_extent_dims(space.id(), dims.data(), nullptr);
  return {dims.begin(), dims.end()};
}

Type Dataset::type() const {
  Handle stored(H5Dget_type(id()), H5Tclose);
  for (Type type : {Type::float64, Type::float32, Type::int64, Type::uint8}) {
    if (H5Tequal(stored.id(), stored_number_type(type)) > 0) return type;
  }
  H5T_class_t kind = H5Tget_class(stored.id());
  return kind == H5T_STRING ? Type::text : kind == H5T_COMPOUND ? Type::table : Type::other;
}

void Dataset::write(const std::vector<double>& values) {
  BALLAST_EXPECTS(values.size() == product(shape()));
  std::string doing = fmt::format("write dataset '{}'", name_);
  if (values.empty()) return;
  if (type() == Type::float32) {
    std::vector<float> single = to_float(values.data(), values.size());
    check(H5Dwrite(id(), H5T_NATIVE_FLOAT, H5S_ALL, H5S_ALL, H5P_DEFAULT, single.data()), *origin_, doing);
  } else {
    check(H5Dwrite(id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), *origin_, doing);
  }
}

void Dataset::write(const std::vector<std::int64_t>& values) {
  BALLAST_EXPECTS(values.size() == product(shape()));
  if (values.empty()) return;
  check(H5Dwrite(id(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), *origin_,
        fmt::format("write dataset '{}'", name_));
}

void Dataset::write(std::string_view bytes) {
  BALLAST_EXPECTS(bytes.size() == product(shape()));
  if (bytes.empty()) return;
  check(H5Dwrite(id(), H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()), *origin_,
        fmt::format("write dataset '{}'", name_));
}

void Dataset::write(const std::vector<std::string>& texts) {
  BALLAST_EXPECTS(texts.size() == product(shape()));
  if (texts.empty()) return;
  std::vector<const char*> starts;
  for (const std::string& text : texts) starts.push_back(text.c_str());
  Handle memory = text_type();
  check(H5Dwrite(id(), memory.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, starts.data()), *origin_,
        fmt::format("write dataset '{}'", name_));
}

void Dataset::select_rows(std::uint64_t first, std::uint64_t count, Handle& memory, Handle& file) const {
  std::vector<std::uint64_t> extent = shape();
  BALLAST_EXPECTS(!extent.empty() && first + count <= extent[0]);
  std::vector<hsize_t> start(extent.size(), 0), size(extent.begin(), extent.end());
  start[0] = first;
  size[0] = count;
  extent[0] = count;
  memory = simple_space(extent);
  file = Handle(H5Dget_space(id()), H5Sclose);
  check(H5Sselect_hyperslab(file.id(), H5S_SELECT_SET, start.data(), nullptr, size.data(), nullptr), *origin_,
        fmt::format("select rows of '{}'", name_));
}

void Dataset::write_rows(std::uint64_t first, std::uint64_t count, const double* values) {
  if (count == 0) return;
  Handle memory, file;
  select_rows(first, count, memory, file);
  std::string doing = fmt::format("write dataset '{}'", name_);
  if (type() == Type::float32) {
    std::vector<float> single = to_float(values, count * product(shape(), 1));
    check(H5Dwrite(id(), H5T_NATIVE_FLOAT, memory.id(), file.id(), H5P_DEFAULT, single.data()), *origin_, doing);
  } else {
    check(H5Dwrite(id(), H5T_NATIVE_DOUBLE, memory.id(), file.id(), H5P_DEFAULT, values), *origin_, doing);
  }
}

std::vector<double> Dataset::read_doubles() const {
  expect_numbers(id(), *this);
  std::vector<double> values(product(shape()));
  if (values.empty()) return values;
  check(H5Dread(id(), H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), *origin_,
        fmt::format("read dataset '{}'", name_));
  return values;
}

std::vector<double> Dataset::read_rows(std::uint64_t first, std::uint64_t count) const {
  std::vector<double> values(count * product(shape(), 1));
  read_rows(first, count, values.data());
  return values;
}

void Dataset::read_rows(std::uint64_t first, std::uint64_t count, double* values) const {
  expect_numbers(id(), *this);
  Handle memory, file;
  select_rows(first, count, memory, file);
  if (count * product(shape(), 1) == 0) return;
  check(H5Dread(id(), H5T_NATIVE_DOUBLE, memory.id(), file.id(), H5P_DEFAULT, values), *origin_,
        fmt::format("read dataset '{}'", name_));
}

std::vector<std::int64_t> Dataset::read_int64s() const {
  expect_numbers(id(), *this);
  std::vector<std::int64_t> values(product(shape()));
  if (values.empty()) return values;
  check(H5Dread(id(), H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), *origin_,
        fmt::format("read dataset '{}'", name_));
  return values;
}

std::string Dataset::read_bytes() const {
  if (type() != Type::uint8) wrong_kind(*this, "bytes");
  std::string bytes(product(shape()), '\0');
  if (bytes.empty()) return bytes;
  check(H5Dread(id(), H5T_NATIVE_UINT8, H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()), *origin_,
        fmt::format("read dataset '{}'", name_));
  return bytes;
}

std::vector<std::string> Dataset::read_texts() const {
  if (type() != Type::text) wrong_kind(*this, "texts");
  std::size_t count = product(shape());
  std::vector<std::string> texts(count);
  if (count == 0) return texts;
  std::string doing = fmt::format("read dataset '{}'", name_);
  Handle stored(H5Dget_type(id()), H5Tclose);
  if (H5Tis_variable_str(stored.id()) > 0) {
    std::vector<char*> starts(count, nullptr);
    check(H5Dread(id(), stored.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, starts.data()), *origin_, doing);
    for (std::size_t k = 0; k < count; ++k) {
      if (starts[k]) texts[k] = starts[k];
      H5free_memory(starts[k]);
    }
    return texts;
  }
  std::size_t width = H5Tget_size(stored.id());
  std::string all(count * width, '\0');
  check(H5Dread(id(), stored.id(), H5S_ALL, H5S_ALL, H5P_DEFAULT, all.data()), *origin_, doing);
  char padding = H5Tget_strpad(stored.id()) == H5T_STR_SPACEPAD ? ' ' : '\0';
  for (std::size_t k = 0; k < count; ++k) {
    std::string text = all.substr(k * width, width);
    texts[k] = padding == ' ' ? text.substr(0, text.find_last_not_of(' ') + 1) : text.substr(0, text.find('\0'));
  }
  return texts;
}

void Dataset::make_scale(const std::string& dimension) {
  check(H5DSset_scale(id(), dimension.c_str()), *origin_, fmt::format("make '{}' a dimension scale", name_));
}

bool Dataset::is_scale() const { return H5DSis_scale(id()) > 0; }

void Dataset::attach_scale(std::size_t index, const Dataset& scale) {
  check(H5DSattach_scale(id(), scale.id(), unsigned(index)), *origin_,
        fmt::format("attach the scale '{}' to '{}'", scale.name(), name_));
}

std::string Dataset::scale_of(std::size_t index) const {
  std::string found;
  auto take_first = [](hid_t, unsigned, hid_t scale, void* data) -> herr_t {
    char name[1024] = "";
    H5Iget_name(scale, name, sizeof name);
    *static_cast<std::string*>(data) = name;
    return 1;
  };
  if (H5DSget_num_scales(id(), unsigned(index)) > 0) {
    H5DSiterate_scales(id(), unsigned(index), nullptr, take_first, &found);
  }
  return found;
}

}  // namespace ballast::hdf5

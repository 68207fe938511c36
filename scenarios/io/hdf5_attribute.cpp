#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/io/hdf5_internal.h"

namespace ballast::hdf5 {
namespace {

Handle attribute(Id object, const std::string& name, const Origin& origin, const std::string& object_name) {
  return Handle(check(H5Aopen(object, name.c_str(), H5P_DEFAULT), origin,
                      fmt::format("read attribute '{}' of '{}'", name, object_name)),
                H5Aclose);
}

[[noreturn]] void wrong_kind(const Origin& origin, const std::string& name, const std::string& object_name,
                             const char* wanted) {
  Problem problem;
  problem.file = origin.path;
  problem.message = fmt::format("attribute '{}' of '{}' is not {}", name, object_name, wanted);
  throw InputError(std::move(problem));
}

template <class Number>
Number read_number(Id object, const std::string& name, const Origin& origin, const std::string& object_name,
                   hid_t memory_type) {
  Handle opened = attribute(object, name, origin, object_name);
  Handle type(H5Aget_type(opened.id()), H5Tclose);
  Handle space(H5Aget_space(opened.id()), H5Sclose);
  H5T_class_t kind = H5Tget_class(type.id());
  if ((kind != H5T_INTEGER && kind != H5T_FLOAT) || H5Sget_simple_extent_npoints(space.id()) != 1) {
    wrong_kind(origin, name, object_name, "one number");
  }
  Number value{};
  check(H5Aread(opened.id(), memory_type, &value), origin, fmt::format("read attribute '{}'", name));
  return value;
}

void write(Id object, const std::string& name, hid_t file_type, hid_t memory_type, const void* value,
           const Origin& origin, const std::string& object_name) {
  std::string doing = fmt::format("write attribute '{}' of '{}'", name, object_name);
  if (H5Aexists(object, name.c_str()) > 0) check(H5Adelete(object, name.c_str()), origin, doing);
  Handle space = simple_space({});
  Handle created(
      check(H5Acreate2(object, name.c_str(), file_type, space.id(), H5P_DEFAULT, H5P_DEFAULT), origin, doing),
      H5Aclose);
  check(H5Awrite(created.id(), memory_type, value), origin, doing);
}

}  // namespace

Handle text_type() {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.id(), H5T_VARIABLE);
  H5Tset_cset(type.id(), H5T_CSET_UTF8);
  return type;
}

void Object::set_attribute(const std::string& name, std::string_view value) {
  Handle type = text_type();
  std::string text(value);
  const char* start = text.c_str();
  write(id(), name, type.id(), type.id(), &start, *origin_, name_);
}

void Object::set_attribute(const std::string& name, double value) {
  write(id(), name, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, &value, *origin_, name_);
}

void Object::set_attribute(const std::string& name, std::int64_t value) {
  write(id(), name, H5T_STD_I64LE, H5T_NATIVE_INT64, &value, *origin_, name_);
}

void Object::set_attribute(const std::string& name, std::uint64_t value) {
  write(id(), name, H5T_STD_U64LE, H5T_NATIVE_UINT64, &value, *origin_, name_);
}

bool Object::has_attribute(const std::string& name) const { return H5Aexists(id(), name.c_str()) > 0; }

std::vector<std::string> Object::attribute_names() const {
  std::vector<std::string> names;
  auto add = [](hid_t, const char* name, const H5A_info_t*, void* data) -> herr_t {
    static_cast<std::vector<std::string>*>(data)->emplace_back(name);
    return 0;
  };
  // Fails where the order of creation was not tracked (files of others).
  if (H5Aiterate2(id(), H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, add, &names) < 0) {
    names.clear();
    check(H5Aiterate2(id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names), *origin_,
          fmt::format("list attributes of '{}'", name_));
  }
  return names;
}

std::string Object::attribute_type(const std::string& name) const {
  Handle opened = attribute(id(), name, *origin_, name_);
  Handle type(H5Aget_type(opened.id()), H5Tclose);
  if (H5Tget_class(type.id()) == H5T_STRING) return H5Tis_variable_str(type.id()) > 0 ? "text" : "fixed text";
  if (H5Tequal(type.id(), H5T_IEEE_F64LE) > 0) return "float64";
  if (H5Tequal(type.id(), H5T_STD_I64LE) > 0) return "int64";
  if (H5Tequal(type.id(), H5T_STD_U64LE) > 0) return "uint64";
  return "other";
}

std::string Object::text_attribute(const std::string& name) const {
  Handle opened = attribute(id(), name, *origin_, name_);
  Handle type(H5Aget_type(opened.id()), H5Tclose);
  Handle space(H5Aget_space(opened.id()), H5Sclose);
  if (H5Tget_class(type.id()) != H5T_STRING || H5Sget_simple_extent_npoints(space.id()) != 1) {
    wrong_kind(*origin_, name, name_, "one text");
  }
  std::string doing = fmt::format("read attribute '{}'", name);
  if (H5Tis_variable_str(type.id()) > 0) {
    char* start = nullptr;
    check(H5Aread(opened.id(), type.id(), &start), *origin_, doing);
    std::string text = start ? start : "";
    H5free_memory(start);
    return text;
  }
  std::string text(H5Tget_size(type.id()), '\0');
  check(H5Aread(opened.id(), type.id(), text.data()), *origin_, doing);
  return text.substr(0, text.find('\0'));
}

double Object::double_attribute(const std::string& name) const {
  return read_number<double>(id(), name, *origin_, name_, H5T_NATIVE_DOUBLE);
}

std::int64_t Object::int64_attribute(const std::string& name) const {
  return read_number<std::int64_t>(id(), name, *origin_, name_, H5T_NATIVE_INT64);
}

std::uint64_t Object::uint64_attribute(const std::string& name) const {
  return read_number<std::uint64_t>(id(), name, *origin_, name_, H5T_NATIVE_UINT64);
}

}  // namespace ballast::hdf5

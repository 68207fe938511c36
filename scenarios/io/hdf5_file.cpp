#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <hdf5_hl.h>

#include "scenarios/base/error.h"
#include "scenarios/base/ranks.h"
#include "scenarios/io/hdf5_internal.h"

namespace ballast::hdf5 {
namespace {

constexpr unsigned kCreationOrder = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;

Handle access_properties() {
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  H5Pset_libver_bounds(access.id(), H5F_LIBVER_V18, H5F_LIBVER_V110);
  H5Pset_fclose_degree(access.id(), H5F_CLOSE_STRONG);
  // Locks fail on many network file systems; a file being written has a name of its own, so none is needed.
  H5Pset_file_locking(access.id(), false, true);
  return access;
}

void share(Handle& access, const Ranks& ranks) {
  if (ranks.alone()) return;
#ifdef BALLAST_MPI
  H5Pset_fapl_mpio(access.id(), *static_cast<const MPI_Comm*>(ranks.communicator()), MPI_INFO_NULL);
#else
  static_cast<void>(access);
#endif
}

[[noreturn]] void refuse(const std::string& name, const std::string& message, ExitCode code = ExitCode::bad_input) {
  Problem problem;
  problem.file = name;
  problem.message = message;
  throw InputError({std::move(problem)}, code);
}

constexpr std::string_view kSignature{"\211HDF\r\n\032\n", 8};

void check_signature(const std::string& name, std::string_view start) {
  // HDF5 also allows it at 512, 1024, ... after a user block (MATLAB's files begin with one of 512 bytes).
  for (std::size_t at = 0; at + kSignature.size() <= start.size(); at = at ? 2 * at : 512) {
    if (start.substr(at, kSignature.size()) == kSignature) return;
  }
  refuse(name, "is not an HDF5 file (it does not begin with HDF5's signature)");
}

}  // namespace

Handle simple_space(const std::vector<std::uint64_t>& shape) {
  if (shape.empty()) return Handle(H5Screate(H5S_SCALAR), H5Sclose);
  std::vector<hsize_t> dims(shape.begin(), shape.end());
  return Handle(H5Screate_simple(int(dims.size()), dims.data(), nullptr), H5Sclose);
}

File File::create(const std::string& path) {
  quiet();
  Handle access = access_properties();
  Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation.id(), false);
  H5Pset_link_creation_order(creation.id(), kCreationOrder);
  H5Pset_attr_creation_order(creation.id(), kCreationOrder);
  Handle file(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation.id(), access.id()), H5Fclose);
  if (file.id() < 0) {
    throw Error(ExitCode::cannot_create, fmt::format("error: cannot create '{}' ({})", path, last_reason()));
  }
  return File(std::move(file), std::make_shared<Origin>(Origin{path, true}), "/");
}

File File::open_for_update(const std::string& path) { return open_for_update(path, one_process()); }

File File::open_for_update(const std::string& path, Ranks& ranks) {
  quiet();
  auto origin = std::make_shared<Origin>(Origin{path, true});
  Handle access = access_properties();
  share(access, ranks);
  Handle file(check(H5Fopen(path.c_str(), H5F_ACC_RDWR, access.id()), *origin, "open the HDF5 file"), H5Fclose);
  return File(std::move(file), std::move(origin), "/");
}

File File::open(const std::string& path) {
  quiet();
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    refuse(path, "is a folder; name an HDF5 file", ExitCode::missing_input);
  }
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) refuse(path, fmt::format("cannot be opened ({})", std::strerror(errno)), ExitCode::missing_input);
  std::string start(std::size_t(1) << 16, '\0');
  stream.read(start.data(), std::streamsize(start.size()));
  start.resize(std::size_t(stream.gcount()));
  check_signature(path, start);
  auto origin = std::make_shared<Origin>(Origin{path, false});
  Handle access = access_properties();
  Handle file(check(H5Fopen(path.c_str(), H5F_ACC_RDONLY, access.id()), *origin, "open the HDF5 file"), H5Fclose);
  return File(std::move(file), std::move(origin), "/");
}

File File::open_content(const std::string& name, std::string_view content) {
  quiet();
  check_signature(name, content.substr(0, std::size_t(1) << 16));
  auto origin = std::make_shared<Origin>(Origin{name, false});
  // Without flags the library reads, and keeps a copy; it declares the bytes writable but does not write them.
  void* bytes = const_cast<char*>(content.data());
  Handle file(check(H5LTopen_file_image(bytes, content.size(), 0), *origin, "open the HDF5 file"), H5Fclose);
  return File(std::move(file), std::move(origin), "/");
}

void File::flush() { check(H5Fflush(id(), H5F_SCOPE_GLOBAL), *origin_, "write the data"); }

void File::close() {
  // Flushed first: after a failed close HDF5 has given up the file, after a failed flush it is still whole.
  if (origin_->writing) flush();
  check(handle_.close(), *origin_, "close the file");
}

Group Group::create_group(const std::string& name) {
  Handle creation(H5Pcreate(H5P_GROUP_CREATE), H5Pclose);
  H5Pset_obj_track_times(creation.id(), false);
  H5Pset_link_creation_order(creation.id(), kCreationOrder);
  H5Pset_attr_creation_order(creation.id(), kCreationOrder);
  Handle group(check(H5Gcreate2(id(), name.c_str(), H5P_DEFAULT, creation.id(), H5P_DEFAULT), *origin_,
                     fmt::format("create group '{}'", inside(name))),
               H5Gclose);
  return Group(std::move(group), origin_, inside(name));
}

bool Group::contains(const std::string& name) const { return H5Lexists(id(), name.c_str(), H5P_DEFAULT) > 0; }

bool Group::is_group(const std::string& name) const {
  H5O_info_t info;
  check(H5Oget_info_by_name2(id(), name.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT), *origin_,
        fmt::format("find '{}'", inside(name)));
  return info.type == H5O_TYPE_GROUP;
}

std::vector<std::string> Group::members() const {
  std::vector<std::string> names;
  auto add = [](hid_t, const char* name, const H5L_info_t*, void* data) -> herr_t {
    static_cast<std::vector<std::string>*>(data)->emplace_back(name);
    return 0;
  };
  // Fails where the order of creation was not tracked (files of others).
  if (H5Literate(id(), H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, add, &names) < 0) {
    names.clear();
    check(H5Literate(id(), H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names), *origin_,
          fmt::format("list group '{}'", name_));
  }
  return names;
}

Group Group::open_group(const std::string& name) const {
  if (!contains(name)) refuse(path(), fmt::format("has no group '{}'", inside(name)));
  Handle group(check(H5Gopen2(id(), name.c_str(), H5P_DEFAULT), *origin_, fmt::format("open group '{}'", inside(name))),
               H5Gclose);
  return Group(std::move(group), origin_, inside(name));
}

Dataset Group::open_dataset(const std::string& name) const {
  if (!contains(name)) refuse(path(), fmt::format("has no dataset '{}'", inside(name)));
  Handle dataset(
      check(H5Dopen2(id(), name.c_str(), H5P_DEFAULT), *origin_, fmt::format("open dataset '{}'", inside(name))),
      H5Dclose);
  return Dataset(std::move(dataset), origin_, inside(name));
}

}  // namespace ballast::hdf5

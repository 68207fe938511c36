#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Owning handles over the HDF5 C library: files, groups, datasets, attributes, dimension scales. Nothing else in the
/// project includes <hdf5.h>.
///
/// The library that Debian ships is not thread-safe: all calls, on whatever files, come from one thread at a time.
///
/// Every failure is an exception that names the file and gives HDF5's innermost reason: Error(cannot_create, 73) or
/// Error(cannot_write, 74) for a file being written; InputError (65, or 66 when there is no such file) for one being
/// read. HDF5 itself prints nothing.
namespace ballast {
class Ranks;
}

namespace ballast::hdf5 {

using Id = std::int64_t;

/// Owns one HDF5 identifier.
class Handle {
 public:
  using Close = int (*)(Id);
  Handle() = default;
  Handle(Id id, Close closing) : id_(id), close_(closing) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(id_, other.id_);
    std::swap(close_, other.close_);
    return *this;
  }
  ~Handle() { close(); }
  Id id() const { return id_; }
  /// Negative when closing failed, which for a file means that something was not written.
  int close() { return id_ < 0 ? 0 : close_(std::exchange(id_, -1)); }

 private:
  Id id_ = -1;
  Close close_ = nullptr;
};

/// What an error message needs to know of the file.
struct Origin {
  std::string path;
  bool writing = false;
};

/// A file, group or dataset: what can have attributes.
class Object {
 public:
  const std::string& name() const { return name_; }  ///< full name in the file
  const std::string& path() const { return origin_->path; }

  void set_attribute(const std::string& name, std::string_view value);  ///< variable-length UTF-8
  void set_attribute(const std::string& name, double value);
  void set_attribute(const std::string& name, std::int64_t value);
  void set_attribute(const std::string& name, std::uint64_t value);

  bool has_attribute(const std::string& name) const;
  std::vector<std::string> attribute_names() const;  ///< in order of creation where the file knows it
  /// "text", "float64", "int64", "uint64", or what else HDF5 has.
  std::string attribute_type(const std::string& name) const;
  /// Each throws when the attribute is missing, not a scalar, or of another kind.
  std::string text_attribute(const std::string& name) const;
  double double_attribute(const std::string& name) const;
  std::int64_t int64_attribute(const std::string& name) const;
  std::uint64_t uint64_attribute(const std::string& name) const;

 protected:
  Object() = default;
  Object(Handle handle, std::shared_ptr<Origin> origin, std::string name)
      : handle_(std::move(handle)), origin_(std::move(origin)), name_(std::move(name)) {}
  Id id() const { return handle_.id(); }

  Handle handle_;
  std::shared_ptr<Origin> origin_;
  std::string name_;
};

enum class Type { float64, float32, int64, uint8, text, table, other };
const char* name_of(Type type);

/// One column of a table: numbers, whole numbers or texts, as many as the table has rows.
struct TableColumn {
  std::string name;
  std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::string>> values;
};

/// An n-dimensional array, row-major. Numbers are given and returned as double whatever is stored.
class Dataset : public Object {
 public:
  std::vector<std::uint64_t> shape() const;
  Type type() const;

  void write(const std::vector<double>& values);        ///< float64 or float32, whole
  void write(const std::vector<std::int64_t>& values);  ///< int64, whole
  void write(std::string_view bytes);                   ///< uint8, whole
  void write(const std::vector<std::string>& texts);    ///< text, whole; no text may hold a NUL
  /// Rows first .. first + count - 1 of the first dimension, count x (product of the other dimensions) numbers.
  void write_rows(std::uint64_t first, std::uint64_t count, const double* values);

  std::vector<double> read_doubles() const;  ///< any number type, whole
  std::vector<double> read_rows(std::uint64_t first, std::uint64_t count) const;
  void read_rows(std::uint64_t first, std::uint64_t count, double* values) const;
  std::vector<std::int64_t> read_int64s() const;
  std::string read_bytes() const;               ///< uint8
  std::vector<std::string> read_texts() const;  ///< of variable or fixed length
  std::vector<TableColumn> read_table() const;  ///< of create_table's types

  /// Declares this one-dimensional dataset the scale of a dimension called `dimension` (HDF5 dimension scales).
  void make_scale(const std::string& dimension);
  bool is_scale() const;
  /// Labels dimension `index` of this dataset by a scale.
  void attach_scale(std::size_t index, const Dataset& scale);
  /// The full name of the scale attached to a dimension, or "".
  std::string scale_of(std::size_t index) const;

 private:
  friend class Group;
  using Object::Object;
  void select_rows(std::uint64_t first, std::uint64_t count, Handle& memory, Handle& file) const;
};

struct DatasetOptions {
  /// 0: contiguous. Chunks get their place in the file at once: writing rows later changes nothing but their bytes, so
  /// that a program killed meanwhile leaves a file that can be opened.
  std::uint64_t chunk_rows = 0;
  int deflate = 0;            ///< level of gzip's compression, 1-9, after a byte shuffle; needs chunks; 0: none
  bool fully_written = true;  ///< every element will be written: nothing is filled beforehand; else numbers start NaN
};

/// Rows of a virtual dataset that another file holds: all rows of its dataset of the same name.
struct VirtualRows {
  std::string path;  ///< relative: from the folder of the file that holds the virtual dataset
  std::uint64_t first = 0, count = 0;
};

class Group : public Object {
 public:
  Group create_group(const std::string& name);
  Dataset create_dataset(const std::string& name, Type type, const std::vector<std::uint64_t>& shape,
                         DatasetOptions options = {});

  /// A dataset that holds nothing itself: its rows are those of datasets of the same full name in other files.
  Dataset create_virtual_dataset(const std::string& name, Type type, const std::vector<std::uint64_t>& shape,
                                 const std::vector<VirtualRows>& parts);

  /// A one-dimensional dataset of records, one a row: what h5py and pandas read as a table. The columns are equally
  /// long; no text may hold a NUL.
  Dataset create_table(const std::string& name, const std::vector<TableColumn>& columns);

  bool contains(const std::string& name) const;
  bool is_group(const std::string& name) const;
  std::vector<std::string> members() const;  ///< in order of creation where the file knows it
  Group open_group(const std::string& name) const;
  Dataset open_dataset(const std::string& name) const;

 protected:
  using Object::Object;
  Group() = default;

 private:
  std::string inside(const std::string& member) const { return name_ == "/" ? name_ + member : name_ + "/" + member; }
};

class File : public Group {
 public:
  /// Creates, or empties, a file. Nothing in it depends on when or where it was made.
  static File create(const std::string& path);
  /// Opens for reading.
  static File open(const std::string& path);
  /// Opens for writing on in a file that create() made.
  static File open_for_update(const std::string& path);
  /// The same for all ranks at once (collective, and so is closing it): each writes rows of its own; what changes more
  /// than the numbers of existing, uncompressed datasets is not for ranks. Needs a build with MPI, or one process.
  static File open_for_update(const std::string& path, Ranks& ranks);
  /// Opens the content of a file held in memory, for reading; `name` stands for it in messages.
  static File open_content(const std::string& name, std::string_view content);

  void flush();  ///< what was written so far is in the hands of the operating system (of all ranks: collective)
  /// Flushes and closes, with every object opened from it. Without it the destructor closes and ignores failures.
  void close();

 private:
  using Group::Group;
};

}  // namespace ballast::hdf5

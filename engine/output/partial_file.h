#pragma once

#include <string>
#include <string_view>

namespace ballast {

/// A file in the making: written under a name of its own beside the final one, and renamed when complete, so that
/// nobody ever finds half a file under the final name.
class PartialFile {
 public:
  /// Creates an empty file PATH.N.partial, N chosen so that no other run uses it. Throws Error (73) when the folder is
  /// missing or cannot be written, or PATH is a folder.
  explicit PartialFile(std::string path);
  ~PartialFile();  ///< removes the partial file unless committed
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  const std::string& final_path() const { return path_; }
  const std::string& partial_path() const { return partial_; }

  /// Writes the whole content and brings it to the disk. Throws Error (74).
  void write(std::string_view text);

  /// Brings the partial file's content to the disk, renames it and brings the folder's entry to the disk. Throws Error
  /// (74), with nothing under the final name but what was there before.
  void commit();

 private:
  std::string path_, partial_;
  bool committed_ = false;
};

/// The whole file or nothing. Throws Error (73, 74).
void write_file_atomically(const std::string& path, std::string_view text);

}  // namespace ballast

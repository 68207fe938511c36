#pragma once

#include <string>
#include <string_view>

#include "scenarios/base/stop.h"

namespace ballast {

/// A file in the making: written under a name of its own beside the final one, and renamed when complete, so that
/// nobody ever finds half a file under the final name.
class PartialFile {
 public:
  /// Creates an empty file PATH.N.partial, N chosen so that no other run uses it. Throws Error (73) when the folder is
  /// missing or cannot be written, or PATH is a folder, a device or a pipe: the rename would put a file in its place.
  explicit PartialFile(std::string path);
  /// Goes on with the partial file of an earlier run. Throws Error (74) when another process is at it.
  static PartialFile adopt(std::string path, std::string partial_path);
  /// A file that another process makes, and looks after.
  static PartialFile of_another(std::string path, std::string partial_path);
  /// Removes what an earlier run left, unless a process is at it.
  static void remove_unused(const std::string& partial_path);
  /// Removes the partial files of this path that runs which were killed left; not `kept`, and none that a process is
  /// at, as far as the file system's locks tell.
  static void remove_left_over(const std::string& path, const std::string& kept = "");
  PartialFile(PartialFile&& other) noexcept;
  PartialFile& operator=(PartialFile&& other) noexcept;
  ~PartialFile();  ///< removes the partial file unless committed or kept
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;

  const std::string& final_path() const { return path_; }
  const std::string& partial_path() const { return partial_; }

  /// Takes room on the disk for all of the file's present size, holes included, where the file system can. Throws Error
  /// (74) when there is none.
  void reserve();
  /// Brings what was written to the disk, and leaves it there whatever happens.
  void keep();
  /// Makes this partial file's content that of another one, which it leaves alone. Throws Error (74).
  void copy_from(const PartialFile& other);

  /// Writes the whole content and brings it to the disk. Throws Error (74).
  void write(std::string_view text);

  /// Adds to the content. Throws Error (74).
  void append(std::string_view text);

  /// Brings the partial file's content to the disk, renames it and brings the folder's entry to the disk. Throws Error
  /// (74), with nothing under the final name but what was there before.
  void commit();

 private:
  PartialFile(std::string path, std::string partial_path, int lock);

  std::string path_, partial_;
  Unfinished unfinished_;
  int lock_ = -1;      ///< open while this process works on it
  bool keep_ = false;  ///< committed, or to be resumed
};

/// The whole file or nothing; a device or a pipe (/dev/null) is written to as it is. Throws Error (73, 74).
void write_file_atomically(const std::string& path, std::string_view text);

}  // namespace ballast

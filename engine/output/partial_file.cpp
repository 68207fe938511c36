#include "engine/output/partial_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include "scenarios/base/error.h"

namespace ballast {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() { close(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int close() {
    if (fd_ < 0) return 0;
    int result = ::close(fd_);
    fd_ = -1;
    return result;
  }

 private:
  int fd_;
};

std::string folder_of(const std::string& path) {
  std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

const char* suggestion(int error) {
  switch (error) {
    case ENOENT:
      return "create the folder, or name another with -o";
    case EACCES:
    case EROFS:
      return "name a folder that can be written, with -o";
    case ENOSPC:
    case EDQUOT:
      return "free some space, or name a folder on another disk with -o";
    case EFBIG:
      return "raise the limit on the size of files (ulimit -f)";
    default:
      return "name another folder with -o";
  }
}

[[noreturn]] void cannot_create(const std::string& path, int error) {
  throw Error(ExitCode::cannot_create,
              fmt::format("error: cannot create '{}' ({}); {}", path, std::strerror(error), suggestion(error)));
}

[[noreturn]] void cannot_write(const std::string& path, int error) {
  throw Error(ExitCode::cannot_write,
              fmt::format("error: cannot write '{}' ({}); {}", path, std::strerror(error), suggestion(error)));
}

/// A device, a pipe or a socket: something that is there, and neither file nor folder.
bool is_special(const std::string& path) {
  std::error_code ignored;
  const std::filesystem::file_type type = std::filesystem::status(path, ignored).type();
  using enum std::filesystem::file_type;
  return type == character || type == block || type == fifo || type == socket;
}

/// Writes all of it, or throws Error (74) that names `path`.
void write_all(int file, const std::string& path, std::string_view text) {
  while (!text.empty()) {
    ssize_t written = ::write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) cannot_write(path, errno);
    text.remove_prefix(std::size_t(written));
  }
}

// Some file systems cannot sync a folder (EINVAL); the rename itself was still atomic.
void sync_folder(const std::string& path) {
  Descriptor folder(::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() >= 0 && ::fsync(folder.get()) != 0 && errno != EINVAL) cannot_write(path, errno);
}

}  // namespace

PartialFile::PartialFile(std::string path) : path_(std::move(path)) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path_, ignored)) cannot_create(path_, EISDIR);
  if (is_special(path_)) {
    throw Error(ExitCode::cannot_create,
                fmt::format("error: cannot create '{}' (it is a device or a pipe); name a file", path_));
  }
  // The process number tells runs on one machine apart, the exclusive creation runs on machines that share the folder.
  for (long number = ::getpid();; ++number) {
    partial_ = fmt::format("{}.{}.partial", path_, number);
    Descriptor file(::open(partial_.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666));
    if (file.get() >= 0) {
      lock_ = ::dup(file.get());
      ::flock(lock_, LOCK_EX | LOCK_NB);
      return;
    }
    if (errno != EEXIST) cannot_create(path_, errno);
  }
}

PartialFile::PartialFile(std::string path, std::string partial_path, int lock)
    : path_(std::move(path)), partial_(std::move(partial_path)), lock_(lock), keep_(true) {}

// The lock is for two jobs on one results file; on file systems without locks (ENOLCK) there is none.
PartialFile PartialFile::adopt(std::string path, std::string partial_path) {
  int lock = ::open(partial_path.c_str(), O_RDWR | O_CLOEXEC);
  if (lock < 0) cannot_write(partial_path, errno);
  PartialFile partial(std::move(path), std::move(partial_path), lock);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    throw Error(ExitCode::cannot_write,
                fmt::format("error: cannot write '{}' (another process is writing it); wait for it, or stop it",
                            partial.partial_));
  }
  return partial;
}

PartialFile PartialFile::of_another(std::string path, std::string partial_path) {
  return PartialFile(std::move(path), std::move(partial_path), -1);
}

void PartialFile::remove_unused(const std::string& partial_path) {
  Descriptor file(::open(partial_path.c_str(), O_RDWR | O_CLOEXEC));
  if (file.get() < 0 || (::flock(file.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)) return;
  ::unlink(partial_path.c_str());
}

void PartialFile::remove_left_over(const std::string& path, const std::string& kept) {
  namespace fs = std::filesystem;
  const std::string begin = fs::path(path).filename().string() + ".", end = ".partial";
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_of(path), ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.size() <= begin.size() + end.size() || !name.starts_with(begin) || !name.ends_with(end)) continue;
    const std::string number = name.substr(begin.size(), name.size() - begin.size() - end.size());
    if (number.find_first_not_of("0123456789") != std::string::npos) continue;
    if (name == fs::path(kept).filename().string()) continue;
    Descriptor file(::open(entry.path().c_str(), O_RDWR | O_CLOEXEC));
    if (file.get() >= 0 && ::flock(file.get(), LOCK_EX | LOCK_NB) == 0) ::unlink(entry.path().c_str());
  }
}

PartialFile::PartialFile(PartialFile&& other) noexcept
    : path_(std::move(other.path_)),
      partial_(std::move(other.partial_)),
      lock_(std::exchange(other.lock_, -1)),
      keep_(std::exchange(other.keep_, true)) {}

PartialFile& PartialFile::operator=(PartialFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(partial_, other.partial_);
  std::swap(lock_, other.lock_);
  std::swap(keep_, other.keep_);
  return *this;
}

PartialFile::~PartialFile() {
  if (!keep_) ::unlink(partial_.c_str());
  if (lock_ >= 0) ::close(lock_);
}

void PartialFile::reserve() {
  const off_t size = ::lseek(lock_, 0, SEEK_END);
  if (size <= 0 || ::fallocate(lock_, 0, 0, size) == 0) return;
  if (errno == ENOSPC || errno == EDQUOT || errno == EFBIG) cannot_write(path_, errno);
}

void PartialFile::keep() {
  if (::fsync(lock_) != 0) cannot_write(path_, errno);
  sync_folder(path_);
  keep_ = true;
}

void PartialFile::copy_from(const PartialFile& other) {
  // The kernel copies; where the file system can share blocks (XFS, btrfs), nothing is copied at all.
  off_t from = 0, to = 0;
  while (true) {
    ssize_t copied = ::copy_file_range(other.lock_, &from, lock_, &to, std::size_t(1) << 30, 0);
    if (copied == 0) return;
    if (copied < 0 && errno == EINTR) continue;
    if (copied < 0) break;
  }
  if (errno != EINVAL && errno != ENOSYS && errno != EXDEV && errno != EOPNOTSUPP) cannot_write(path_, errno);
  std::vector<char> buffer(std::size_t(1) << 22);
  for (off_t at = from;;) {
    ssize_t got = ::pread(other.lock_, buffer.data(), buffer.size(), at);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) cannot_write(path_, errno);
    if (got == 0) return;
    for (ssize_t put = 0; put < got;) {
      ssize_t written = ::pwrite(lock_, buffer.data() + put, std::size_t(got - put), at + put);
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) cannot_write(path_, errno);
      put += written;
    }
    at += got;
  }
}

void PartialFile::write(std::string_view text) {
  append(text);
  // Network file systems may say only here that the disk is full.
  Descriptor file(::open(partial_.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0 || file.close() != 0) cannot_write(path_, errno);
}

void PartialFile::append(std::string_view text) {
  Descriptor file(::open(partial_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  if (file.get() < 0) cannot_write(path_, errno);
  write_all(file.get(), path_, text);
  if (file.close() != 0) cannot_write(path_, errno);
}

void PartialFile::commit() {
  Descriptor file(::open(partial_.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0 || ::fsync(file.get()) != 0 || file.close() != 0) cannot_write(path_, errno);
  if (std::rename(partial_.c_str(), path_.c_str()) != 0) cannot_write(path_, errno);
  keep_ = true;
  sync_folder(path_);
}

void write_file_atomically(const std::string& path, std::string_view text) {
  if (is_special(path)) {
    Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (file.get() < 0) cannot_create(path, errno);
    write_all(file.get(), path, text);
    return;
  }
  PartialFile::remove_left_over(path);
  PartialFile partial(path);
  partial.write(text);
  partial.commit();
}

}  // namespace ballast

#include "scenarios/io/large_array.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scenarios/base/error.h"

namespace ballast {
namespace {

constexpr std::size_t kPage = 4096;

/// An open file of `bytes` without a name in the folder. Its room is taken at once: running out of disk under a mapping
/// would be a bus error, not a message.
int nameless_file(const std::string& folder, std::size_t bytes) {
  int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (file < 0) {
    std::string pattern = folder + "/.ballast-scratch-XXXXXX";
    file = ::mkostemp(pattern.data(), O_CLOEXEC);
    if (file < 0) {
      throw Error(ExitCode::cannot_create,
                  fmt::format("error: cannot create a scratch file in '{}' ({}); name a folder that can be written",
                              folder, std::strerror(errno)));
    }
    ::unlink(pattern.c_str());
  }
  if (int error = ::posix_fallocate(file, 0, off_t(bytes))) {
    ::close(file);
    throw Error(ExitCode::cannot_write,
                fmt::format("error: cannot keep {:.1f} GB of scenarios in '{}' ({}); free some space, name a folder on "
                            "another disk, or allow more memory",
                            double(bytes) / 1e9, folder, std::strerror(error)));
  }
  return file;
}

}  // namespace

LargeArray::LargeArray(std::size_t size, const std::string& folder) : size_(size), in_file_(!folder.empty()) {
  if (size == 0) return;
  const std::size_t bytes = size * sizeof(double);
  const int file = in_file_ ? nameless_file(folder, bytes) : -1;
  const int kind = in_file_ ? MAP_SHARED : MAP_PRIVATE | MAP_ANONYMOUS;
  void* at = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, kind, file, 0);
  if (file >= 0) ::close(file);
  if (at == MAP_FAILED) throw std::bad_alloc();
  // Touching new memory 4 KB at a time costs as much as filling it; a system without huge pages says no.
  if (!in_file_) ::madvise(at, bytes, MADV_HUGEPAGE);
  data_ = static_cast<double*>(at);
}

LargeArray::LargeArray(const LargeArray& other) : LargeArray(other.size_) {
  std::copy(other.begin(), other.end(), begin());
}

LargeArray::LargeArray(LargeArray&& other) noexcept
    : size_(std::exchange(other.size_, 0)), data_(std::exchange(other.data_, nullptr)), in_file_(other.in_file_) {}

LargeArray& LargeArray::operator=(LargeArray other) noexcept {
  std::swap(size_, other.size_);
  std::swap(data_, other.data_);
  std::swap(in_file_, other.in_file_);
  return *this;
}

LargeArray::~LargeArray() {
  if (data_) ::munmap(data_, size_ * sizeof(double));
}

void LargeArray::release(std::size_t first, std::size_t count) const {
  if (!in_file_ || count == 0) return;
  // Of a shared mapping DONTNEED only drops this process's view: the file keeps the values.
  const std::size_t begin = first * sizeof(double) / kPage * kPage;
  const std::size_t end = std::min((first + count), size_) * sizeof(double);
  ::madvise(reinterpret_cast<char*>(data_) + begin, end - begin, MADV_DONTNEED);
}

}  // namespace ballast

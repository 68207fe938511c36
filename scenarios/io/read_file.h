#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace ballast {

/// Why a file cannot be read: what() follows its name, as in "is a folder, not a file".
class CannotRead : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The most that is read of what has no size of its own: a pipe may never end.
inline constexpr std::uintmax_t kMostOfPipe = std::uintmax_t(1) << 30;

/// The whole of a regular file or a pipe. Throws CannotRead for a folder, a device (/dev/zero has no end), what cannot
/// be opened, and a pipe of more than `most_of_pipe` bytes.
std::string read_file(const std::string& path, std::uintmax_t most_of_pipe = kMostOfPipe);

}  // namespace ballast

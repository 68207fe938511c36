#include "scenarios/io/read_file.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <vector>

#include <fmt/format.h>

namespace ballast {
namespace {

std::string reason() { return errno ? std::strerror(errno) : "unknown reason"; }

}  // namespace

std::string read_file(const std::string& path, std::uintmax_t most_of_pipe) {
  std::error_code ignored;
  const std::filesystem::file_type type = std::filesystem::status(path, ignored).type();
  if (type == std::filesystem::file_type::directory) throw CannotRead("is a folder, not a file");
  if (type == std::filesystem::file_type::character || type == std::filesystem::file_type::block) {
    throw CannotRead("is a device, not a file");
  }
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw CannotRead(fmt::format("cannot be read ({})", reason()));
  const bool regular = type == std::filesystem::file_type::regular;
  std::string content;
  if (regular) {  // growing, a large file would take three times its size
    const std::uintmax_t size = std::filesystem::file_size(path, ignored);
    if (!ignored) content.reserve(size);
  }
  std::vector<char> buffer(1 << 20);
  while (stream.read(buffer.data(), std::streamsize(buffer.size())) || stream.gcount() > 0) {
    content.append(buffer.data(), std::size_t(stream.gcount()));
    if (!regular && content.size() > most_of_pipe) {
      throw CannotRead(fmt::format("gives more than {} MB (a pipe may have no end)", most_of_pipe >> 20));
    }
  }
  if (stream.bad()) throw CannotRead(fmt::format("cannot be read ({})", reason()));
  return content;
}

}  // namespace ballast

#include "scenarios/io/input_files.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "scenarios/base/error.h"

namespace ballast {
namespace {

InputError missing_input(const std::string& name, std::string message) {
  Problem problem;
  problem.file = name;
  problem.message = std::move(message);
  return InputError({std::move(problem)}, ExitCode::missing_input);
}

std::string read_whole_file(const std::string& name, const std::string& path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    throw missing_input(name, fmt::format("'{}' is a folder; name a file", path));
  }
  errno = 0;
  std::ifstream stream(path, std::ios::binary);
  if (!stream) throw missing_input(name, fmt::format("cannot open '{}' ({})", path, std::strerror(errno)));
  std::string content;
  std::error_code unknown;  // of a pipe's size
  const std::uintmax_t size = std::filesystem::file_size(path, unknown);
  if (!unknown) content.reserve(size);  // growing, a large file would take three times its size
  std::vector<char> buffer(1 << 20);
  while (stream.read(buffer.data(), std::streamsize(buffer.size())) || stream.gcount() > 0) {
    content.append(buffer.data(), std::size_t(stream.gcount()));
  }
  if (stream.bad()) throw missing_input(name, fmt::format("cannot read '{}' ({})", path, std::strerror(errno)));
  return content;
}

}  // namespace

InputFiles::InputFiles(std::string base_directory) : base_directory_(std::move(base_directory)) {}

InputFiles InputFiles::embedded(std::map<std::string, std::string> content_by_name, std::string base_directory) {
  InputFiles files(std::move(base_directory));
  files.only_embedded_ = files.base_directory_.empty();
  files.embedded_ = std::move(content_by_name);
  return files;
}

const InputFiles::File& InputFiles::read(const InputPath& name) {
  auto known = files_.find(name.text);
  if (known != files_.end()) return known->second;

  File file;
  file.name = name.text;
  auto copy = embedded_.find(name.text);
  if (copy == embedded_.end() && only_embedded_) {
    throw missing_input(name.text, "is not among the embedded input files (only files up to 16 MB are embedded)");
  }
  if (copy != embedded_.end()) {
    file.content = std::move(copy->second);
    embedded_.erase(copy);
  } else {
    if (name.text.empty()) throw missing_input("", "a file name is empty; name a file");
    // operator/ leaves an absolute name alone.
    file.path = (std::filesystem::path(base_directory_) / name.text).lexically_normal().string();
    file.content = read_whole_file(name.text, file.path);
  }
  file.sha256 = sha256_hex(file.content);
  return files_.emplace(name.text, std::move(file)).first->second;
}

std::vector<const InputFiles::File*> InputFiles::all() const {
  std::vector<const File*> files;
  for (const auto& [name, file] : files_) files.push_back(&file);
  return files;
}

std::string sha256_hex(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest, &size, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  }
  std::string text;
  for (unsigned int i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

}  // namespace ballast

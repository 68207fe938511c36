#include "scenarios/io/input_files.h"

#include <filesystem>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "scenarios/base/error.h"
#include "scenarios/io/read_file.h"

namespace ballast {
namespace {

InputError missing_input(const std::string& name, std::string message) {
  Problem problem;
  problem.file = name;
  problem.message = std::move(message);
  return InputError({std::move(problem)}, ExitCode::missing_input);
}

}  // namespace

InputFiles::InputFiles(std::string base_directory) : base_directory_(std::move(base_directory)) {}

InputFiles InputFiles::embedded(std::map<std::string, std::string> content_by_name, std::string base_directory,
                                std::map<std::string, std::string> sha256) {
  InputFiles files(std::move(base_directory));
  files.only_embedded_ = files.base_directory_.empty();
  files.embedded_ = std::move(content_by_name);
  files.expected_ = std::move(sha256);
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
  const auto expected = expected_.find(name.text);
  if (copy != embedded_.end()) {
    file.content = std::move(copy->second);
    embedded_.erase(copy);
  } else {
    if (name.text.empty()) throw missing_input("", "a file name is empty; name a file");
    // operator/ leaves an absolute name alone.
    file.path = (std::filesystem::path(base_directory_) / name.text).lexically_normal().string();
    try {
      file.content = read_file(file.path);
    } catch (const CannotRead& error) {
      const std::string which = expected == expected_.end() ? "" : fmt::format(" (SHA-256 {})", expected->second);
      throw missing_input(name.text, fmt::format("'{}' {}{}", file.path, error.what(), which));
    }
  }
  file.sha256 = sha256_hex(file.content);
  if (expected != expected_.end() && expected->second != file.sha256) {
    Problem problem;
    problem.file = file.path;
    problem.message = fmt::format(
        "is not the file that the results were computed from (its SHA-256 is {}, that one's {}); restore the original",
        file.sha256, expected->second);
    throw InputError(std::move(problem));
  }
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

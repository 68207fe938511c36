#include "scenarios/io/input_files.h"

#include <filesystem>
#include <fstream>
#include <thread>

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scenarios/base/error.h"
#include "scenarios/io/read_file.h"

using namespace ballast;

namespace {

/// A folder of its own that is removed at the end.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "ballast-input-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    path_ = name;
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

ExitCode code_of(InputFiles& files, const char* name) {
  try {
    files.read({name});
  } catch (const InputError& error) {
    CHECK(error.problems().at(0).file == name);
    return error.code();
  }
  return ExitCode::ok;
}

}  // namespace

TEST_CASE("SHA-256 of the examples of FIPS 180-4") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST_CASE("files are read once, relative to the study") {
  TemporaryFolder folder;
  std::ofstream(folder.path() + "/a.csv") << "abc";
  InputFiles files(folder.path());
  const InputFiles::File& file = files.read({"a.csv"});
  CHECK(file.name == "a.csv");
  CHECK(file.path == folder.path() + "/a.csv");
  CHECK(file.content == "abc");
  CHECK(file.sha256 == sha256_hex("abc"));
  std::ofstream(folder.path() + "/a.csv") << "changed";
  CHECK(&files.read({"a.csv"}) == &file);
  CHECK(files.read({folder.path() + "/a.csv"}).content == "changed");  // an absolute name is another name
  CHECK(files.all().size() == 2);

  InputFiles moved = std::move(files);
  CHECK(moved.read({"a.csv"}).content == "abc");
}

TEST_CASE("what cannot be read is a missing input") {
  TemporaryFolder folder;
  InputFiles files(folder.path());
  CHECK(code_of(files, "none.csv") == ExitCode::missing_input);
  CHECK(code_of(files, ".") == ExitCode::missing_input);
  CHECK(code_of(files, "/dev/zero") == ExitCode::missing_input);
  CHECK(files.all().empty());
}

TEST_CASE("of a pipe, at most so much is read") {
  TemporaryFolder folder;
  const std::string pipe = folder.path() + "/pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  for (std::uintmax_t most : {6, 5}) {
    std::thread writer([&] { std::ofstream(pipe) << "abcdef"; });
    if (most == 6) {
      CHECK(read_file(pipe, most) == "abcdef");
    } else {
      CHECK_THROWS_AS(read_file(pipe, most), CannotRead);
    }
    writer.join();
  }
}

TEST_CASE("embedded copies are served and nothing else") {
  InputFiles files = InputFiles::embedded({{"../a.csv", "abc"}, {"b.csv", "x"}});
  CHECK(files.read({"../a.csv"}).content == "abc");
  CHECK(files.read({"../a.csv"}).sha256 == sha256_hex("abc"));
  CHECK(files.read({"../a.csv"}).path.empty());
  CHECK(code_of(files, "/etc/hostname") == ExitCode::missing_input);
  CHECK(files.all().size() == 1);
}

#include <csignal>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/output/partial_file.h"
#include "engine/output/results_file.h"
#include "scenarios/base/error.h"
#include "scenarios/io/hdf5_damage.h"
#include "tests/engine/example_results.h"

using namespace ballast;
namespace ex = ballast::example;

namespace {

template <class Act>
void check_fails(ExitCode code, const char* why, Act&& act) {
  try {
    act();
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    INFO(error.what());
    CHECK(int(error.code()) == int(code));
    CHECK(std::string(error.what()).find(why) != std::string::npos);
    CHECK(std::string(error.what()).rfind("error: ", 0) == 0);
  }
}

/// While alive no file can grow past `bytes`: writes fail as on a full disk, but with EFBIG.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

/// A file system of 256 KB in a folder, where the test may mount one.
class TinyDisk {
 public:
  explicit TinyDisk(const std::filesystem::path& folder) : folder_(folder) {
    mounted_ = ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=256k") == 0;
  }
  ~TinyDisk() {
    if (mounted_) ::umount(folder_.c_str());
  }
  bool mounted() const { return mounted_; }

 private:
  std::filesystem::path folder_;
  bool mounted_ = false;
};

}  // namespace

TEST_CASE("a missing folder stops before anything is computed") {
  ex::Folder folder;
  check_fails(ExitCode::cannot_create, "No such file or directory",
              [&] { ResultsFile(folder / "none/results.h5", ex::full_layout()); });
  check_fails(ExitCode::cannot_create, "No such file or directory",
              [&] { write_file_atomically(folder / "none/a.csv", "x"); });
  std::filesystem::create_directory(folder / "taken");
  check_fails(ExitCode::cannot_create, "Is a directory", [&] { write_file_atomically(folder / "taken", "x"); });
  write_file_atomically(folder / "file", "x");
  check_fails(ExitCode::cannot_create, "Not a directory", [&] { write_file_atomically(folder / "file/a.csv", "x"); });
}

TEST_CASE("a folder that cannot be written stops before anything is computed") {
  ex::Folder folder;
  if (::geteuid() != 0) {
    std::filesystem::permissions(folder.path(),
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    check_fails(ExitCode::cannot_create, "Permission denied",
                [&] { ResultsFile(folder / "results.h5", ex::full_layout()); });
    std::filesystem::permissions(folder.path(), std::filesystem::perms::owner_all);
  } else if (::mount("tmpfs", folder.path().c_str(), "tmpfs", MS_RDONLY, "size=64k") == 0) {
    check_fails(ExitCode::cannot_create, "Read-only file system",
                [&] { ResultsFile(folder / "results.h5", ex::full_layout()); });
    ::umount(folder.path().c_str());
  } else {
    MESSAGE("left out: root may write everywhere and cannot mount here");
  }
}

TEST_CASE("what cannot be written leaves nothing behind, under whatever name") {
  ex::Folder folder;
  {
    FileSizeLimit limit(64 << 10);
    check_fails(ExitCode::cannot_write, "File too large",
                [&] { ex::write(folder / "results.h5", ex::full_layout(), ex::full_results()); });
    check_fails(ExitCode::cannot_write, "File too large",
                [&] { write_file_atomically(folder / "a.csv", std::string(100'000, 'x')); });
  }
  CHECK(folder.files() == 0);
}

TEST_CASE("a full disk leaves nothing behind, at whatever point it fills") {
  ex::Folder folder;
  TinyDisk disk(folder.path());
  if (!disk.mounted()) {
    MESSAGE("left out: cannot mount a small file system here");
    return;
  }
  // Less and less room: it fails on the datasets, on the quantiles, on the attributes.
  for (std::size_t used : {0u, 64u, 128u, 192u, 224u, 240u, 248u, 252u}) {
    CAPTURE(used);
    std::ofstream(folder / "ballast", std::ios::binary) << std::string(used << 10, 'x');
    check_fails(ExitCode::cannot_write, "No space left on device",
                [&] { ex::write(folder / "results.h5", ex::full_layout(), ex::full_results()); });
    CHECK(folder.files() == 1);
    ResultsLayout small = ex::returns_layout();
    try {
      ex::write(folder / "results.h5", small, ex::returns_results());
      CHECK(folder.files() == 2);
      std::filesystem::remove(folder / "results.h5");
    } catch (const Error& error) {
      CHECK(int(error.code()) == int(ExitCode::cannot_write));
      CHECK(folder.files() == 1);
    }
    check_fails(ExitCode::cannot_write, "No space left on device",
                [&] { write_file_atomically(folder / "a.csv", std::string(300'000, 'x')); });
    CHECK(folder.files() == 1);
  }
  // With no room at all not even an empty file can be created.
  std::ofstream(folder / "ballast", std::ios::binary) << std::string(256 << 10, 'x');
  check_fails(ExitCode::cannot_create, "No space left on device",
              [&] { ResultsFile(folder / "results.h5", ex::full_layout()); });
  CHECK(folder.files() == 1);
}

TEST_CASE("a failed write keeps the file that was there") {
  ex::Folder folder;
  write_file_atomically(folder / "a.csv", "old");
  {
    FileSizeLimit limit(1 << 10);
    CHECK_THROWS_AS(write_file_atomically(folder / "a.csv", std::string(10'000, 'x')), Error);
  }
  CHECK(ex::content(folder / "a.csv") == "old");
  write_file_atomically(folder / "a.csv", "new\n");
  CHECK(ex::content(folder / "a.csv") == "new\n");
  CHECK(folder.files() == 1);
}

TEST_CASE("two runs into one folder do not touch each other's partial files") {
  ex::Folder folder;
  PartialFile first(folder / "x"), second(folder / "x");
  CHECK(first.partial_path() != second.partial_path());
  CHECK(folder.files() == 2);
  second.commit();
  first.commit();
  CHECK(folder.files() == 1);
}

TEST_CASE("the file gets the permissions of any new file") {
  ex::Folder folder;
  mode_t before = ::umask(027);
  write_file_atomically(folder / "a.csv", "x");
  ::umask(before);
  CHECK(std::filesystem::status(folder / "a.csv").permissions() == std::filesystem::perms(0640));
}

TEST_CASE("a flipped byte in what describes a results file never ends the program") {
  ex::Folder folder;
  ex::write(folder / "whole.h5", ex::full_layout(), ex::full_results());
  const std::string whole = ex::content(folder / "whole.h5");
  // HDF5 crashes on one in ten of these, so that without a process of its own this test would not come to its end.
  int refused = 0;
  for (std::size_t at = whole.size() - 100'000; at < whole.size(); at += 1'009) {
    std::string bytes = whole;
    bytes[at] = char(~bytes[at]);
    std::ofstream(folder / "damaged.h5", std::ios::binary) << bytes;
    try {
      hdf5::refuse_damaged(folder / "damaged.h5", 1);
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::bad_input);
      CHECK(std::string(error.what()).find("damaged.h5") != std::string::npos);
      ++refused;
    }
  }
  CHECK(refused > 20);
}

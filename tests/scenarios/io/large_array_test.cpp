#include "scenarios/io/large_array.h"

#include <filesystem>
#include <fstream>
#include <numeric>

#include <doctest/doctest.h>
#include <unistd.h>

#include "scenarios/base/error.h"

using ballast::LargeArray;

namespace {

/// Resident bytes of mapped files, of this process.
std::size_t resident_file_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.rfind("RssFile:", 0) == 0) return std::stoul(line.substr(8)) * 1024;
  }
  return 0;
}

}  // namespace

TEST_CASE("an array in a file holds what one in memory holds, leaves no file, and gives its pages back") {
  const std::string folder = std::filesystem::temp_directory_path() / ("ballast-large-" + std::to_string(getpid()));
  std::filesystem::create_directories(folder);
  const std::size_t size = 4'000'000;
  {
    LargeArray array(size, folder);
    CHECK_FALSE(array.in_memory());
    CHECK(std::filesystem::is_empty(folder));
    CHECK(array[size - 1] == 0.0);
    std::iota(array.begin(), array.end(), 0.0);
    const std::size_t before = resident_file_bytes();
    array.release(1000, size - 1000);
    CHECK(resident_file_bytes() + 20'000'000 < before);
    CHECK(array[999] == 999.0);
    CHECK(array[1000] == 1000.0);
    CHECK(array[size - 1] == double(size - 1));
    LargeArray copy = array, moved = std::move(array);
    CHECK(copy.in_memory());
    CHECK(array.empty());
    CHECK(std::equal(copy.begin(), copy.end(), moved.begin()));
  }
  std::filesystem::remove_all(folder);
  CHECK_THROWS_AS(LargeArray(10, folder), ballast::Error);
}

TEST_CASE("an array in memory starts as zeros, and releasing does nothing to it") {
  LargeArray array(1000);
  array[7] = 7.0;
  array.release(0, 1000);
  CHECK(array[7] == 7.0);
  CHECK(std::accumulate(array.begin(), array.end(), 0.0) == 7.0);
}

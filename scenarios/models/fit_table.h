#pragma once

#include <string>
#include <vector>

namespace ballast {

/// A table for people, as `ballast calibrate` prints it.
struct FitTable {
  std::string title;
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

}  // namespace ballast

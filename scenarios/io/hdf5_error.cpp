#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/io/hdf5_internal.h"
#include "scenarios/io/hdf5_start.h"

namespace ballast::hdf5 {
namespace {

struct Reasons {
  std::string innermost;  ///< HDF5's own words
  std::string system;     ///< strerror's
};

// The system's words come as "... errno = 28, error message = 'No space left on device', buf = 0x7f..."; the rest of
// such a line (times, addresses) says nothing to a user.
herr_t collect(unsigned, const H5E_error2_t* entry, void* data) {
  auto& reasons = *static_cast<Reasons*>(data);
  std::string text = entry->desc ? entry->desc : "";
  if (reasons.innermost.empty()) reasons.innermost = text;
  const std::string key = "error message = '";
  std::size_t begin = text.find(key);
  if (reasons.system.empty() && begin != std::string::npos) {
    begin += key.size();
    reasons.system = text.substr(begin, text.find('\'', begin) - begin);
  }
  return 0;
}

}  // namespace

void quiet() {
  static const bool done = [] {
    H5dont_atexit();
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    return true;
  }();
  static_cast<void>(done);
}

void start() { quiet(); }

std::string last_reason() {
  Reasons reasons;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, collect, &reasons);
  H5Eclear2(H5E_DEFAULT);
  if (!reasons.system.empty()) return reasons.system;
  return reasons.innermost.empty() ? "HDF5 gives no reason" : reasons.innermost;
}

void fail(const Origin& origin, const std::string& doing) {
  std::string reason = last_reason();
  if (origin.writing) {
    throw Error(ExitCode::cannot_write,
                fmt::format("error: cannot {} in '{}' ({}); the file is incomplete", doing, origin.path, reason));
  }
  Problem problem;
  problem.file = origin.path;
  problem.message = fmt::format("cannot {} ({})", doing, reason);
  throw InputError(std::move(problem));
}

}  // namespace ballast::hdf5

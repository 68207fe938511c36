#pragma once

#include <string>

#include <hdf5.h>

#include "scenarios/io/hdf5.h"

namespace ballast::hdf5 {

static_assert(sizeof(hid_t) == sizeof(Id));

/// Once, before any other call: HDF5 prints nothing, and does not try again at exit to write what could not be written.
void quiet();

/// HDF5's innermost reason for the last failure (the operating system's words where there are some); clears it.
std::string last_reason();

/// Throws the Error or InputError for a failed call; `doing` completes "cannot ...".
[[noreturn]] void fail(const Origin& origin, const std::string& doing);

/// The result of an HDF5 call, or fail() when negative.
template <class Result>
Result check(Result result, const Origin& origin, const std::string& doing) {
  if (result < 0) fail(origin, doing);
  return result;
}

Handle text_type();  ///< variable-length UTF-8
Handle simple_space(const std::vector<std::uint64_t>& shape);

}  // namespace ballast::hdf5

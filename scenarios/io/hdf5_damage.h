#pragma once

#include <string>

namespace ballast::hdf5 {

/// Reads all that describes a file of ours (names, attributes, tables, small datasets, dimension scales) in a process
/// of its own, because HDF5 1.10 crashes on some damaged files and never comes back from others. Throws Error (65) when
/// that process finds something wrong, or does not end by itself within so many seconds of processor time. A file that
/// cannot be opened at all is left to who reads it.
void refuse_damaged(const std::string& path, unsigned seconds = 5);

}  // namespace ballast::hdf5

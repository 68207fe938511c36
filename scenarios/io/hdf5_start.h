#pragma once

namespace ballast::hdf5 {

/// Once, at the start of a program and before MPI: else the end of MPI makes HDF5 try again to write what could not be
/// written, and crash on it.
void start();

}  // namespace ballast::hdf5

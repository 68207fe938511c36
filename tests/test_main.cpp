#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

// HDF5 is told not to tidy up at exit, where it would try again to write what could not be written
// (scenarios/io/hdf5_error.cpp); the leak sanitizer then finds its pools.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() { return "leak:libhdf5"; }

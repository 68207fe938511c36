#pragma once

#include <string>

namespace ballast {

std::string source_folder();  ///< of the checkout that the tests were built from
std::string shared_folder();  ///< real data and published numbers, beside the checkout where the project is developed
bool has_shared();            ///< tests that need them say when they are left out

}  // namespace ballast

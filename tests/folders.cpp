#include "tests/folders.h"

#include <filesystem>

namespace ballast {

std::string source_folder() { return BALLAST_SOURCE_DIR; }
std::string shared_folder() { return BALLAST_SOURCE_DIR "/../shared"; }
bool has_shared() { return std::filesystem::exists(shared_folder()); }

}  // namespace ballast

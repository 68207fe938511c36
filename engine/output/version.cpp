#include "engine/output/version.h"

#include "ballast_git_sha.h"

namespace ballast {

const char* ballast_version() { return BALLAST_VERSION; }
const char* git_sha() { return BALLAST_GIT_SHA; }

}  // namespace ballast

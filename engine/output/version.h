#pragma once

namespace ballast {

/// Of this build, e.g. "0.1.0".
const char* ballast_version();

/// The commit that this build was made from, 40 hexadecimal digits, followed by "-dirty" when files had been changed;
/// "unknown" when it was not made in the project's own git checkout.
const char* git_sha();

}  // namespace ballast

#pragma once

#include <string>
#include <vector>

namespace ballast {

/// Results of several runs side by side, as text: the keys in which their resolved studies differ, then their headline
/// figures, each estimate with its standard error. files: results files, or folders with a results.h5; at least one.
/// A figure that a run does not have is shown as "-". Throws as open_results does.
std::string compare_results(const std::vector<std::string>& files);

}  // namespace ballast

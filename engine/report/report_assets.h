#pragma once

#include <string_view>

namespace ballast {

/// The page's parts that the build embeds: its style sheet, and its script with ECharts and their licences; the script
/// is empty when the build had no npm.
std::string_view report_style();
std::string_view report_script();

}  // namespace ballast

#pragma once

#include <string>
#include <vector>

#include "engine/output/results.h"

namespace ballast {

/// "2,895,082.73".
std::string money(double value);
/// "10,000".
std::string count(std::uint64_t value);
/// "12.34", "12.34 +- 0.05"; "n/a" for what is not a number.
std::string number(double value, int decimals);
std::string number(const Estimate& value, int decimals);
/// "12.34%", or "n/a" for NaN.
std::string percent(double share, int decimals = 2);
/// "12.34% +- 0.05%", or "n/a".
std::string percent(const Estimate& share, int decimals = 2);
/// "1 year", "0.5 years".
std::string years(double value);

/// A column's text, on the left or right of `width` places; UTF-8 names count by characters.
std::string left(const std::string& text, std::size_t width);
std::string right(const std::string& text, std::size_t width);

/// Text in lines of at most `width` columns, broken between words.
std::string wrapped(const std::string& text, std::size_t width = 100);

}  // namespace ballast

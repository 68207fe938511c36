#include "engine/output/text_table.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include <fmt/format.h>

namespace ballast {
namespace {

std::size_t characters(const std::string& text) {
  return std::size_t(std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

// Independent of the locale, which fmt's {:L} is not.
std::string with_separators(std::string digits) {
  std::size_t point = std::min(digits.find('.'), digits.size());
  std::size_t first = digits[0] == '-' ? 1 : 0;
  for (std::size_t at = point; at > first + 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

}  // namespace

std::string money(double value) { return std::isfinite(value) ? with_separators(fmt::format("{:.2f}", value)) : "n/a"; }

std::string count(std::uint64_t value) { return with_separators(std::to_string(value)); }

std::string percent(double share, int decimals) {
  if (!std::isfinite(share)) return "n/a";
  return fmt::format("{:.{}f}%", 100.0 * share + 0.0, decimals);
}

std::string number(double value, int decimals) {
  return std::isfinite(value) ? fmt::format("{:.{}f}", value, decimals) : "n/a";
}

std::string number(const Estimate& value, int decimals) {
  if (!std::isfinite(value.value)) return "n/a";
  return fmt::format("{} +- {}", number(value.value, decimals), number(value.standard_error, decimals));
}

std::string percent(const Estimate& share, int decimals) {
  if (!std::isfinite(share.value)) return "n/a";
  return fmt::format("{} +- {}", percent(share.value, decimals), percent(share.standard_error, decimals));
}

std::string years(double value) { return fmt::format("{} year{}", value, value == 1.0 ? "" : "s"); }

std::string left(const std::string& text, std::size_t width) {
  std::size_t used = characters(text);
  return text + std::string(used < width ? width - used : 0, ' ');
}

std::string right(const std::string& text, std::size_t width) {
  std::size_t used = characters(text);
  return std::string(used < width ? width - used : 0, ' ') + text;
}

std::string wrapped(const std::string& text, std::size_t width) {
  std::istringstream words(text);
  std::string all, word;
  std::size_t column = 0;
  while (words >> word) {
    std::size_t length = characters(word);
    if (column > 0 && column + 1 + length > width) {
      all += '\n';
      column = 0;
    }
    if (column > 0) {
      all += ' ';
      ++column;
    }
    all += word;
    column += length;
  }
  return all + '\n';
}

}  // namespace ballast

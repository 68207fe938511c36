#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ballast {

/// What became of a word that should be a number: the number, or what is wrong with the word.
template <class Number>
struct YamlNumber {
  std::optional<Number> value;
  std::string because;     ///< why it is none, e.g. "a leading zero"; may be empty
  std::string suggestion;  ///< e.g. "write 0.1"; may be empty
};

/// A decimal number, with a point and an optional exponent: "0.05", "-3", "1e-6". Everything else that some YAML
/// reader or spreadsheet takes for a number (010, 0x1F, 1_000, 1,5, .nan, .inf, 10%) is refused with what to write.
YamlNumber<double> parse_yaml_number(std::string_view text);

/// A whole number between the two bounds: "12", or "1e5" and "2.0" where the value is whole. Exact for all 64 bits.
YamlNumber<std::uint64_t> parse_natural(std::string_view text);
YamlNumber<std::int64_t> parse_whole(std::string_view text);

}  // namespace ballast

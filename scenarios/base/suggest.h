#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ballast {

/// Least number of insertions, deletions, replacements and swaps of neighbours that turn one word into the other
/// (optimal string alignment; Damerau 1964), ASCII letters compared without case.
int edit_distance(std::string_view a, std::string_view b);

/// "did you mean 'x'?" with the candidate nearest to a misspelt word, the first of equals; "" when none is near: more
/// than one edit for every three characters of the longer word.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace ballast

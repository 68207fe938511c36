#include "scenarios/base/suggest.h"

#include <algorithm>

#include <fmt/format.h>

namespace ballast {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; }

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  // Rows of the dynamic programme: two_back[j], back[j] and row[j] are distances of a's prefixes to b's first j
  // letters.
  std::vector<int> two_back(b.size() + 1), back(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) back[j] = int(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = int(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({back[j] + 1, row[j - 1] + 1, back[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
        row[j] = std::min(row[j], two_back[j - 2] + 1);
      }
    }
    std::swap(two_back, back);
    std::swap(back, row);
  }
  return back[b.size()];
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string* nearest = nullptr;
  int least = 0;
  for (const std::string& candidate : candidates) {
    int distance = edit_distance(word, candidate);
    int allowed = std::max(1, int(std::max(word.size(), candidate.size())) / 3);
    if (distance > allowed || distance >= int(candidate.size())) continue;
    if (!nearest || distance < least) nearest = &candidate, least = distance;
  }
  if (!nearest && word.size() >= 4) {  // the beginning of one
    auto begins = [&](const std::string& candidate) { return candidate.starts_with(word); };
    const auto first = std::find_if(candidates.begin(), candidates.end(), begins);
    if (first != candidates.end() && std::none_of(first + 1, candidates.end(), begins)) nearest = &*first;
  }
  return nearest ? fmt::format("did you mean '{}'?", *nearest) : "";
}

}  // namespace ballast

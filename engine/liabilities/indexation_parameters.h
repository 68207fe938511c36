#pragma once

#include <optional>

#include "engine/liabilities/liability_terms.h"
#include "scenarios/base/describe.h"

namespace ballast {

enum class IndexationKind { inflation, none };
template <>
struct EnumNames<IndexationKind> {
  static constexpr const char* value[] = {"inflation", "none"};
};

/// How payments follow prices.
struct IndexationParameters {
  static constexpr const char* shorthand = "kind";
  IndexationKind kind = IndexationKind::inflation;
  std::optional<double> floor, cap;
  double volatility = 0.0;

  static void describe(auto& self, auto&& key) {
    key("kind", self.kind,
        Spec{.help = "inflation: amounts are of today's prices and follow the simulated price index"});
    key("floor", self.floor,
        Spec{.help = "least increase in a year; with floor or cap payments are raised once a year, at anniversaries of "
                     "the valuation date",
             .min = -0.5,
             .max = 0.5});
    key("cap", self.cap, Spec{.help = "greatest increase in a year (limited price indexation)", .min = -0.5, .max = 1});
    key("volatility", self.volatility,
        Spec{.help = "of a year's log inflation, for the value of floor and cap by Black's formula; 0: what they give "
                     "at the expected inflation",
             .min = 0,
             .max = 0.5});
  }
  void check(auto&& problem) const {
    if (kind == IndexationKind::none && (floor || cap)) problem("kind", "none takes neither floor nor cap");
    if (floor && cap && *floor > *cap) problem("cap", "is less than floor");
  }
};

/// Payments that do not follow prices: no year raises them.
inline IndexRule no_indexation() { return {true, 0.0, 0.0, 0.0}; }

inline IndexRule index_rule(const std::optional<IndexationParameters>& indexation) {
  if (!indexation || indexation->kind == IndexationKind::none) return no_indexation();
  if (!indexation->floor && !indexation->cap) return {};
  IndexRule rule{true, IndexRule{}.floor, IndexRule{}.cap, indexation->volatility};
  if (indexation->floor) rule.floor = *indexation->floor;
  if (indexation->cap) rule.cap = *indexation->cap;
  return rule;
}

}  // namespace ballast

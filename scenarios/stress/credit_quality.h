#pragma once

#include "scenarios/base/describe.h"

namespace ballast {

/// Solvency II's credit quality steps (Implementing Regulation (EU) 2016/1800): 0 is AAA, 1 AA, 2 A, 3 BBB, 4 BB, 5 B,
/// 6 below. government: a state of the European Economic Area in its own currency, which has no spread risk (article
/// 180).
enum class CreditQuality { step_0, step_1, step_2, step_3, step_4, step_5, step_6, unrated, government };
template <>
struct EnumNames<CreditQuality> {
  static constexpr const char* value[] = {"step_0", "step_1", "step_2",  "step_3",    "step_4",
                                          "step_5", "step_6", "unrated", "government"};
};

}  // namespace ballast

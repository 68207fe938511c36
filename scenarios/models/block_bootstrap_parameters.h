#pragma once

#include <optional>

#include "scenarios/base/describe.h"

namespace ballast {

/// How blocks of history are drawn.
enum class BlockKind { iid, moving, circular, stationary };
template <>
struct EnumNames<BlockKind> {
  static constexpr const char* value[] = {"iid", "moving", "circular", "stationary"};
};

struct BlockBootstrapParameters {
  BlockKind kind = BlockKind::stationary;
  std::optional<double> mean_block;

  static void describe(auto& self, auto&& key) {
    key("kind", self.kind,
        Spec{.help =
                 "how blocks of history are drawn: single rows, blocks of fixed length (moving: within the history; "
                 "circular: wrapping round its end), or blocks of geometric length (stationary, Politis & Romano "
                 "1994)"});
    key("mean_block", self.mean_block,
        Spec{.help =
                 "block length (stationary: its mean); auto: Patton, Politis & White (2009) on each series, pooled by "
                 "the rule in MODELS.md",
             .unit = "steps",
             .min = 1,
             .empty = "auto"});
  }
};

}  // namespace ballast

#pragma once

#include <cstdint>

#include "engine/stress/reverse_stress.h"
#include "engine/study/prepared_study.h"

namespace ballast {

/// How markets move from the valuation date to the risk horizon on the first `scenarios` fresh ones, numbered as in
/// results.h5: row s is scenario s.
FactorSample market_moves(const PreparedStudy& study, std::uint64_t scenarios);

}  // namespace ballast

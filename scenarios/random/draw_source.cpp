#include "scenarios/random/draw_source.h"

#include <algorithm>
#include <mutex>

#include "scenarios/random/sobol.h"

namespace ballast {

struct DrawSource::Tables {
  std::mutex mutex;
  std::shared_ptr<const ScrambledSobol> sobol;
};

DrawSource::DrawSource(const PcgSequence& sequence) : sequence_(sequence), tables_(std::make_shared<Tables>()) {}

DrawSource::DrawSource(std::uint64_t seed, Sequence set, const SamplingParameters& sampling)
    : sequence_(seed, set), sampling_(sampling), tables_(std::make_shared<Tables>()) {}

std::shared_ptr<const ScrambledSobol> DrawSource::sobol(std::uint64_t dimensions) const {
  const auto wanted = std::uint32_t(std::min<std::uint64_t>(dimensions, kSobolDimensions));
  std::lock_guard lock(tables_->mutex);
  if (!tables_->sobol || tables_->sobol->dimensions() < wanted) {
    tables_->sobol = std::make_shared<ScrambledSobol>(sequence_.key(), std::uint32_t(sampling_.replications), wanted);
  }
  return tables_->sobol;
}

}  // namespace ballast

#include <algorithm>
#include <cmath>
#include <numeric>

#include "scenarios/random/draw_scheme.h"
#include "scenarios/random/hash.h"
#include "scenarios/random/normal.h"
#include "scenarios/random/pcg.h"

namespace ballast {
namespace {

/// Scenarios 2k and 2k + 1 share the draws of 2k, the second with 1 - u (Hammersley & Morton 1956).
class Antithetic final : public DrawScheme {
 public:
  Antithetic(const PcgSequence& sequence, std::uint64_t first, std::size_t lanes, std::uint64_t draws)
      : odd_(first % 2), generator_(sequence, first - odd_, lanes + 2, draws) {
    std::vector<std::uint64_t>& states = generator_.states();
    for (std::size_t i = 1; i < states.size(); i += 2) states[i] = states[i - 1];
    states.erase(states.begin(), states.begin() + std::ptrdiff_t(odd_));
    states.resize(lanes);
  }
  void uniforms(double* u) override {
    generator_.uniforms(u);
    for (std::size_t lane = 1 - odd_; lane < generator_.size(); lane += 2) u[lane] = 1.0 - u[lane];
  }
  void normals(double* z) override {
    generator_.normals(z);
    for (std::size_t lane = 1 - odd_; lane < generator_.size(); lane += 2) z[lane] = -z[lane];
  }
  void skip(std::uint64_t count) override { generator_.skip(count); }

 private:
  std::uint64_t odd_;  ///< 1: lane 0 is the second of its pair
  PcgLanes generator_;
};

/// Whole batches around the lanes that are asked for: what a scenario gets depends on its batch, never on the block.
class Batches : public DrawScheme {
 public:
  Batches(const PcgSequence& sequence, std::uint64_t first, std::size_t lanes, std::uint64_t draws)
      : first_batch_(first / kSamplingBatch),
        offset_(first % kSamplingBatch),
        lanes_(lanes),
        batches_((offset_ + lanes + kSamplingBatch - 1) / kSamplingBatch),
        generator_(sequence, first - offset_, batches_ * kSamplingBatch, draws),
        values_(batches_ * kSamplingBatch) {}
  void skip(std::uint64_t count) override {
    draw_ += count;
    generator_.skip(count);
  }

 protected:
  void hand_out(double* to) {
    std::copy_n(values_.begin() + std::ptrdiff_t(offset_), lanes_, to);
    ++draw_;
  }

  std::uint64_t first_batch_, offset_, draw_ = 0;
  std::size_t lanes_, batches_;
  PcgLanes generator_;
  std::vector<double> values_;
};

/// Every draw's normals are shifted and scaled to mean 0 and variance 1 over each batch (Boyle, Broadie & Glasserman
/// 1997, section 2.3). Uniforms are the distribution function of such normals.
class MomentMatching final : public Batches {
 public:
  using Batches::Batches;
  void normals(double* z) override {
    generator_.normals(values_.data());
    constexpr double n = double(kSamplingBatch);
    for (double* batch = values_.data(); batch < values_.data() + values_.size(); batch += kSamplingBatch) {
      double mean = 0.0, squares = 0.0;
      for (std::size_t i = 0; i < kSamplingBatch; ++i) mean += batch[i];
      mean /= n;
      for (std::size_t i = 0; i < kSamplingBatch; ++i) squares += (batch[i] - mean) * (batch[i] - mean);
      const double scale = 1.0 / std::sqrt(squares / n);
      for (std::size_t i = 0; i < kSamplingBatch; ++i) batch[i] = (batch[i] - mean) * scale;
    }
    hand_out(z);
  }
  void uniforms(double* u) override {
    normals(u);
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      u[lane] = std::clamp(normal_cdf(u[lane]), 0x1p-53, 1.0 - 0x1p-53);
    }
  }
};

/// Latin hypercube sampling (McKay, Beckman & Conover 1979): each draw of a batch falls once into each of 256 equal
/// strata, in an order of its own.
class Stratified final : public Batches {
 public:
  Stratified(const PcgSequence& sequence, std::uint64_t first, std::size_t lanes, std::uint64_t draws)
      : Batches(sequence, first, lanes, draws), key_(hash_bits(sequence.key(), 1)) {}
  void uniforms(double* u) override {
    static_assert(kSamplingBatch == 256);
    generator_.uniforms(values_.data());
    for (std::size_t b = 0; b < batches_; ++b) {
      double* batch = values_.data() + b * kSamplingBatch;
      std::uint8_t stratum[kSamplingBatch];
      shuffle(hash_bits(hash_bits(key_, first_batch_ + b), draw_), stratum);
      for (std::size_t i = 0; i < kSamplingBatch; ++i) {
        // The stratum takes the place of the draw's top eight bits.
        const auto bits = std::uint64_t(batch[i] * 0x1p52) & 0xFFFFFFFFFFFull;
        batch[i] = uniform_of((std::uint64_t(stratum[i]) << 44 | bits) << 12);
      }
    }
    hand_out(u);
  }
  void normals(double* z) override {
    uniforms(z);
    inverse_normal_lanes(z, z, lanes_);
  }

 private:
  static void shuffle(std::uint64_t key, std::uint8_t* order) {  // Durstenfeld (1964)
    std::iota(order, order + kSamplingBatch, std::uint8_t(0));
    for (std::uint64_t i = kSamplingBatch - 1; i > 0; --i) {
      const std::uint64_t high = mix_bits(key + i * kGoldenRatio) >> 32;
      std::swap(order[i], order[high * (i + 1) >> 32]);
    }
  }
  std::uint64_t key_;
};

}  // namespace

std::unique_ptr<DrawScheme> make_antithetic(const PcgSequence& sequence, std::uint64_t first_scenario,
                                            std::size_t lanes, std::uint64_t draws) {
  return std::make_unique<Antithetic>(sequence, first_scenario, lanes, draws);
}
std::unique_ptr<DrawScheme> make_moment_matching(const PcgSequence& sequence, std::uint64_t first_scenario,
                                                 std::size_t lanes, std::uint64_t draws) {
  return std::make_unique<MomentMatching>(sequence, first_scenario, lanes, draws);
}
std::unique_ptr<DrawScheme> make_stratified(const PcgSequence& sequence, std::uint64_t first_scenario,
                                            std::size_t lanes, std::uint64_t draws) {
  return std::make_unique<Stratified>(sequence, first_scenario, lanes, draws);
}

std::unique_ptr<DrawScheme> make_scheme(const DrawSource& source, std::uint64_t first_scenario, std::size_t lanes,
                                        const DrawLayout& layout) {
  switch (source.sampling().kind) {
    case SamplingKind::pseudo:
      return nullptr;
    case SamplingKind::antithetic:
      return make_antithetic(source.sequence(), first_scenario, lanes, layout.draws);
    case SamplingKind::moment_matching:
      return make_moment_matching(source.sequence(), first_scenario, lanes, layout.draws);
    case SamplingKind::stratified:
      return make_stratified(source.sequence(), first_scenario, lanes, layout.draws);
    case SamplingKind::sobol:
      return make_sobol(source, first_scenario, lanes, layout);
  }
  return nullptr;
}

}  // namespace ballast

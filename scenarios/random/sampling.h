#pragma once

#include <cstdint>

#include "scenarios/base/describe.h"

namespace ballast {

/// How the uniform numbers of a set of scenarios are drawn (scenarios/models/MODELS.md, "Variance reduction").
enum class SamplingKind { pseudo, antithetic, moment_matching, stratified, sobol };
template <>
struct EnumNames<SamplingKind> {
  static constexpr const char* value[] = {"pseudo", "antithetic", "moment_matching", "stratified", "sobol"};
};

/// Scenarios of moment_matching and stratified are drawn together in batches of this many.
inline constexpr std::uint64_t kSamplingBatch = 256;

/// Study section `scenarios.sampling`.
struct SamplingParameters {
  static constexpr const char* shorthand = "kind";
  SamplingKind kind = SamplingKind::pseudo;
  int replications = 16;

  static void describe(auto& self, auto&& key) {
    key("kind", self.kind,
        Spec{.help =
                 "how random numbers are drawn: independently; in antithetic pairs; in batches of 256 with matched "
                 "means and variances, or stratified in every draw (Latin hypercube); from scrambled Sobol points"});
    key("replications", self.replications,
        Spec{.help =
                 "sobol: independent scramblings that the scenarios are divided into, whose spread gives the standard "
                 "errors",
             .min = 4,
             .max = 1024});
  }
};

/// Which scenarios of a set were drawn together. Those of one cluster depend on each other, clusters are independent:
/// standard errors come from the spread between clusters.
class Replications {
 public:
  Replications() = default;  ///< every scenario independent
  explicit Replications(const SamplingParameters& sampling) : kind_(sampling.kind), count_(sampling.replications) {}

  bool independent() const { return kind_ == SamplingKind::pseudo; }
  std::uint64_t cluster(std::uint64_t scenario) const {
    switch (kind_) {
      case SamplingKind::pseudo:
        return scenario;
      case SamplingKind::antithetic:
        return scenario / 2;
      case SamplingKind::moment_matching:
      case SamplingKind::stratified:
        return scenario / kSamplingBatch;
      case SamplingKind::sobol:
        return scenario % std::uint64_t(count_);
    }
    return scenario;
  }
  /// Clusters among the first `scenarios`.
  std::uint64_t clusters(std::uint64_t scenarios) const {
    if (scenarios == 0) return 0;
    if (kind_ == SamplingKind::sobol) return scenarios < std::uint64_t(count_) ? scenarios : std::uint64_t(count_);
    return cluster(scenarios - 1) + 1;
  }

 private:
  SamplingKind kind_ = SamplingKind::pseudo;
  int count_ = 1;
};

}  // namespace ballast

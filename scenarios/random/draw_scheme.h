#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "scenarios/random/draw_source.h"

namespace ballast {

/// Consecutive draws of some lanes, each with a generator state of its own.
class PcgLanes {
 public:
  /// Lane i stands before the first draw of scenario first + i, D draws apart as scenario_stride says.
  PcgLanes(const PcgSequence& sequence, std::uint64_t first_scenario, std::size_t lanes,
           std::uint64_t draws_per_scenario);

  std::size_t size() const { return states_.size(); }
  std::vector<std::uint64_t>& states() { return states_; }
  void uniforms(double* u);
  void normals(double* z);
  void indices(std::uint32_t n, std::uint32_t* k);
  void skip(std::uint64_t count);

 private:
  std::vector<std::uint64_t> states_;
  std::uint64_t increment_;
  LcgJump one_draw_;
};

/// A way of sampling other than independent draws: hands out draw after draw of a block of scenarios.
class DrawScheme {
 public:
  virtual ~DrawScheme() = default;
  virtual void uniforms(double* u) = 0;
  virtual void normals(double* z) = 0;
  virtual void skip(std::uint64_t count) = 0;
};

/// lanes: padded. Null for independent draws.
std::unique_ptr<DrawScheme> make_scheme(const DrawSource& source, std::uint64_t first_scenario, std::size_t lanes,
                                        const DrawLayout& layout);

std::unique_ptr<DrawScheme> make_antithetic(const PcgSequence& sequence, std::uint64_t first_scenario,
                                            std::size_t lanes, std::uint64_t draws);
std::unique_ptr<DrawScheme> make_moment_matching(const PcgSequence& sequence, std::uint64_t first_scenario,
                                                 std::size_t lanes, std::uint64_t draws);
std::unique_ptr<DrawScheme> make_stratified(const PcgSequence& sequence, std::uint64_t first_scenario,
                                            std::size_t lanes, std::uint64_t draws);
std::unique_ptr<DrawScheme> make_sobol(const DrawSource& source, std::uint64_t first_scenario, std::size_t lanes,
                                       const DrawLayout& layout);

}  // namespace ballast

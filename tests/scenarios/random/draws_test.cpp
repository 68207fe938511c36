#include "scenarios/random/draws.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>
#include <vector>

#include <doctest/doctest.h>

#include "scenarios/base/lanes.h"
#include "scenarios/random/normal.h"
#include "tests/isa_levels.h"

using namespace ballast;

TEST_CASE("every lane gets its scenario's draws, whatever the block") {
  const PcgSequence sequence(20261122, Sequence::optimise);
  for (std::uint64_t draws : {std::uint64_t{4}, std::uint64_t{7}, std::uint64_t{6000}, std::uint64_t{1} << 33}) {
    for (std::uint64_t first : {std::uint64_t{0}, std::uint64_t{5}, std::uint64_t{1024}, std::uint64_t{99'999'999}}) {
      for (std::size_t lanes : {1u, 15u, 16u, 17u, 1000u, 1024u}) {
        BlockDraws block(sequence, first, lanes, draws);
        CHECK(block.lanes() == padded_lanes(lanes));
        const std::size_t n = block.lanes();
        std::vector<double> u(n), z(n), v(n);
        std::vector<std::uint32_t> k(n);
        block.uniforms(u.data());
        block.normals(z.data());
        block.indices(787, k.data());
        block.uniforms(v.data());
        CHECK(block.drawn() == 4);
        std::size_t wrong = 0;
        for (std::size_t lane = 0; lane < n; ++lane) {
          const std::uint64_t position = (first + lane) * (draws % 2 == 0 ? draws + 1 : draws);
          wrong += u[lane] != sequence.uniform(position);
          wrong += z[lane] != inverse_normal(sequence.uniform(position + 1));
          wrong += k[lane] != sequence.index(position + 2, 787);
          wrong += v[lane] != sequence.uniform(position + 3);
        }
        CHECK(wrong == 0);
      }
    }
  }
}

TEST_CASE("one block and many small ones give the same bits") {
  const PcgSequence sequence(3, Sequence::evaluate);
  const std::uint64_t draws = 11;
  const std::size_t scenarios = 4096;
  std::vector<double> whole(scenarios * draws);
  BlockDraws block(sequence, 0, scenarios, draws);
  for (std::uint64_t j = 0; j < draws; ++j) block.normals(&whole[j * scenarios]);
  for (std::size_t size : {16u, 48u, 1024u}) {
    std::size_t wrong = 0;
    for (std::size_t first = 0; first + size <= scenarios; first += size) {
      BlockDraws part(sequence, first, size, draws);
      std::vector<double> z(part.lanes());
      for (std::uint64_t j = 0; j < draws; ++j) {
        part.normals(z.data());
        wrong += std::memcmp(z.data(), &whole[j * scenarios + first], size * sizeof(double)) != 0;
      }
    }
    CHECK(wrong == 0);
  }
}

TEST_CASE("skipped draws are draws") {
  const PcgSequence sequence(4, Sequence::evaluate);
  BlockDraws block(sequence, 10, 16, 100);
  std::vector<double> u(16);
  block.skip(37);
  block.uniforms(u.data());
  for (std::size_t lane = 0; lane < 16; ++lane) CHECK(u[lane] == sequence.uniform((10 + lane) * 101 + 37));
  CHECK(block.drawn() == 38);
}

TEST_CASE("drawing more than was declared is a bug, and is said") {
  const PcgSequence sequence(4, Sequence::evaluate);
  BlockDraws block(sequence, 0, 16, 2);
  std::vector<double> u(16);
  std::vector<std::uint32_t> k(16);
  block.uniforms(u.data());
  CHECK_THROWS_AS(block.skip(2), std::logic_error);
  block.normals(u.data());
  CHECK_THROWS_AS(block.uniforms(u.data()), std::logic_error);
  CHECK_THROWS_AS(block.normals(u.data()), std::logic_error);
  CHECK_THROWS_AS(block.indices(3, k.data()), std::logic_error);
  CHECK(block.drawn() == 2);
}

TEST_CASE("the kernels of every instruction set give the same draws") {
  constexpr std::uint64_t kDraws = 300;
  constexpr std::size_t kLanes = 1024;
  auto drawn = [] {
    BlockDraws block(PcgSequence(1, Sequence::optimise), 17, kLanes, kDraws);
    std::vector<double> all(kDraws * kLanes);
    std::vector<std::uint32_t> index(kLanes);
    for (std::uint64_t j = 0; j < kDraws; ++j) {
      double* row = &all[j * kLanes];
      if (j % 3 == 0) block.uniforms(row);
      if (j % 3 == 1) block.normals(row);
      if (j % 3 == 2) {
        block.indices(1000003, index.data());
        std::copy(index.begin(), index.end(), row);
      }
    }
    return all;
  };
  const std::vector<double> best = drawn();
  test::on_each_isa([&] {
    const std::vector<double> other = drawn();
    CHECK(std::memcmp(other.data(), best.data(), best.size() * sizeof(double)) == 0);
  });
}

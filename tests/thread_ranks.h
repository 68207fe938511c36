#pragma once

#include <algorithm>
#include <barrier>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

#include "scenarios/base/ranks.h"

namespace ballast::test {

/// Ranks that are threads of this process: what is divided over ranks can be tested without MPI.
class ThreadRanks final : public Ranks {
 public:
  struct Shared {
    explicit Shared(std::size_t size) : numbers(size), counts(size), bytes(size), all(std::ptrdiff_t(size)) {}
    std::vector<std::vector<double>> numbers;
    std::vector<std::vector<std::uint64_t>> counts;
    std::vector<std::span<std::byte>> bytes;
    std::barrier<> all;
  };

  ThreadRanks(Shared& shared, std::size_t rank) : shared_(shared), rank_(rank) {}
  std::size_t rank() const override { return rank_; }
  std::size_t size() const override { return shared_.numbers.size(); }

  std::vector<double> gather_everywhere(std::vector<double> mine) override {
    shared_.numbers[rank_] = std::move(mine);
    wait();
    std::vector<double> all;
    for (const std::vector<double>& part : shared_.numbers) all.insert(all.end(), part.begin(), part.end());
    wait();
    return all;
  }
  std::vector<double> gather(std::vector<double> mine) override {
    std::vector<double> all = gather_everywhere(std::move(mine));
    return root() ? all : std::vector<double>();
  }
  void broadcast(std::span<std::byte> bytes, std::size_t from) override {
    shared_.bytes[rank_] = bytes;
    wait();
    if (rank_ != from) std::copy(shared_.bytes[from].begin(), shared_.bytes[from].end(), bytes.begin());
    wait();
  }
  void sum(std::span<std::uint64_t> values) override {
    shared_.counts[rank_].assign(values.begin(), values.end());
    wait();
    for (std::size_t k = 0; k < values.size(); ++k) {
      values[k] = 0;
      for (const auto& part : shared_.counts) values[k] += part[k];
    }
    wait();
  }
  double least(double mine) override {
    const std::vector<double> all = gather_everywhere({mine});
    return *std::min_element(all.begin(), all.end());
  }
  double largest(double mine) override {
    const std::vector<double> all = gather_everywhere({mine});
    return *std::max_element(all.begin(), all.end());
  }
  void wait() override { shared_.all.arrive_and_wait(); }
  int leave(int code, const std::function<void()>&) override { return code; }

 private:
  Shared& shared_;
  std::size_t rank_;
};

/// Runs work on each of `size` ranks; what each one threw, or null.
inline std::vector<std::exception_ptr> run_ranks(std::size_t size, const std::function<void(Ranks&)>& work) {
  ThreadRanks::Shared shared(size);
  std::vector<std::exception_ptr> thrown(size);
  {
    std::vector<std::jthread> threads;
    for (std::size_t rank = 0; rank < size; ++rank) {
      threads.emplace_back([&, rank] {
        ThreadRanks ranks(shared, rank);
        try {
          work(ranks);
        } catch (...) {
          thrown[rank] = std::current_exception();
        }
      });
    }
  }
  return thrown;
}

}  // namespace ballast::test

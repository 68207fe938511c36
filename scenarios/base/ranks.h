#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace ballast {

/// The processes that work on one run together, numbered from 0, the root. Without MPI there is one. Nothing else in
/// the project knows how they talk (but HDF5, which opens a file for all of them).
///
/// Every call is collective: all ranks make it, in the same order. What comes of floating-point numbers never depends
/// on how many ranks there are: they are gathered in the order of ranks, and added by the caller.
class Ranks {
 public:
  virtual ~Ranks() = default;
  virtual std::size_t rank() const { return 0; }
  virtual std::size_t size() const { return 1; }
  bool root() const { return rank() == 0; }
  bool alone() const { return size() == 1; }

  /// All ranks' numbers, one rank's behind the other's: on every rank, or on the root (elsewhere empty).
  virtual std::vector<double> gather_everywhere(std::vector<double> mine) = 0;
  virtual std::vector<double> gather(std::vector<double> mine) = 0;
  /// One rank's bytes, everywhere.
  virtual void broadcast(std::span<std::byte> bytes, std::size_t from) = 0;
  /// Whole numbers added over the ranks, one by one: exact in any order.
  virtual void sum(std::span<std::uint64_t> values) = 0;
  virtual double least(double mine) = 0;
  virtual double largest(double mine) = 0;
  /// Until all ranks are here, without using the processor.
  virtual void wait() = 0;
  /// Ends this process's part: the exit code that all ranks return, the first one's that failed. `speak` says what was
  /// wrong; one rank's is called. Does not wait for ranks that know nothing of a failure, but ends them.
  virtual int leave(int code, const std::function<void()>& speak) = 0;
  /// The communicator, as HDF5 wants it (an MPI_Comm); null without MPI.
  virtual const void* communicator() const { return nullptr; }
};

/// The ranks that this process was started with. The first call starts MPI, in a build with it.
Ranks& all_ranks();
/// A process by itself, whatever it was started with.
Ranks& one_process();

/// The root's value, everywhere.
template <class Value>
Value of_root(Ranks& ranks, Value value) {
  static_assert(std::is_trivially_copyable_v<Value>);
  ranks.broadcast(std::as_writable_bytes(std::span<Value>(&value, 1)), 0);
  return value;
}
std::string of_root(Ranks& ranks, std::string text);
std::vector<double> of_root(Ranks& ranks, std::vector<double> values);

/// Runs work() on every rank; when it throws on one, the first such rank's error is thrown on all. Inside, no other
/// rank is waited for.
void run_together(Ranks& ranks, const std::function<void()>& work);
/// The same for work that only the root does.
void run_on_root(Ranks& ranks, const std::function<void()>& work);

/// A rank's part of `count` things in order, as evenly as they go.
struct RankPart {
  std::size_t begin = 0, end = 0;
  std::size_t size() const { return end - begin; }
};
RankPart part_of(const Ranks& ranks, std::size_t count);

}  // namespace ballast

#ifdef BALLAST_MPI

#include <chrono>
#include <cstdio>
#include <limits>
#include <numeric>
#include <stdexcept>
#include <thread>

#include <mpi.h>

#include "scenarios/base/error.h"
#include "scenarios/base/ranks.h"

// The only place that calls MPI. Errors inside MPI end all ranks (its default handler).

namespace ballast {
namespace {

using Clock = std::chrono::steady_clock;

/// How long a rank that failed alone waits for the others to fail too, before it ends them.
constexpr auto kPatience = std::chrono::seconds(5);

/// Until the request is done, or the time is over (false): looks often at first, then rarely, so that ranks which wait
/// for minutes leave the processor to those that work.
bool finish(MPI_Request& request, Clock::time_point until = Clock::time_point::max()) {
  auto pause = std::chrono::microseconds(20);
  for (int look = 0;; ++look) {
    int done = 0;
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    if (done) return true;
    if (Clock::now() >= until) return false;
    if (look < 100) {
      std::this_thread::yield();
    } else {
      std::this_thread::sleep_for(pause);
      pause = std::min<std::chrono::microseconds>(2 * pause, std::chrono::milliseconds(5));
    }
  }
}

/// MPI counts in int.
int count_of(std::size_t size) {
  if (size > std::size_t(std::numeric_limits<int>::max())) {
    throw std::length_error("a message between ranks has more than 2^31 numbers");
  }
  return int(size);
}

class MpiRanks final : public Ranks {
 public:
  MpiRanks() {
    int provided = 0, rank = 0, size = 1;
    // HDF5 writes from whichever thread the pipeline runs its last stage on, one at a time.
    MPI_Init_thread(nullptr, nullptr, MPI_THREAD_SERIALIZED, &provided);
    if (provided < MPI_THREAD_SERIALIZED) {
      std::fprintf(stderr, "error: this MPI does not allow calls from several threads in turn\n");
      MPI_Abort(MPI_COMM_WORLD, int(ExitCode::bug));
    }
    MPI_Comm_dup(MPI_COMM_WORLD, &work_);
    MPI_Comm_dup(MPI_COMM_WORLD, &end_);
    MPI_Comm_rank(work_, &rank);
    MPI_Comm_size(work_, &size);
    rank_ = std::size_t(rank);
    size_ = std::size_t(size);
  }

  std::size_t rank() const override { return rank_; }
  std::size_t size() const override { return size_; }

  std::vector<double> gather_everywhere(std::vector<double> mine) override {
    std::vector<int> counts, offsets;
    std::vector<double> all(share_out(mine.size(), counts, offsets));
    MPI_Allgatherv(mine.data(), count_of(mine.size()), MPI_DOUBLE, all.data(), counts.data(), offsets.data(),
                   MPI_DOUBLE, work_);
    return all;
  }

  std::vector<double> gather(std::vector<double> mine) override {
    std::vector<int> counts, offsets;
    const std::size_t total = share_out(mine.size(), counts, offsets);
    std::vector<double> all(rank_ == 0 ? total : 0);
    MPI_Gatherv(mine.data(), count_of(mine.size()), MPI_DOUBLE, all.data(), counts.data(), offsets.data(), MPI_DOUBLE,
                0, work_);
    return all;
  }

  void broadcast(std::span<std::byte> bytes, std::size_t from) override {
    MPI_Bcast(bytes.data(), count_of(bytes.size()), MPI_BYTE, int(from), work_);
  }

  void sum(std::span<std::uint64_t> values) override {
    MPI_Allreduce(MPI_IN_PLACE, values.data(), count_of(values.size()), MPI_UINT64_T, MPI_SUM, work_);
  }

  double least(double mine) override { return reduced(mine, MPI_MIN); }
  double largest(double mine) override { return reduced(mine, MPI_MAX); }

  void wait() override {
    MPI_Request request;
    MPI_Ibarrier(work_, &request);
    finish(request);
  }

  // On a communicator of its own: the others may be waiting in any call on the first one, for this rank.
  int leave(int code, const std::function<void()>& speak) override {
    std::vector<int> codes(size_, 0);
    MPI_Request request;
    MPI_Iallgather(&code, 1, MPI_INT, codes.data(), 1, MPI_INT, end_, &request);
    // Ranks that fail at the same time should not all speak.
    const auto patience = kPatience + std::chrono::milliseconds(50) * long(rank_);
    if (!finish(request, code == 0 ? Clock::time_point::max() : Clock::now() + patience)) {
      speak();
      MPI_Abort(MPI_COMM_WORLD, code);
    }
    for (std::size_t rank = 0; rank < size_; ++rank) {
      if (codes[rank] == 0) continue;
      if (rank == rank_) speak();
      code = codes[rank];
      break;
    }
    MPI_Comm_free(&end_);
    MPI_Comm_free(&work_);
    MPI_Finalize();
    return code;
  }

  const void* communicator() const override { return &work_; }

 private:
  double reduced(double mine, MPI_Op how) {
    double result = mine;
    MPI_Allreduce(&mine, &result, 1, MPI_DOUBLE, how, work_);
    return result;
  }

  /// Everyone's counts and where each begins; returns their sum.
  std::size_t share_out(std::size_t mine, std::vector<int>& counts, std::vector<int>& offsets) {
    counts.assign(size_, 0);
    offsets.assign(size_, 0);
    const int own = count_of(mine);
    MPI_Allgather(&own, 1, MPI_INT, counts.data(), 1, MPI_INT, work_);
    std::size_t total = 0;
    for (std::size_t k = 0; k < size_; ++k) {
      offsets[k] = count_of(total);
      total += std::size_t(counts[k]);
    }
    return total;
  }

  MPI_Comm work_ = MPI_COMM_NULL, end_ = MPI_COMM_NULL;
  std::size_t rank_ = 0, size_ = 1;
};

}  // namespace

Ranks& all_ranks() {
  static MpiRanks ranks;
  return ranks;
}

}  // namespace ballast

#endif

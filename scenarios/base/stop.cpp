#include "scenarios/base/stop.h"

#include <atomic>
#include <csignal>

#include "scenarios/base/error.h"

namespace ballast {
namespace {

std::atomic<int> stop_signal{0}, unfinished{0};
static_assert(std::atomic<int>::is_always_lock_free, "both are read in signal handlers");

}  // namespace

void request_stop(int signal) noexcept { stop_signal.store(signal); }
int stop_requested() noexcept { return stop_signal.load(std::memory_order_relaxed); }

void check_stop() {
  if (const int signal = stop_requested()) throw Stopped(signal);
}

Unfinished::Unfinished() noexcept { ++unfinished; }
Unfinished::~Unfinished() { --unfinished; }
bool anything_unfinished() noexcept { return unfinished.load() > 0; }

int stopped_exit_code(int signal) noexcept { return 128 + (signal == SIGINT || signal == SIGHUP ? signal : SIGTERM); }

}  // namespace ballast

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include <unistd.h>

#include "engine/cli/commands.h"
#include "scenarios/base/error.h"
#include "scenarios/base/ranks.h"
#include "scenarios/base/stop.h"
#include "scenarios/io/hdf5_start.h"

namespace {

constexpr char kStopped[] = "stopped by a signal\n";

/// Ends the program where nothing is to be put in order; otherwise asks it to stop at the next block, for which a
/// second Ctrl-C does not wait.
extern "C" void on_signal(int signal) {
  if (ballast::anything_unfinished() && (signal != SIGINT || ballast::stop_requested() == 0)) {
    ballast::request_stop(signal);
    return;
  }
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, kStopped, sizeof kStopped - 1);
  _exit(ballast::stopped_exit_code(signal));
}

void install_signal_handlers() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  // The terminal is gone (a dropped ssh): the same. Under nohup it is ignored, and stays so.
  struct sigaction hang_up = {};
  sigaction(SIGHUP, nullptr, &hang_up);
  if (hang_up.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
  sigaction(SIGUSR1, &action, nullptr);  // Slurm's --signal, ahead of the time limit
  std::signal(SIGPIPE, SIG_IGN);         // a closed pipe is a write error: a run ends its files
  std::signal(SIGXFSZ, SIG_IGN);         // and so is the limit on the size of files (ulimit -f)
}

/// How a command ended, and what to say of it on standard error.
struct Ending {
  int code = 0;
  std::string message;
};

/// Standard output does not take what is printed. Whoever closed a pipe (head, less) knows, and what a run writes is
/// written by then: it ends like a program that SIGPIPE ended, without a word.
Ending no_output(int reason) {
  if (reason == EPIPE) return {128 + SIGPIPE, ""};
  return {int(ballast::ExitCode::cannot_write),
          std::string("error: cannot write to standard output (") + std::strerror(reason) + ")"};
}

Ending failed(const std::string& message, ballast::ExitCode code) { return {int(code), message}; }

Ending run(const std::vector<std::string>& words) {
  using ballast::ExitCode;
  try {
    int code = ballast::dispatch(words);
    if (std::fflush(stdout) != 0) return no_output(errno);
    return {code, ""};
  } catch (const ballast::Error& error) {
    return failed(error.what(), error.code());
  } catch (const ballast::Stopped& stopped) {
    if (stopped.checkpoint()) return failed(stopped.what(), ExitCode::checkpoint);
    return {ballast::stopped_exit_code(stopped.signal()), stopped.what()};
  } catch (const std::bad_alloc&) {
    return failed("error: out of memory (the study needs more than there is) try fewer scenarios", ExitCode::bug);
  } catch (const std::system_error& error) {
    // libfmt throws when standard output does not take what is printed.
    if (std::ferror(stdout)) return no_output(error.code().value());
    return failed(std::string("internal error: ") + error.what(), ExitCode::bug);
  } catch (const std::exception& error) {
    return failed(std::string("internal error: ") + error.what(), ExitCode::bug);
  }
}

}  // namespace

int main(int count, char** words) {
  ballast::hdf5::start();
  ballast::Ranks& ranks = ballast::all_ranks();
  std::optional<ballast::Unfinished> other_ranks;  // they wait for this one
  if (ranks.size() > 1) other_ranks.emplace();
  install_signal_handlers();
  const Ending ending = run({words + 1, words + count});
  return ranks.leave(ending.code, [&] {
    if (!ending.message.empty()) std::fprintf(stderr, "%s\n", ending.message.c_str());
  });
}

#pragma once

namespace ballast {

/// Asks every loop to end at the next block: safe in a signal handler.
void request_stop(int signal) noexcept;
int stop_requested() noexcept;  ///< the signal, or 0
/// Throws Stopped when a signal asked for it.
void check_stop();

/// While one lives there is something to put in order before the program may end: a file half written, a run with a
/// checkpoint. Without any a signal ends the program at once.
class Unfinished {
 public:
  Unfinished() noexcept;
  Unfinished(const Unfinished&) noexcept : Unfinished() {}
  Unfinished& operator=(const Unfinished&) noexcept { return *this; }
  ~Unfinished();
};
bool anything_unfinished() noexcept;  ///< safe in a signal handler

/// How a program ends that a signal stopped: 130, 129 for a lost terminal, otherwise 143.
int stopped_exit_code(int signal) noexcept;

}  // namespace ballast

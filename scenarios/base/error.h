#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace ballast {

/// What the program says to its caller (README, "Exit codes").
enum class ExitCode {
  ok = 0,
  usage = 64,
  bad_input = 65,
  missing_input = 66,
  no_solution = 69,
  bug = 70,
  cannot_create = 73,
  cannot_write = 74,
  checkpoint = 75
};

/// One thing that is wrong with what the user gave. Either the file position is known, or the key path is, and study/
/// turns the key path into a position.
struct Problem {
  std::string file;
  int line = 0;    ///< from 1; 0: unknown
  int column = 0;  ///< from 1; 0: unknown
  std::string key_path;
  std::string message;  ///< "PROBLEM (WHY) SUGGESTION"
};

/// "file:line:column: error: message", leaving out what is unknown.
std::string to_string(const Problem& problem);

/// Base of all errors that end a command; what() is the complete text, one line a problem.
class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& text) : std::runtime_error(text), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

/// The study or a data file is wrong (65), or an input is missing (66). Carries every problem found.
class InputError : public Error {
 public:
  explicit InputError(std::vector<Problem> problems, ExitCode code = ExitCode::bad_input);
  explicit InputError(Problem problem) : InputError(std::vector<Problem>{std::move(problem)}) {}
  const std::vector<Problem>& problems() const { return problems_; }

 private:
  std::vector<Problem> problems_;
};

/// An error about one key of the study, raised below study/, where file positions are not known.
InputError key_error(std::string key_path, std::string message);

/// No weights satisfy the constraints, or the problem is unbounded (69).
class NoSolutionError : public Error {
 public:
  explicit NoSolutionError(const std::string& text) : Error(ExitCode::no_solution, text) {}
};

/// A signal asked the program to stop.
class Stopped : public std::runtime_error {
 public:
  explicit Stopped(int signal, const std::string& text = "stopped by a signal", bool checkpoint = false)
      : std::runtime_error(text), signal_(signal), checkpoint_(checkpoint) {}
  int signal() const { return signal_; }
  bool checkpoint() const { return checkpoint_; }  ///< what was done can be resumed

 private:
  int signal_;
  bool checkpoint_;
};

}  // namespace ballast

/// A contract between our own functions: checked in builds without NDEBUG. User input is never checked with it.
#ifdef NDEBUG
#define BALLAST_EXPECTS(condition) static_cast<void>(0)
#else
#define BALLAST_EXPECTS(condition) \
  ((condition) ? static_cast<void>(0) : throw std::logic_error("broken contract: " #condition))
#endif

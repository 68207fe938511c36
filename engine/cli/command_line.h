#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/base/error.h"

namespace ballast {

/// One option of a command, before it is parsed.
struct OptionSpec {
  std::string name;   ///< long name without dashes
  char letter = 0;    ///< short name, or 0
  std::string value;  ///< what follows it in the help, e.g. "DIR"; "": a switch
  std::string help;
  bool repeated = false;
};

/// What a command takes. Its file is one positional argument (STUDY.yaml, FILE.h5), several (SHARD.h5...), or none.
struct CommandSpec {
  std::string name;
  std::string example;  ///< first line of the help
  std::string purpose;
  std::string argument;  ///< "STUDY.yaml"; "": none
  std::vector<OptionSpec> options;
  std::vector<std::string> later;  ///< long options of later versions
};

/// The user asked for --help. The specification is what `ballast manual` and `ballast completion` are written from.
struct HelpText {
  std::string text;
  const CommandSpec* spec = nullptr;
};

/// The words of a command line, sorted into options by Boost.Program_options, which stays inside command_line.cpp.
/// Options are not abbreviated. Throws Error(usage).
class CommandLine {
 public:
  CommandLine(const CommandSpec& spec, const std::vector<std::string>& words);

  bool help_wanted() const { return help_wanted_; }
  HelpText help() const;

  const std::string& argument() const { return arguments_.at(0); }
  const std::vector<std::string>& arguments() const { return arguments_; }
  bool given(const std::string& option) const;
  std::optional<std::string> text(const std::string& option) const;
  std::vector<std::string> texts(const std::string& option) const;

  /// A whole number from `least` to `most`.
  std::optional<std::uint64_t> natural(const std::string& option, std::uint64_t least, std::uint64_t most) const;
  /// A number from `least` to `most`.
  std::optional<double> number(const std::string& option, double least, double most) const;
  /// The place of the option's word in `words`.
  std::optional<int> word(const std::string& option, const std::vector<std::string>& words) const;
  /// "4GB", "512MB", "2GiB", in bytes.
  std::optional<std::uint64_t> bytes(const std::string& option) const;

  /// "ballast run: error: MESSAGE (see 'ballast run --help')"
  Error usage_error(const std::string& message) const;

 private:
  const CommandSpec& spec_;
  bool help_wanted_ = false;
  std::vector<std::string> arguments_;
  std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace ballast

#include "engine/cli/command_line.h"

#include <algorithm>
#include <cmath>
#include <sstream>

#include <boost/program_options.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/config/number_text.h"
#include "scenarios/base/suggest.h"

namespace ballast {
namespace {

namespace po = boost::program_options;

po::options_description describe(const CommandSpec& spec) {
  po::options_description description("Options");
  auto add = description.add_options();
  for (const OptionSpec& option : spec.options) {
    std::string names = option.letter ? fmt::format("{},{}", option.name, option.letter) : option.name;
    if (option.value.empty()) {
      add(names.c_str(), option.help.c_str());
    } else {
      auto* value = po::value<std::vector<std::string>>()->value_name(option.value);
      add(names.c_str(), value, option.help.c_str());
    }
  }
  add("help,h", "show this help");
  return description;
}

}  // namespace

CommandLine::CommandLine(const CommandSpec& spec, const std::vector<std::string>& words) : spec_(spec) {
  po::options_description description = describe(spec);
  // The parser alone, not its variables_map: its errors name options in words that do not fit ours.
  int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;
  std::vector<po::option> parsed;
  try {
    parsed = po::command_line_parser(words).options(description).style(style).run().options;
  } catch (const po::unknown_option& error) {
    std::string name = error.get_option_name();
    name = name.substr(0, name.find('='));
    std::string bare = name.substr(std::min(name.find_first_not_of('-'), name.size()));
    if (std::find(spec.later.begin(), spec.later.end(), bare) != spec.later.end()) {
      throw usage_error(fmt::format("option '--{}' is not available in this version", bare));
    }
    std::vector<std::string> known{"help"};
    for (const OptionSpec& option : spec.options) known.push_back(option.name);
    std::string guess = did_you_mean(bare, known);
    if (std::size_t quote = guess.find('\''); quote != std::string::npos) guess.insert(quote + 1, "--");
    throw usage_error(fmt::format("unknown option '{}'{}{}", name, guess.empty() ? "" : "; ", guess));
  } catch (const po::invalid_command_line_syntax& error) {
    if (error.kind() == po::invalid_syntax::missing_parameter) {
      throw usage_error(fmt::format("option '{}' needs a value", error.get_option_name()));
    }
    if (error.kind() == po::invalid_syntax::extra_parameter) {
      throw usage_error(fmt::format("option '{}' takes no value", error.get_option_name()));
    }
    throw usage_error(error.what());
  } catch (const po::error& error) {
    throw usage_error(error.what());
  }

  for (const po::option& option : parsed) {
    if (option.position_key >= 0) {
      arguments_.insert(arguments_.end(), option.value.begin(), option.value.end());
    } else if (option.string_key == "help") {
      help_wanted_ = true;
    } else {
      values_.emplace_back(option.string_key, option.value.empty() ? "" : option.value[0]);
    }
  }
  if (help_wanted_) return;
  for (const OptionSpec& option : spec.options) {
    if (!option.repeated && texts(option.name).size() > 1) {
      throw usage_error(fmt::format("option '--{}' is given more than once", option.name));
    }
  }
  if (spec.argument.empty()) {
    if (!arguments_.empty()) throw usage_error(fmt::format("takes no argument (got '{}')", arguments_[0]));
  } else {
    const bool several = spec.argument.ends_with("...");
    if (arguments_.empty()) throw usage_error(fmt::format("{} is missing", spec.argument));
    if (arguments_.size() > 1 && !several) {
      throw usage_error(fmt::format("takes one {} (got '{}' and '{}')", spec.argument, arguments_[0], arguments_[1]));
    }
  }
}

HelpText CommandLine::help() const {
  std::ostringstream options;
  options << describe(spec_);
  std::string usage = "ballast " + spec_.name + (spec_.argument.empty() ? "" : " " + spec_.argument);
  return {
      fmt::format("Example: {}\n\n{}\n\nUsage: {} [options]\n\n{}", spec_.example, spec_.purpose, usage, options.str()),
      &spec_};
}

bool CommandLine::given(const std::string& option) const { return !texts(option).empty(); }

std::vector<std::string> CommandLine::texts(const std::string& option) const {
  std::vector<std::string> found;
  for (const auto& [name, value] : values_) {
    if (name == option) found.push_back(value);
  }
  return found;
}

std::optional<std::string> CommandLine::text(const std::string& option) const {
  std::vector<std::string> found = texts(option);
  if (found.empty()) return std::nullopt;
  if (found[0].empty()) throw usage_error(fmt::format("option '--{}' needs a value", option));
  return found[0];
}

std::optional<std::uint64_t> CommandLine::natural(const std::string& option, std::uint64_t least,
                                                  std::uint64_t most) const {
  std::optional<std::string> word = text(option);
  if (!word) return std::nullopt;
  YamlNumber<std::uint64_t> parsed = parse_natural(*word);
  if (!parsed.value || *parsed.value < least || *parsed.value > most) {
    throw usage_error(
        fmt::format("option '--{}' must be a whole number from {} to {} (got '{}')", option, least, most, *word));
  }
  return parsed.value;
}

std::optional<double> CommandLine::number(const std::string& option, double least, double most) const {
  std::optional<std::string> word = text(option);
  if (!word) return std::nullopt;
  YamlNumber<double> parsed = parse_yaml_number(*word);
  if (!parsed.value || !(*parsed.value >= least && *parsed.value <= most)) {
    throw usage_error(
        fmt::format("option '--{}' must be a number from {} to {} (got '{}')", option, least, most, *word));
  }
  return parsed.value;
}

std::optional<int> CommandLine::word(const std::string& option, const std::vector<std::string>& words) const {
  std::optional<std::string> given_word = text(option);
  if (!given_word) return std::nullopt;
  auto found = std::find(words.begin(), words.end(), *given_word);
  if (found == words.end()) {
    throw usage_error(
        fmt::format("option '--{}' must be one of {} (got '{}')", option, fmt::join(words, ", "), *given_word));
  }
  return int(found - words.begin());
}

std::optional<std::uint64_t> CommandLine::bytes(const std::string& option) const {
  std::optional<std::string> word = text(option);
  if (!word) return std::nullopt;
  std::size_t digits = std::min(word->find_first_not_of("0123456789."), word->size());
  YamlNumber<double> number = parse_yaml_number(word->substr(0, digits));
  double unit = 0.0;
  for (auto [name, size] : {std::pair{"kB", 1e3},
                            {"KB", 1e3},
                            {"MB", 1e6},
                            {"GB", 1e9},
                            {"TB", 1e12},
                            {"KiB", 0x1p10},
                            {"MiB", 0x1p20},
                            {"GiB", 0x1p30},
                            {"TiB", 0x1p40}}) {
    if (word->substr(digits) == name) unit = size;
  }
  double total = number.value ? *number.value * unit : 0.0;
  if (!(total >= 1.0) || total > 0x1p60) {
    throw usage_error(fmt::format("option '--{}' must be an amount such as 4GB or 512MB (got '{}')", option, *word));
  }
  return std::uint64_t(total);
}

Error CommandLine::usage_error(const std::string& message) const {
  return Error(ExitCode::usage, fmt::format("ballast {0}: error: {1} (see 'ballast {0} --help')", spec_.name, message));
}

}  // namespace ballast

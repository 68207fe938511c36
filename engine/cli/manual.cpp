#include "engine/cli/manual.h"

#include <algorithm>

#include <fmt/format.h>

namespace ballast {
namespace {

/// Text for roff: no escapes, no dash that becomes a hyphen, no line that begins with a request.
std::string roff(const std::string& text) {
  std::string safe;
  for (char c : text) {
    if (c == '\\') {
      safe += "\\e";
    } else if (c == '-') {
      safe += "\\-";
    } else {
      safe += c;
    }
  }
  if (!safe.empty() && (safe[0] == '.' || safe[0] == '\'')) safe.insert(0, "\\&");
  return safe;
}

std::string option_entry(const OptionSpec& option) {
  std::string names = "\\fB" + roff("--" + option.name) + "\\fR";
  if (option.letter) names = "\\fB\\-" + std::string(1, option.letter) + "\\fR, " + names;
  if (!option.value.empty()) names += " \\fI" + roff(option.value) + "\\fR";
  return ".TP\n" + names + "\n" + roff(option.help) + "\n";
}

/// What bash does with the word after an option that takes a value: "auto|always|never" are words to complete, a DIR or
/// FILE is one on the disk, and nothing completes a number.
std::string value_completion(const OptionSpec& option) {
  if (option.value.find('|') != std::string::npos) {
    std::string words = option.value;
    std::replace(words.begin(), words.end(), '|', ' ');
    return "COMPREPLY=($(compgen -W '" + words + "' -- \"$word\")); ";
  }
  for (auto [kind, option_of_compgen] : {std::pair{"DIR", "-d"}, {"FILE", "-f"}, {".h5", "-f"}, {".html", "-f"}}) {
    if (option.value.find(kind) != std::string::npos) {
      return fmt::format("compopt -o filenames; COMPREPLY=($(compgen {} -- \"$word\")); ", option_of_compgen);
    }
  }
  return "";
}

}  // namespace

std::string manual_page(const std::vector<const CommandSpec*>& commands) {
  std::string page = fmt::format(
      ".TH BALLAST 1 \"\" \"ballast {}\" \"User Commands\"\n.SH NAME\nballast \\- Monte Carlo scenarios for asset and "
      "liability management\n.SH SYNOPSIS\n",
      roff(BALLAST_VERSION));
  for (const CommandSpec* spec : commands) {
    page += fmt::format("\\fBballast {}\\fR {} [\\fIoptions\\fR]\n.br\n", roff(spec->name), roff(spec->argument));
  }
  page +=
      ".SH DESCRIPTION\nBallast simulates what markets may do, values liabilities on every scenario, finds the weights "
      "with the least conditional value\\-at\\-risk, and writes HDF5, CSV, JSON and one HTML page.\n.SH COMMANDS\n";
  for (const CommandSpec* spec : commands) {
    page += fmt::format(".SS \"ballast {} {}\"\n{}\n.PP\nExample: \\fB{}\\fR\n", roff(spec->name), roff(spec->argument),
                        roff(spec->purpose), roff(spec->example));
    for (const OptionSpec& option : spec->options) page += option_entry(option);
  }
  page += ".SH EXIT STATUS\n";
  for (auto [code, meaning] : {std::pair{"0", "done"},
                               {"64", "usage"},
                               {"65", "the study or a data file is wrong"},
                               {"66", "an input is missing"},
                               {"69", "no solution exists"},
                               {"70", "a bug"},
                               {"73", "an output cannot be created"},
                               {"74", "an output cannot be written"},
                               {"75", "stopped with a checkpoint"},
                               {"130, 143", "stopped by a signal"},
                               {"141", "standard output was closed, as by head; the files are written"}}) {
    page += fmt::format(".TP\n{}\n{}\n", code, meaning);
  }
  return page;
}

std::string bash_completion(const std::vector<const CommandSpec*>& commands) {
  std::string names, cases, values;
  for (const CommandSpec* spec : commands) {
    names += (names.empty() ? "" : " ") + spec->name;
    std::string options = "--help";
    for (const OptionSpec& option : spec->options) {
      options += " --" + option.name;
      if (option.value.empty()) continue;
      std::string pattern = fmt::format("{}:--{}", spec->name, option.name);
      if (option.letter) pattern += fmt::format("|{}:-{}", spec->name, option.letter);
      values += fmt::format("    {}) {}return ;;\n", pattern, value_completion(option));
    }
    const char* ending = spec->argument.rfind(".h5") != std::string::npos ? "h5" : "yaml";
    cases += fmt::format("    {}) options='{}' ending={} ;;\n", spec->name, options, ending);
  }
  return "# bash completion of ballast; to use it: source <(ballast completion)\n_ballast() {\n"
         "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]} options "
         "ending\n"
         "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    COMPREPLY=($(compgen -W '" +
         names +
         " manual completion --help --version' -- \"$word\"))\n    return\n  fi\n"
         "  case $command:$before in\n" +
         values + "  esac\n  case $command in\n" + cases +
         "    *) return ;;\n  esac\n"
         "  if [[ $word == -* ]]; then\n    COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
         "  else\n    compopt -o filenames\n"
         "    COMPREPLY=($(compgen -f -X \"!*.$ending\" -- \"$word\") $(compgen -d -- \"$word\"))\n  fi\n}\n"
         "complete -F _ballast ballast\n";
}

}  // namespace ballast

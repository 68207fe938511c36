#include <cstdio>
#include <functional>

#include <fmt/format.h>

#include "engine/cli/commands.h"
#include "engine/cli/manual.h"
#include "scenarios/base/error.h"
#include "scenarios/base/ranks.h"
#include "scenarios/base/suggest.h"

namespace ballast {
namespace {

/// What a command does with the words after its name, and what it takes.
struct Action {
  std::function<int(const std::vector<std::string>&)> run;
  std::function<const CommandSpec&()> spec;
};

struct Command {
  const char* name;
  const char* purpose;
  Action action;
};

/// Parses a command's options and runs it, or prints its help.
template <class Options>
Action command(Parsed<Options> (*parse)(const std::vector<std::string>&), int (*run)(const Options&)) {
  auto run_words = [=](const std::vector<std::string>& words) {
    Parsed<Options> parsed = parse(words);
    if (const HelpText* help = std::get_if<HelpText>(&parsed)) {
      if (all_ranks().root()) fmt::print("{}", help->text);
      return 0;
    }
    return run(std::get<Options>(parsed));
  };
  auto spec = [=]() -> const CommandSpec& { return *std::get<HelpText>(parse({"--help"})).spec; };
  return {run_words, spec};
}

/// One line a command, in the order of the help.
const std::vector<Command>& commands() {
  static const std::vector<Command> table{
      {"run", "run a study and write its results", command(parse_run, run_command)},
      {"optimize", "find the optimal weights only", command(parse_optimize, optimize_command)},
      {"merge", "join the shards of a run", command(parse_merge, merge_command)},
      {"validate", "check a study, with every problem by line and column", command(parse_validate, validate_command)},
      {"schema", "print the JSON Schema of studies, or the reference of their keys",
       command(parse_schema, schema_command)},
      {"calibrate", "fit the model, show how it fits, print what was estimated",
       command(parse_calibrate, calibrate_command)},
      {"curve", "print the yield curve as CSV", command(parse_curve, curve_command)},
      {"report", "make the page of results from a results file", command(parse_report, report_command)},
      {"export", "write the tables of a results file as CSV or an Excel workbook",
       command(parse_export, export_command)},
      {"compare", "print runs side by side, with what differs between their studies",
       command(parse_compare, compare_command)},
      {"replay", "compute one scenario again from a results file", command(parse_replay, replay_command)},
  };
  return table;
}

std::string overview() {
  std::string text =
      "Example: ballast run configs/quickstart.yaml\n\n"
      "Ballast simulates what markets may do, values liabilities on every scenario, and finds the weights with the "
      "least\nconditional value-at-risk.\n\nUsage: ballast COMMAND [options]\n\nCommands:\n";
  for (const Command& c : commands()) text += fmt::format("  {:<10} {}\n", c.name, c.purpose);
  return text +
         "\n'ballast COMMAND --help' tells more; 'ballast --version' tells the version;\n'ballast "
         "manual' prints a man page, 'ballast completion' what bash completes.\n";
}

}  // namespace

int dispatch(const std::vector<std::string>& words) {
  if (words.empty()) throw Error(ExitCode::usage, "ballast: error: a command is missing (see 'ballast --help')");
  const std::string& name = words[0];
  // Two commands divide their work over ranks; of any other the root does all.
  if (!all_ranks().root() && name != "run" && name != "optimize") return 0;
  if (name == "--help" || name == "-h" || name == "help") {
    fmt::print("{}", overview());
    return 0;
  }
  if (name == "--version") {
    fmt::print("ballast {}\n", BALLAST_VERSION);
    return 0;
  }
  std::vector<std::string> known;
  if (words.size() == 1 && (name == "manual" || name == "completion")) {
    std::vector<const CommandSpec*> specs;
    for (const Command& c : commands()) specs.push_back(&c.action.spec());
    fmt::print("{}", name == "manual" ? manual_page(specs) : bash_completion(specs));
    return 0;
  }
  for (const Command& c : commands()) {
    if (name == c.name) return c.action.run({words.begin() + 1, words.end()});
    known.emplace_back(c.name);
  }
  std::string guess = did_you_mean(name, known);
  throw Error(ExitCode::usage, fmt::format("ballast: error: unknown command '{}'{}{} (see 'ballast --help')", name,
                                           guess.empty() ? "" : "; ", guess));
}

}  // namespace ballast

#include "engine/cli/options.h"

#include <doctest/doctest.h>

#include "engine/cli/commands.h"
#include "scenarios/base/error.h"

using namespace ballast;

namespace {

template <class Options>
Options parsed(Parsed<Options> result) {
  REQUIRE(std::holds_alternative<Options>(result));
  return std::get<Options>(result);
}

/// What a user sees of a wrong command line.
template <class Parse>
std::string usage_error(Parse parse, const std::vector<std::string>& words) {
  try {
    parse(words);
    return "";
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::usage);
    std::string text = error.what();
    std::size_t advice = text.find(" (see 'ballast");
    return text.substr(0, advice);
  }
}

std::string run_error(std::vector<std::string> words) {
  words.insert(words.begin(), "s.yaml");
  return usage_error(parse_run, words);
}

}  // namespace

TEST_CASE("run: every option") {
  RunOptions run = parsed(
      parse_run({"s.yaml",    "-o",       "out",       "--set",      "a.b=1", "--set", "c[0].d={e: f}", "--scenarios",
                 "1e5",       "--seed=7", "--threads", "2",          "--isa", "v3",    "--memory",      "4GB",
                 "--weights", "w.csv",    "--dry-run", "--progress", "never", "-q",    "--json"}));
  CHECK(run.study == "s.yaml");
  CHECK(run.output_directory == "out");
  REQUIRE(run.sets.size() == 2);
  CHECK(run.sets[1].key_path == "c[0].d");
  CHECK(run.sets[1].value == "{e: f}");
  CHECK(run.scenarios == 100000u);
  CHECK(run.seed == 7u);
  CHECK(run.threads == 2);
  CHECK(run.isa == Isa::v3);
  CHECK(run.memory == 4000000000u);
  CHECK(run.weights == "w.csv");
  CHECK(run.dry_run);
  CHECK(run.progress == Progress::never);
  CHECK(run.quiet);
  CHECK(run.json);
  std::vector<Override> all = run.overrides();
  REQUIRE(all.size() == 4);
  CHECK(all[2].key_path == "scenarios.count");
  CHECK(all[2].value == "100000");
  CHECK(all[2].shown == "--scenarios 100000");
  CHECK(all[3].key_path == "study.seed");
}

TEST_CASE("run: defaults") {
  RunOptions run = parsed(parse_run({"s.yaml"}));
  CHECK_FALSE(run.output_directory);
  CHECK_FALSE(run.scenarios);
  CHECK_FALSE(run.threads);
  CHECK_FALSE(run.isa);
  CHECK(run.progress == Progress::automatic);
  CHECK_FALSE(run.dry_run);
  CHECK(run.overrides().empty());
  CHECK(parsed(parse_run({"--memory", "1.5GiB", "s.yaml"})).memory == 1610612736u);
}

TEST_CASE("wrong words on the command line") {
  CHECK(usage_error(parse_run, {}) == "ballast run: error: STUDY.yaml is missing");
  CHECK(run_error({"t.yaml"}) == "ballast run: error: takes one STUDY.yaml (got 's.yaml' and 't.yaml')");
  CHECK(run_error({"--scenaros", "5"}) ==
        "ballast run: error: unknown option '--scenaros'; did you mean '--scenarios'?");
  CHECK(run_error({"--scen=5"}) ==  // no abbreviations
        "ballast run: error: unknown option '--scen'; did you mean '--scenarios'?");
  CHECK(run_error({"--scenarios"}) == "ballast run: error: option '--scenarios' needs a value");
  CHECK(run_error({"--scenarios", "0"}) ==
        "ballast run: error: option '--scenarios' must be a whole number from 1 to 1000000000 (got '0')");
  CHECK(run_error({"--scenarios", "many"}) ==
        "ballast run: error: option '--scenarios' must be a whole number from 1 to 1000000000 (got 'many')");
  CHECK(run_error({"--seed", "1", "--seed", "2"}) == "ballast run: error: option '--seed' is given more than once");
  CHECK(run_error({"--isa", "avx"}) ==
        "ballast run: error: option '--isa' must be one of baseline, v3, v4 (got 'avx')");
  CHECK(run_error({"--progress", "on"}) ==
        "ballast run: error: option '--progress' must be one of auto, always, never (got 'on')");
  CHECK(run_error({"--memory", "4"}) ==
        "ballast run: error: option '--memory' must be an amount such as 4GB or 512MB (got '4')");
  CHECK(run_error({"--quiet=yes"}) == "ballast run: error: option '--quiet' takes no value");
  CHECK(run_error({"--set", "count"}) ==
        "error: --set count: not of the form KEY=VALUE, e.g. --set scenarios.count=1000");
  CHECK(run_error({"--shard", "5/4"}) ==
        "ballast run: error: option '--shard' must be K/N, from 1/N to N/N (got '5/4')");
  CHECK(run_error({"--checkpoint", "-1"}) ==
        "ballast run: error: option '--checkpoint' must be a number from 0 to 1000000 (got '-1')");
}

TEST_CASE("the other commands") {
  CHECK(parsed(parse_optimize({"s.yaml", "-o", "w.csv"})).output == "w.csv");
  CHECK(usage_error(parse_optimize, {"s.yaml"}) ==
        "ballast optimize: error: -o FILE.csv is missing (where the weights go) give it, or --json");
  CHECK_FALSE(parsed(parse_optimize({"s.yaml", "--json"})).output.has_value());
  CHECK(
      usage_error(parse_optimize, {"s.yaml", "--json", "-o", "-"}) ==
      "ballast optimize: error: -o and --json both go to standard output (the weights are in the JSON) leave -o away");

  RunOptions part = parsed(parse_run({"s.yaml", "--shard", "3/8", "--resume", "--checkpoint", "0.5"}));
  CHECK(part.shard->number == 3);
  CHECK(part.shard->of == 8);
  CHECK(part.resume);
  CHECK(part.checkpoint_minutes == 0.5);
  MergeOptions merge = parsed(parse_merge({"b.h5", "a.h5", "-o", "whole.h5", "--virtual"}));
  CHECK(merge.shards == std::vector<std::string>{"b.h5", "a.h5"});
  CHECK(merge.virtual_datasets);
  CHECK(usage_error(parse_merge, {"a.h5"}) == "ballast merge: error: -o FILE.h5 is missing (where the whole goes)");

  ReplayOptions replay = parsed(parse_replay({"r.h5", "--set", "optimise", "--scenario", "0"}));
  CHECK(replay.set == ReplaySet::optimise);
  CHECK(replay.scenario == 0);
  CHECK(!replay.inputs);
  CHECK(parsed(parse_replay({"r.h5", "--scenario", "1", "--inputs", "d"})).inputs == "d");
  CHECK(parsed(parse_replay({"r.h5", "--scenario", "4711"})).set == ReplaySet::evaluate);
  CHECK(usage_error(parse_replay, {"r.h5"}) == "ballast replay: error: --scenario N is missing");

  CHECK(parsed(parse_curve({"s.yaml", "--at", "0,1,5.5,30"})).at == std::vector<double>{0, 1, 5.5, 30});
  for (const char* bad : {"1,,2", "1001", "-1", "1;2", "1,"}) {
    CAPTURE(bad);
    CHECK(usage_error(parse_curve, {"s.yaml", std::string("--at=") + bad})
              .find("must list tenors from 0 to 1000 years") != std::string::npos);
  }
  CHECK(usage_error(parse_curve, {"s.yaml"}).find("--at is missing") != std::string::npos);

  CHECK(parsed(parse_schema({"--reference"})).reference);
  CHECK(parsed(parse_calibrate({"s.yaml", "--threads", "1"})).threads == 1);
  CHECK(parsed(parse_validate({"s.yaml", "--set", "a=1"})).sets.size() == 1);
}

TEST_CASE("help begins with an example") {
  auto help = [](auto result) { return std::get<HelpText>(result).text; };
  CHECK(help(parse_run({"--help"})).rfind("Example: ballast run configs/quickstart.yaml", 0) == 0);
  CHECK(help(parse_curve({"-h"})).rfind("Example: ballast curve ", 0) == 0);
}

TEST_CASE("unknown commands") {
  CHECK(usage_error(dispatch, {}) == "ballast: error: a command is missing");
  CHECK(usage_error(dispatch, {"valdate"}) == "ballast: error: unknown command 'valdate'; did you mean 'validate'?");
}

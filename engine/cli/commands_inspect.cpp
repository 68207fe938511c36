#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/cli/commands.h"
#include "engine/cli/load_study.h"
#include "engine/study/calibration.h"
#include "engine/study/prepared_study.h"
#include "engine/study/replay.h"
#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"
#include "scenarios/market/negative_forwards.h"

namespace ballast {
namespace {

std::string aligned(const FitTable& table) {
  std::vector<std::vector<std::string>> rows = table.rows;
  rows.insert(rows.begin(), table.header);
  std::vector<std::size_t> width(table.header.size(), 0);
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size() && c < width.size(); ++c) width[c] = std::max(width[c], row[c].size());
  }
  std::string text = table.title + "\n";
  for (const auto& row : rows) {
    std::string line = " ";
    for (std::size_t c = 0; c < row.size() && c < width.size(); ++c) {
      line += c == 0 ? fmt::format(" {:<{}}", row[c], width[c]) : fmt::format("  {:>{}}", row[c], width[c]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text + "\n";
}

}  // namespace

int calibrate_command(const CalibrateOptions& options) {
  if (options.threads) set_threads(*options.threads);
  LoadedStudy loaded = load_study(options.study, options.sets);
  if (loaded.config.scenarios.model == ModelKind::file) {
    throw locate(key_error("scenarios.model", "file has nothing to calibrate (the scenarios are the user's)"),
                 loaded.positions, loaded.file);
  }
  loaded.with_positions([&] {
    PreparedStudy study = prepare_study(loaded.config, loaded.files);
    for (const FitTable& table : calibration_tables(study)) fmt::print("{}", aligned(table));
    for (const std::string& note : study.notes) fmt::print("Note: {}\n", note);
    fmt::print("\n# to paste into the study: what was estimated, written out\n{}", calibrated_yaml(study));
  });
  return 0;
}

int curve_command(const CurveOptions& options) {
  LoadedStudy loaded = load_study(options.study, options.sets);
  loaded.with_positions([&] {
    if (!loaded.config.market.curve && !loaded.config.market.curve_history) {
      throw key_error("market", "has neither curve nor curve_history");
    }
    YieldCurve curve = read_curve(loaded.config.market, loaded.config.study.valuation_date, loaded.files);
    fmt::print("tenor_years,zero_rate,discount_factor,forward_rate\n");
    for (double t : options.at) {
      fmt::print("{},{:.17g},{:.17g},{:.17g}\n", t, curve.zero_rate(t), curve.discount(t), curve.forward_rate(t));
    }
    if (std::string negative = negative_forwards(curve); !negative.empty()) fmt::print(stderr, "note: {}\n", negative);
  });
  return 0;
}

int replay_command(const ReplayOptions& options) {
  fmt::print("{}", replay_scenario(options.file, options.set == ReplaySet::optimise, options.scenario, options.inputs));
  return 0;
}

}  // namespace ballast

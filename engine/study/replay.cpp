#include "engine/study/replay.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "engine/config/read_study.h"
#include "engine/output/results_provenance.h"
#include "engine/output/shard.h"
#include "engine/study/balance_path.h"
#include "engine/study/stored_inputs.h"
#include "scenarios/base/error.h"
#include "scenarios/io/hdf5.h"

namespace ballast {
namespace {

/// What the file holds of one scenario, for comparison.
std::vector<double> stored_row(const hdf5::Group& group, const std::string& dataset, std::uint64_t row) {
  if (!group.contains(dataset)) return {};
  return group.open_dataset(dataset).read_rows(row, 1);
}

bool same(double a, double b, bool single_precision) {
  if (std::isnan(a) && std::isnan(b)) return true;
  return single_precision ? float(a) == float(b) : a == b;
}

class Replay {
 public:
  Replay(const BalanceModel& model, const hdf5::File& file, bool optimise_set, std::uint64_t scenario,
         std::uint64_t row)
      : model_(model), study_(model.study()), file_(file), optimise_(optimise_set), scenario_(scenario), row_(row) {
    if (study_.world->has_curve()) shown_rates_ = study_.world->rates_at({1.0, 10.0});
  }

  std::string run() {
    std::vector<ProjectionParameters> portfolios;
    if (!optimise_) portfolios.push_back(model_.projection(weights()));
    int steps = optimise_ ? study_.risk_steps : study_.steps;
    const DrawSource source = study_.draws(optimise_ ? Sequence::optimise : Sequence::evaluate);
    BalancePath path(model_, source, scenario_, 1, steps, portfolios);
    header();
    if (!optimise_) report_time(path);
    for (int step = 1; step <= steps; ++step) {
      path.step();
      line(path, step);
      if (!optimise_) report_time(path);
      if (step == study_.risk_steps) horizon(path);
    }
    compare();
    return text_;
  }

 private:
  std::vector<double> weights() {
    return file_.open_dataset(file_.contains("weights") ? "weights" : "weights_current").read_doubles();
  }

  void header() {
    text_ += fmt::format("Scenario {} of the {} set, seed {}, {} steps a year\n", scenario_,
                         optimise_ ? "optimise" : "evaluate", study_.config.study.seed,
                         study_.config.scenarios.steps_per_year);
    text_ += fmt::format("{:>5} {:>8} {:>9} {:>9} {:>9}", "step", "time", "cash", "z(1)", "z(10)");
    for (const std::string& name : study_.asset_names()) text_ += fmt::format(" {:>12}", name.substr(0, 12));
    text_ += fmt::format(" {:>16}", "payments");
    if (!optimise_) text_ += fmt::format(" {:>18}", "assets");
    text_ += "\n";
  }

  void line(const BalancePath& path, int step) {
    LaneArray z(2, path.lanes());
    z.fill(NAN);
    if (shown_rates_) shown_rates_->evaluate(path.world().curve(), z);
    text_ += fmt::format("{:>5} {:>8.4f} {:>9.6f} {:>9.6f} {:>9.6f}", step, step * study_.step_years(),
                         path.world().cash_gross()[0] - 1, z(0, 0), z(1, 0));
    for (std::size_t i = 0; i < study_.assets.size(); ++i)
      text_ += fmt::format(" {:>12.8f}", path.asset_gross()(i, 0) - 1);
    text_ += fmt::format(" {:>16.2f}", path.payments()[0]);
    if (!optimise_) text_ += fmt::format(" {:>18.4f}", path.projection(0).assets()[0]);
    text_ += "\n";
  }

  void report_time(const BalancePath& path) {
    auto found = std::find(study_.report_steps.begin(), study_.report_steps.end(), path.steps_made());
    if (found == study_.report_steps.end()) return;
    const Projection& projection = path.projection(0);
    double pv = 0.0, duration = NAN;
    if (const LiabilityValuer* valuer = model_.liabilities().valuer(path.steps_made())) {
      LaneArray value(valuer->rows(), 1);
      path.liabilities().value(path.market(), value);
      pv = value(LiabilityValuer::kPv, 0);
      duration = value(LiabilityValuer::kMacaulay, 0);
    }
    double lane_pv[kLaneGroup], surplus[kLaneGroup], ratio[kLaneGroup];
    std::fill_n(lane_pv, kLaneGroup, pv);
    balance_measures(projection.assets(), projection.shortfall(), lane_pv, kLaneGroup, surplus, ratio);
    computed_.push_back({pv, duration, projection.assets()[0], surplus[0], ratio[0]});
    if (study_.world->has_curve()) {
      LaneArray rates(model_.reported_rates().size(), path.lanes());
      model_.reported_rates().evaluate(path.world().curve(), rates);
      computed_.back().insert(computed_.back().end(), {rates(0, 0), rates(1, 0)});
    }
    text_ += fmt::format(
        "      = time {:g}: liability {:.4f} (duration {:.4f}), assets {:.4f}, surplus {:.4f}, funding ratio {:.6f}\n",
        path.steps_made() * study_.step_years(), pv, duration, projection.assets()[0], surplus[0], ratio[0]);
  }

  void horizon(const BalancePath& path) {
    LaneArray simple(study_.assets.size(), 1);
    path.horizon_return().simple_return(simple);
    text_ += fmt::format("      = risk horizon, {:g} years: buy-and-hold returns", study_.risk_horizon());
    for (std::size_t i = 0; i < simple.rows(); ++i) {
      horizon_.push_back(simple(i, 0));
      text_ += fmt::format(" {} {:.8f}", study_.assets[i].name, simple(i, 0));
    }
    text_ += "\n";
  }

  /// Every number of the file about this scenario against the one computed now.
  void compare() {
    bool single = study_.config.output.float32;
    hdf5::Group group = optimise_ ? file_.open_group("optimise") : file_.open_group("/");
    std::size_t compared = 0, different = 0;
    auto check = [&](const std::string& dataset, const std::vector<double>& now) {
      std::vector<double> then = stored_row(group, dataset, row_);
      for (std::size_t k = 0; k < then.size() && k < now.size(); ++k) {
        ++compared;
        different += !same(now[k], then[k], single);
      }
    };
    check("asset_return", horizon_);
    const char* names[] = {"liability_pv",  "liability_duration", "assets_value", "surplus",
                           "funding_ratio", "short_rate",         "ten_year_rate"};
    for (std::size_t q = 0; !computed_.empty() && q < computed_[0].size(); ++q) {
      std::vector<double> now;
      for (const auto& values : computed_) now.push_back(values[q]);
      check(names[q], now);
    }
    text_ += fmt::format("{} numbers of the file about this scenario: {}\n", compared,
                         different == 0 ? "all the same, bit for bit" : fmt::format("{} DIFFER", different));
  }

  const BalanceModel& model_;
  const PreparedStudy& study_;
  const hdf5::File& file_;
  bool optimise_;
  std::uint64_t scenario_, row_;  ///< row_: of the file, of a shard not the scenario
  std::string text_;
  std::optional<CurveMap> shown_rates_;
  std::vector<std::vector<double>> computed_;  ///< by report time: what compare() names
  std::vector<double> horizon_;
};

}  // namespace

std::string replay_scenario(const std::string& results_file, bool optimise_set, std::uint64_t scenario,
                            const std::optional<std::string>& inputs) {
  StoredStudy stored = read_results_for_replay(results_file);
  StudyConfig config = read_study(results_file + " (resolved study)", stored.resolved_config);
  auto count = std::uint64_t(optimise_set ? *config.scenarios.optimise_count : config.scenarios.count);
  if (scenario >= count) {
    throw Error(ExitCode::usage,
                fmt::format("--scenario {}: error: the set has {} scenarios, counted from 0", scenario, count));
  }
  if (config.scenarios.model == ModelKind::file) {
    throw Error(ExitCode::usage,
                results_file + ": error: the scenarios are the user's own; there is nothing to replay");
  }
  hdf5::File file = hdf5::File::open(results_file);
  if (optimise_set && !file.contains("optimise")) {
    throw Error(ExitCode::usage, results_file + ": error: there is no optimise set (the run did not optimise)");
  }
  std::uint64_t row = scenario;
  if (const std::optional<ShardIdentity> shard = read_shard(file)) {
    row = scenario - shard->first_scenario;
    if (scenario < shard->first_scenario || row >= shard->scenarios) {
      throw Error(ExitCode::usage,
                  fmt::format("--scenario {}: error: the file is shard {} of {}, of scenarios {} to {}; name another "
                              "shard, or what 'ballast merge' makes of them",
                              scenario, shard->number, shard->of, shard->first_scenario,
                              shard->first_scenario + shard->scenarios - 1));
    }
  }
  InputFiles files = stored_inputs(stored, results_file, inputs);
  PreparedStudy study = prepare_study(config, files);
  BalanceModel model(study);
  return Replay(model, file, optimise_set, scenario, row).run();
}

}  // namespace ballast

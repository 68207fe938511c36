#include "engine/study/calibration.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "engine/config/write_study.h"
#include "scenarios/base/parallel.h"
#include "scenarios/stats/moments.h"
#include "scenarios/stats/quantile.h"
#include "scenarios/validate/validate.h"

namespace ballast {
namespace {

constexpr std::uint64_t kScenarios = 4096;
constexpr int kYears[] = {1, 10, 30};

struct RateSample {
  std::vector<double> short_rate, ten_year, slope;
  void add(double s, double t) {
    short_rate.push_back(s);
    ten_year.push_back(t);
    slope.push_back(t - s);
  }
};

std::vector<std::string> rate_cells(const std::string& name, RateSample& sample) {
  std::vector<std::string> cells = {name};
  double negative = 0.0;
  for (double s : sample.short_rate) negative += s < 0;
  for (std::vector<double>* values : {&sample.short_rate, &sample.ten_year, &sample.slope}) {
    std::sort(values->begin(), values->end());
    for (double p : {0.05, 0.5, 0.95}) cells.push_back(fmt::format("{:.4f}", quantile(*values, p)));
  }
  cells.push_back(fmt::format("{:.1f}%", 100 * negative / double(sample.short_rate.size())));
  return cells;
}

FitTable moments_table(const PreparedStudy& study, const std::vector<std::vector<double>>& simulated) {
  FitTable table{fmt::format("Log returns per step: history, and {} simulated (first year of {} scenarios)",
                             simulated.empty() ? 0 : simulated[0].size(), kScenarios),
                 {"series", "sd", "simulated", "skewness", "simulated", "ex. kurtosis", "simulated"},
                 {}};
  std::size_t i = 0;
  for (const Asset& asset : study.assets) {
    if (asset.kind != AssetKind::series) continue;
    Eigen::VectorXd logs = (1 + study.history.returns.col(Eigen::Index(i)).array()).log().matrix();
    std::span<const double> h(logs.data(), std::size_t(logs.size()));
    const std::vector<double>& s = simulated[i];
    table.rows.push_back({asset.name, fmt::format("{:.4f}", standard_deviation(h)),
                          fmt::format("{:.4f}", standard_deviation(s)), fmt::format("{:.2f}", skewness(h)),
                          fmt::format("{:.2f}", skewness(s)), fmt::format("{:.2f}", excess_kurtosis(h)),
                          fmt::format("{:.2f}", excess_kurtosis(s))});
    ++i;
  }
  return table;
}

FitTable validation_table(const Validation& validation) {
  FitTable table{
      fmt::format("Validation: {} of {} rows pass ({:g}% level over all rows: |z| <= {:.2f}); {} scenarios of {} "
                  "steps, statistics per step",
                  validation.passed(), validation.rows.size(), 100 * validation.level, validation.critical_z,
                  validation.scenarios, validation.steps),
      {"of", "statistic", "against", "reference", "+-", "scenarios", "+-", "z", ""},
      {}};
  for (const ValidationRow& row : validation.rows) {
    table.rows.push_back({row.of, row.statistic, row.against, fmt::format("{:.5g}", row.reference),
                          fmt::format("{:.2g}", row.reference_error), fmt::format("{:.5g}", row.scenarios.value),
                          fmt::format("{:.2g}", row.scenarios.standard_error), fmt::format("{:+.2f}", row.z),
                          row.pass ? "pass" : "FAIL"});
  }
  return table;
}

/// Sections of `scenarios` that belong to models the study does not use.
std::set<std::string> unused_sections(const StudyConfig& config) {
  std::set<std::string> unused;
  const ScenarioParameters& scenarios = config.scenarios;
#define BALLAST_MODEL(name, Parameters, help) \
  if (scenarios.model != ModelKind::name) unused.insert(#name);
#include "scenarios/models/registry.def"
#undef BALLAST_MODEL
#define BALLAST_CURVE_MODEL(name, key, Parameters, help) \
  if (scenarios.curve_model != CurveModelKind::name) unused.insert(#key);
#include "scenarios/models/curve_registry.def"
#undef BALLAST_CURVE_MODEL
  if (!config.market.inflation) unused.insert("inflation");
  if (!config.market.spreads) unused.insert("spreads");
  if (scenarios.correlation.pairs.empty()) unused.insert("correlation");
  return unused;
}

}  // namespace

std::vector<FitTable> calibration_tables(const PreparedStudy& study) {
  std::vector<FitTable> tables = study.world->fit_tables();
  int per_year = study.config.scenarios.steps_per_year, steps = kYears[2] * per_year;
  const World& world = *study.world;
  PcgSequence sequence(study.config.study.seed, Sequence::calibrate);

  struct BlockSample {
    std::vector<std::vector<double>> log_returns;  // by series
    std::map<int, RateSample> rates;               // by year
  };
  std::vector<std::vector<double>> log_returns(world.series());
  std::map<int, RateSample> rates;
  const std::vector<double> terms = {world.step_years(), 10.0};
  std::optional<CurveMap> short_and_ten;
  if (world.has_curve()) short_and_ten = world.rates_at(terms);
  ordered_blocks(
      kScenarios / kBlockScenarios,
      [&](std::size_t block) {
        BlockSample sample;
        sample.log_returns.resize(world.series());
        LaneArray now(2, kBlockScenarios);
        WorldPath path(world, sequence, block * kBlockScenarios, kBlockScenarios, steps);
        for (int step = 1; step <= steps; ++step) {
          path.step();
          for (std::size_t i = 0; i < world.series() && step <= per_year; ++i) {
            for (std::size_t lane = 0; lane < kBlockScenarios; ++lane) {
              sample.log_returns[i].push_back(std::log(path.series_gross()(i, lane)));
            }
          }
          if (!world.has_curve() || step % per_year) continue;
          if (std::find(std::begin(kYears), std::end(kYears), step / per_year) == std::end(kYears)) continue;
          short_and_ten->evaluate(path.curve(), now);
          for (std::size_t lane = 0; lane < kBlockScenarios; ++lane) {
            sample.rates[step / per_year].add(now(0, lane), now(1, lane));
          }
        }
        return sample;
      },
      [&](std::size_t, BlockSample& sample) {
        for (std::size_t i = 0; i < log_returns.size(); ++i) {
          log_returns[i].insert(log_returns[i].end(), sample.log_returns[i].begin(), sample.log_returns[i].end());
        }
        for (auto& [year, of_block] : sample.rates) {
          for (std::size_t s = 0; s < of_block.slope.size(); ++s)
            rates[year].add(of_block.short_rate[s], of_block.ten_year[s]);
        }
      });

  if (world.series() > 0) tables.push_back(moments_table(study, log_returns));
  if (world.has_curve()) {
    FitTable table{"Continuous zero rates: quantiles in the history and simulated",
                   {"", "short 5%", "50%", "95%", "10-year 5%", "50%", "95%", "slope 5%", "50%", "95%", "short < 0"},
                   {}};
    if (!study.history.tenors.empty()) {
      RateSample history;
      const Eigen::MatrixXd observed = world.history_rates_at(study.history, terms);
      for (Eigen::Index t = 0; t < observed.rows(); ++t) history.add(observed(t, 0), observed(t, 1));
      table.rows.push_back(rate_cells("history", history));
    }
    for (auto& [year, sample] : rates) table.rows.push_back(rate_cells(fmt::format("after {} years", year), sample));
    tables.push_back(table);
  }
  if (Validation validation =
          validate(world, study.history, study.config.scenarios.horizon_years, study.config.study.seed);
      !validation.rows.empty()) {
    tables.push_back(validation_table(validation));
  }
  return tables;
}

std::string calibrated_yaml(const PreparedStudy& study) {
  // The section out of the whole resolved study: from its key to the next key at the margin.
  std::string yaml = "\n" + to_yaml(study.config);
  std::size_t begin = yaml.find("\nscenarios:"), end = begin;
  do {
    end = yaml.find('\n', end + 1);
  } while (end != std::string::npos && end + 1 < yaml.size() && (yaml[end + 1] == ' ' || yaml[end + 1] == '#'));
  const std::set<std::string> unused = unused_sections(study.config);
  std::string used;
  bool skip = false;
  for (std::size_t at = begin + 1; at < end + 1 && at < yaml.size();) {
    const std::size_t next = std::min(yaml.find('\n', at), yaml.size() - 1) + 1;
    const std::string line = yaml.substr(at, next - at);
    const bool key = line.size() > 2 && line[1] == ' ' && line[2] != ' ';
    if (key) skip = unused.count(line.substr(2, line.find(':') - 2)) > 0;
    if (!skip) used += line;
    at = next;
  }
  return used;
}

}  // namespace ballast

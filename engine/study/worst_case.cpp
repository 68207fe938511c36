#include "engine/study/worst_case.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/stress/stress_plan.h"
#include "engine/study/external_scenarios.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

std::string key_of(std::size_t entry, const char* key) { return fmt::format("optimize.worst_case[{}].{}", entry, key); }

/// The study for its scenarios alone.
StudyConfig scenarios_alone(const StudyConfig& config) {
  StudyConfig own = config;
  own.stress.clear();
  own.output.zero_rates = own.output.key_rate_durations = false;
  return own;
}

ModelKind model_named(const std::string& name, const std::string& key) {
  std::vector<std::string> names;
  for (const char* const known : EnumNames<ModelKind>::value) {
    const ModelKind model = ModelKind(names.size());
    if (name == known && model != ModelKind::file) return model;
    names.push_back(known);
  }
  throw key_error(key, with_guess(fmt::format("there is no model '{}' that simulates", name), name, names));
}

/// The entry of the list `stress` of that name, or else a regulator's family.
StressParameters named_stress(const StudyConfig& config, const std::string& name) {
  for (const StressParameters& stress : config.stress) {
    if (stress.name == name || stress.standard == name) return stress;
  }
  StressParameters standard;
  standard.standard = name;
  return standard;
}

bool starts_at_market_curve(const PreparedStudy& study) {
  if (study.curve.empty()) return true;
  const YieldCurve start = study.world->initial_curve();
  return std::all_of(start.tenors().begin(), start.tenors().end(),
                     [&](double t) { return std::abs(start.zero_rate(t) - study.curve.zero_rate(t)) < 1e-6; });
}

}  // namespace

WorstCase::WorstCase(const StudyConfig& config, const PreparedStudy* base, const std::vector<std::string>& asset_names,
                     InputFiles& files) {
  if (!config.optimize) return;
  const std::vector<WorstCaseParameters>& asked = config.optimize->worst_case;
  for (std::size_t k = 0; k < asked.size(); ++k) {
    if (asked[k].file) {
      add_file(config, k, asset_names, files);
      continue;
    }
    if (!base) {
      throw key_error(key_of(k, asked[k].model ? "model" : "stress"),
                      "needs a study that simulates (this one's scenarios are a file's) give further ones by `file`");
    }
    if (asked[k].stress) {
      add_stress(config, *base, k, files);
      continue;
    }
    StudyConfig own = scenarios_alone(config);
    own.scenarios.model = model_named(*asked[k].model, key_of(k, "model"));
    sources_.push_back({*asked[k].model, {}, std::make_unique<PreparedStudy>(prepare_study(own, files)), {}});
  }
}

void WorstCase::add_file(const StudyConfig& config, std::size_t entry, const std::vector<std::string>& asset_names,
                         InputFiles& files) {
  StudyConfig own = config;
  own.scenarios.path = config.optimize->worst_case[entry].file;
  own.assets.clear();
  for (const std::string& name : asset_names) {
    own.assets.push_back({});
    own.assets.back().name = name;
    own.assets.back().series = name;
  }
  sources_.push_back(
      {config.optimize->worst_case[entry].file->text, read_external_scenarios(own, files).set, nullptr, {}});
  if (config.optimize->loss == LossKind::surplus && sources_.back().read.liability.empty()) {
    throw key_error(key_of(entry, "file"),
                    "the file has no column 'liability' (loss: surplus needs one in every set of scenarios) add it");
  }
}

void WorstCase::add_stress(const StudyConfig& config, const PreparedStudy& base, std::size_t entry, InputFiles& files) {
  const std::string& name = *config.optimize->worst_case[entry].stress;
  const std::string key = key_of(entry, "stress");
  const StressParameters stress = named_stress(config, name);
  if (stress.mortality_factor || stress.inflation_shift) {
    throw key_error(key, fmt::format("'{}' changes mortality or expected inflation (simulated scenarios start from a "
                                     "stressed curve and stressed assets alone) use another stress",
                                     name));
  }
  const StressedBalance balance{base.assets,      base.config.assets,  base.exposures, base.market_now(),
                                base.liabilities, base.initial_assets, base.history};
  std::vector<StressedMarket> markets;
  try {
    markets = StressPlan({stress}, balance).markets();
  } catch (const InputError& wrong) {
    throw key_error(key, wrong.problems()[0].message);
  }
  if (markets.size() < 2) {
    throw key_error(key, fmt::format("'{}' is no stressed market (grids, reverse stresses and undated windows are not) "
                                     "name another stress",
                                     name));
  }
  if (!starts_at_market_curve(base)) {
    throw key_error(key,
                    "needs scenarios that start from the market's curve (initial_curve: model starts from the model's) "
                    "leave initial_curve out");
  }
  for (std::size_t m = 1; m < markets.size(); ++m) {
    const YieldCurve* start = base.curve.empty() ? nullptr : &markets[m].state.curve;
    auto study = std::make_unique<PreparedStudy>(prepare_study(scenarios_alone(config), files, start));
    study->initial_assets = base.initial_assets;
    sources_.push_back({markets[m].name, {}, std::move(study), markets[m].asset_change});
  }
}

std::uint64_t WorstCase::simulated() const {
  return std::uint64_t(std::count_if(sources_.begin(), sources_.end(), [](const Source& s) { return bool(s.study); }));
}

std::vector<HorizonScenarios> WorstCase::take_sets(std::uint64_t scenarios) {
  std::vector<HorizonScenarios> sets;
  for (Source& source : sources_) {
    if (!source.study) {
      sets.push_back(std::move(source.read));
      sets.back().name = source.name;
      continue;
    }
    const BalanceModel model(*source.study);
    sets.push_back(simulate_horizon(model, Sequence::optimise, scenarios));
    HorizonScenarios& set = sets.back();
    set.name = source.name;
    for (std::size_t k = 0; k < set.asset_return.size() && !source.asset_change.empty(); ++k) {
      const double change = source.asset_change[k % set.assets];
      set.asset_return[k] = (1.0 + change) * (1.0 + set.asset_return[k]) - 1.0;
    }
  }
  return sets;
}

}  // namespace ballast

#include "engine/stress/stress_plan.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/stress/historical_windows.h"
#include "engine/stress/rate_shifts.h"
#include "engine/stress/stress_grid.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

bool has_name(std::span<const StressedMarket> markets, const std::string& name) {
  return std::any_of(markets.begin(), markets.end(), [&](const StressedMarket& market) { return market.name == name; });
}

std::string reverse_title(const ReverseStressParameters& asked) {
  return fmt::format("reverse: funding ratio {:g}", asked.funding_ratio);
}

}  // namespace

StressPlan::StressPlan(const std::vector<StressParameters>& stresses, StressedBalance balance)
    : balance_(std::move(balance)) {
  markets_.push_back(unstressed(balance_, "base"));
  std::vector<Problem> problems;
  auto attempt = [&](const std::string& path, auto&& action) {
    try {
      action();
    } catch (const std::invalid_argument& wrong) {
      problems.push_back(key_error(path, wrong.what()).problems()[0]);
    } catch (const InputError& wrong) {
      problems.insert(problems.end(), wrong.problems().begin(), wrong.problems().end());
    }
  };
  for (std::size_t i = 0; i < stresses.size(); ++i) {
    const StressParameters& stress = stresses[i];
    const char* key = stress.standard     ? ".standard"
                      : stress.historical ? ".historical"
                      : stress.grid       ? ".grid"
                      : stress.reverse    ? ".reverse"
                                          : "";
    attempt(fmt::format("stress[{}]{}", i, key), [&] {
      const std::size_t known = markets_.size();
      add(stress);
      require_new_names(stress, known);
    });
  }
  attempt("assets", [&] { require_durations(); });
  if (!problems.empty()) throw InputError(std::move(problems));
}

/// Results know a stress by its name: nothing added last may be called like what was there before.
void StressPlan::require_new_names(const StressParameters& stress, std::size_t known) const {
  auto refuse = [](const std::string& name) {
    throw std::invalid_argument(fmt::format("'{}' is already the name of a stress; names must differ", name));
  };
  for (std::size_t k = known; k < markets_.size(); ++k) {
    if (has_name({markets_.data(), k}, markets_[k].name)) refuse(markets_[k].name);
  }
  for (std::size_t k = 0; stress.grid && k + 1 < grids_.size(); ++k) {
    if (grids_[k].first == grids_.back().first) refuse(grids_[k].first);
  }
  for (std::size_t k = 0; stress.reverse && k + 1 < reverse_.size(); ++k) {
    if (reverse_title(reverse_[k]) == reverse_title(reverse_.back())) refuse(reverse_title(reverse_[k]));
  }
}

void StressPlan::add(const StressParameters& stress) {
  if (stress.standard) return add_standard(stress);
  if (stress.historical) return add_historical(stress);
  if (stress.reverse) {
    if (balance_.liabilities.empty()) throw std::invalid_argument("'reverse' needs liabilities (a funding ratio)");
    moves_rates_ = moves_rates_ || !balance_.market.curve.empty();
    return reverse_.push_back(*stress.reverse);
  }
  if (!stress.grid) return add_own(stress);
  grid_assets(balance_, *stress.grid);  // finds unknown names now
  bool shifted = std::any_of(stress.grid->parallel_shifts.begin(), stress.grid->parallel_shifts.end(),
                             [](double shift) { return shift != 0.0; });
  if (shifted) rates_stressed(balance_, *stress.name, shift_shock(*stress.name, {0.0}, {0.0}));  // or a missing curve
  moves_rates_ = moves_rates_ || shifted;
  grids_.emplace_back(*stress.name, *stress.grid);
}

void StressPlan::add_standard(const StressParameters& stress) {
  std::string title = *stress.standard;
  // The same with a floor beside it: a family of its own.
  const bool again = stress.floor != RateFloor::none && has_name(markets_, title + " parallel_up");
  if (again) title += fmt::format(" floor {}", name_of(stress.floor));
  moves_rates_ = true;
  const StressFamily& kind = stress_family(*stress.standard);
  FamilyMarkets family = kind.stress(balance_, {stress, stress_currency(*stress.standard), title});
  families_.push_back({&kind, title, markets_.size(), family.markets.size()});
  std::move(family.markets.begin(), family.markets.end(), std::back_inserter(markets_));
  notes_.insert(notes_.end(), family.notes.begin(), family.notes.end());
}

void StressPlan::add_own(const StressParameters& stress) {
  StressedMarket market = unstressed(balance_, *stress.name);
  if (stress.parallel_shift) {
    market = rates_stressed(balance_, *stress.name, shift_shock(*stress.name, {0.0}, {*stress.parallel_shift}));
  } else if (!stress.rate_shifts.empty()) {
    market = rates_stressed(balance_, *stress.name, shift_shock(*stress.name, stress.rate_shifts));
  }
  if (stress.inflation_shift) shift_inflation(balance_, *stress.inflation_shift, market);
  if (stress.spread_shift) shift_spreads(balance_, spread_shifts(*stress.spread_shift), market);
  if (stress.mortality_factor) market.state.longevity.mortality_factor = *stress.mortality_factor;
  moves_rates_ = moves_rates_ || stress.parallel_shift || !stress.rate_shifts.empty();
  for (const auto& [name, change] : stress.asset_returns) {
    std::size_t a = asset_index(balance_, name, "asset_returns");
    if (!(change >= -1)) {
      throw std::invalid_argument(fmt::format("asset_returns: '{}' cannot lose more than all ({})", name, change));
    }
    market.asset_change[a] = change;
  }
  markets_.push_back(std::move(market));
}

/// One number an asset.
std::vector<double> StressPlan::spread_shifts(const SpreadShift& shift) const {
  std::vector<double> shifts(balance_.assets.size(), 0.0);
  bool moves = false;
  auto set = [&](std::size_t a, double by) {
    if (!balance_.exposures[a].flows && balance_.exposures[a].series.duration == 0.0) {
      throw std::invalid_argument(fmt::format(
          "spread_shift: '{}' has no duration by which it could react; say duration: auto, or a number of years",
          balance_.assets[a].name));
    }
    shifts[a] = by;
    moves = true;
  };
  for (std::size_t a = 0; a < shifts.size() && shift.all; ++a) {
    if (balance_.bears_spread(a)) set(a, *shift.all);
  }
  for (const auto& [name, by] : shift.by_asset) {
    std::size_t a = asset_index(balance_, name, "spread_shift");
    if (!balance_.bears_spread(a)) {
      throw std::invalid_argument(
          fmt::format("spread_shift: '{}' bears no credit risk (a corporate_bond does, and what has a credit_quality "
                      "other than government)",
                      name));
    }
    set(a, by);
  }
  if (!moves) {
    throw std::invalid_argument(
        "spread_shift: no asset bears credit risk (a corporate_bond does, and what has a credit_quality other than "
        "government)");
  }
  return shifts;
}

void StressPlan::add_historical(const StressParameters& stress) {
  const HistoricalStressParameters& asked = *stress.historical;
  const std::string note = "historical windows are sudden stresses: what bonds pay over a window is not in it";
  if (std::find(notes_.begin(), notes_.end(), note) == notes_.end()) notes_.push_back(note);
  if (!asked.from) {
    worst_.push_back({asked.windows, window_length(balance_.history, asked)});
    return;
  }
  HistoricalWindow window = dated_window(balance_.history, *asked.from, *asked.to);
  markets_.push_back(replay_window(balance_, window, stress.name.value_or(window_name(balance_.history, window))));
}

void StressPlan::require_durations() const {
  if (!moves_rates_) return;
  std::vector<Problem> problems;
  for (std::size_t a = 0; a < balance_.assets.size(); ++a) {
    const RateExposure& exposure = balance_.exposures[a];
    if (exposure.source != DurationSource::unknown) continue;
    problems.push_back(
        key_error(fmt::format("assets[{}].series", a),
                  fmt::format("'{}' moved like a bond of duration {:.1f} (t = {:.1f}), and rates are stressed: say "
                              "duration: auto, or a number of years (0: it does not react)",
                              balance_.assets[a].name, exposure.series.duration, exposure.series.t_statistic))
            .problems()[0]);
  }
  if (!problems.empty()) throw InputError(std::move(problems));
}

int StressPlan::wanted_moves() const {
  int wanted = 0;
  for (const ReverseStressParameters& reverse : reverse_) wanted = std::max(wanted, reverse.scenarios);
  return wanted;
}

StressOutcome StressPlan::apply(const std::vector<std::pair<std::string, std::vector<double>>>& portfolios,
                                const FactorSample& moves) const {
  std::vector<StressedMarket> markets = markets_;
  for (const WorstWindows& asked : worst_) {
    for (const HistoricalWindow& window :
         worst_windows(balance_, asked.windows, asked.periods, portfolios.at(0).second)) {
      const std::string name = window_name(balance_.history, window);
      if (has_name(markets, name)) continue;  // asked for by its dates, too
      markets.push_back(replay_window(balance_, window, name));
    }
  }
  StressOutcome outcome;
  for (const StressedMarket& market : markets) {
    for (const auto& [name, weights] : portfolios) {
      outcome.rows.push_back(stress_row(balance_, market, name, weights));
    }
  }
  for (const Family& family : families_) {
    for (const auto& [name, weights] : portfolios) {
      outcome.capital.push_back(
          family_capital(balance_, *family.kind, family.title, {&markets_[family.first], family.count}, name, weights));
      if (family.kind->capital_row.empty()) continue;
      outcome.rows.push_back(capital_row(balance_, *family.kind, outcome.capital.back()));
    }
  }
  for (const auto& [title, grid] : grids_) {
    for (const auto& [name, weights] : portfolios) {
      outcome.grids.push_back(stress_grid(balance_, title, grid, name, weights));
    }
  }
  for (const ReverseStressParameters& asked : reverse_) {
    for (const auto& [name, weights] : portfolios) {
      outcome.reverse.push_back(reverse_stress(balance_, reverse_title(asked), asked, moves, name, weights));
      outcome.rows.push_back(outcome.reverse.back().row);
    }
  }
  return outcome;
}

}  // namespace ballast

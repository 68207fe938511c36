#include "engine/stress/stress_plan.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/stress/historical_windows.h"
#include "engine/stress/rate_shifts.h"
#include "engine/stress/stress_grid.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

template <class E>
std::optional<E> named(const std::string& text) {
  for (std::size_t k = 0; k < std::size(EnumNames<E>::value); ++k) {
    if (text == EnumNames<E>::value[k]) return E(k);
  }
  return std::nullopt;
}

/// The table and the currency's shocks that "irrbb_2024/EUR" names. Throws std::invalid_argument.
IrrbbShockSizes irrbb_sizes(IrrbbTable table, const std::string& currency) {
  std::vector<std::string> names;
  for (const IrrbbShockSizes& sizes : irrbb_table(table)) {
    if (sizes.currency == currency) return sizes;
    names.push_back(sizes.currency);
  }
  throw std::invalid_argument(
      currency.empty() ? fmt::format("'{}' needs a currency, such as {}/EUR", name_of(table), name_of(table))
                       : with_guess(fmt::format("{} has no currency '{}'", name_of(table), currency), currency, names));
}

bool has_name(std::span<const StressedMarket> markets, const std::string& name) {
  return std::any_of(markets.begin(), markets.end(), [&](const StressedMarket& market) { return market.name == name; });
}

std::string reverse_title(const ReverseStressParameters& asked) {
  return fmt::format("reverse: funding ratio {:g}", asked.funding_ratio);
}

/// The capital as a row of the stress table.
StressRow capital_row(const CapitalResult& capital, std::size_t assets, std::size_t tenors) {
  StressRow row;
  row.name = capital.name + " market_scr";
  row.portfolio = capital.portfolio;
  row.assets = row.liability_pv = row.liability_duration = row.funding_ratio = kNan;
  row.change_assets = row.change_liability_pv = row.change_funding_ratio = kNan;
  row.surplus = capital.available - capital.capital;
  row.change_surplus = -capital.capital;
  row.asset_shocks.assign(assets, kNan);
  row.rate_shocks.assign(tenors, kNan);
  return row;
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
  std::size_t slash = stress.standard->find('/');
  std::string family = stress.standard->substr(0, slash);
  std::string currency = slash == std::string::npos ? "" : stress.standard->substr(slash + 1);
  auto variant = named<Solvency2Variant>(family);
  auto table = named<IrrbbTable>(family);
  if (!variant && !table) {
    std::vector<std::string> families(std::begin(EnumNames<IrrbbTable>::value), std::end(EnumNames<IrrbbTable>::value));
    families.insert(families.end(), std::begin(EnumNames<Solvency2Variant>::value),
                    std::end(EnumNames<Solvency2Variant>::value));
    throw std::invalid_argument(with_guess(
        fmt::format("'{}' is not a family of stresses ({})", family, fmt::join(families, ", ")), family, families));
  }
  moves_rates_ = true;
  if (variant) {
    if (slash != std::string::npos) {
      throw std::invalid_argument(fmt::format("'{}' takes no currency (its shocks are of one's own curve)", family));
    }
    return add_solvency2(*variant, stress.symmetric_adjustment);
  }
  std::string title = *stress.standard;
  // The same with a floor beside it: a family of its own.
  bool again = stress.floor != RateFloor::none && has_name(markets_, title + " parallel_up");
  if (again) title += fmt::format(" floor {}", name_of(stress.floor));
  Family irrbb{title, markets_.size(), 0, false};
  for (const RateShock& shock : irrbb_shocks(irrbb_sizes(*table, currency), stress.floor)) {
    markets_.push_back(rates_stressed(balance_, irrbb.name + " " + shock.name, shock));
    ++irrbb.count;
  }
  families_.push_back(irrbb);
  notes_.push_back(irrbb.name + ": change in economic value only (no earnings measure, no behavioural options)");
}

void StressPlan::add_solvency2(Solvency2Variant variant, double symmetric_adjustment) {
  std::string name = name_of(variant);
  families_.push_back({name, markets_.size(), 6, true});
  for (const RateShock& shock : solvency2_rate_shocks(variant)) {
    markets_.push_back(rates_stressed(balance_, name + " " + shock.name, shock));
  }
  auto add = [&](const char* risk, AssetClass of, double fall) {
    markets_.push_back(class_stressed(name + " " + risk, of, fall));
  };
  add("equity_type_1", AssetClass::equity_type_1, kEquityType1 + symmetric_adjustment);
  add("equity_type_2", AssetClass::equity_type_2, kEquityType2 + symmetric_adjustment);
  add("property", AssetClass::property, kProperty);
  markets_.push_back(spreads_stressed(name + " spread"));
  note_solvency2(name, variant);
}

void StressPlan::note_solvency2(const std::string& name, Solvency2Variant variant) {
  for (std::size_t a = 0; a < balance_.assets.size(); ++a) {
    const AssetParameters& parameters = balance_.asset_parameters[a];
    if (parameters.corporate_bond && !parameters.credit_quality) {
      notes_.push_back(fmt::format("{}: {} has no credit_quality and counts as unrated", name, parameters.name));
    }
    if (balance_.assets[a].kind != AssetKind::series) continue;
    if (!parameters.asset_class && !parameters.duration) {
      notes_.push_back(fmt::format("{}: {} has no class and counts as equity of type 2", name, parameters.name));
    }
    if (balance_.class_of(a) == AssetClass::fixed_income && !parameters.credit_quality) {
      notes_.push_back(fmt::format("{}: {} has no credit_quality and bears no spread risk", name, parameters.name));
    }
  }
  notes_.push_back(name +
                   ": one currency, no concentration; the loss-absorbing capacity of technical provisions and "
                   "taxes is not in it");
  if (variant == Solvency2Variant::solvency2_review2020) {
    notes_.push_back(name + ": EIOPA's advice of 2020 for the review, not the factors of the law");
  }
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

StressedMarket StressPlan::class_stressed(const std::string& name, AssetClass stressed_class, double fall) const {
  StressedMarket market = unstressed(balance_, name);
  for (std::size_t a = 0; a < balance_.assets.size(); ++a) {
    bool hit = balance_.assets[a].kind == AssetKind::series && balance_.class_of(a) == stressed_class;
    if (hit) market.asset_change[a] = -fall;
  }
  return market;
}

StressedMarket StressPlan::spreads_stressed(const std::string& name) const {
  StressedMarket market = unstressed(balance_, name);
  for (std::size_t a = 0; a < balance_.assets.size(); ++a) {
    std::optional<CreditQuality> quality = balance_.quality_of(a);
    if (!quality) continue;
    double duration = balance_.exposures[a].measures(balance_.market.curve, Compounding::annual, {}).modified_duration;
    market.asset_change[a] = -solvency2_spread_stress(*quality, duration);
  }
  return market;
}

CapitalResult StressPlan::capital(const Family& family, const std::string& portfolio,
                                  const std::vector<double>& weights) const {
  CapitalResult result;
  result.name = family.name;
  result.portfolio = portfolio;
  result.available = value_sheet(balance_, markets_[0], weights).surplus();
  std::vector<double> losses;
  for (std::size_t k = 0; k < family.count; ++k) {
    const StressedMarket& market = markets_[family.first + k];
    losses.push_back(result.available - value_sheet(balance_, market, weights).surplus());
    result.risks.push_back(market.name.substr(family.name.size() + 1));
    result.losses.push_back(std::max(0.0, losses.back()));
  }
  if (!family.solvency2) {
    result.rule = "largest";
    result.capital = *std::max_element(result.losses.begin(), result.losses.end());
    return result;
  }
  result.rule = "correlated";
  MarketCapital solvency = solvency2_market_capital({losses[0], losses[1], losses[2], losses[3], losses[4], losses[5]});
  result.capital = solvency.total;
  return result;
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
      outcome.capital.push_back(capital(family, name, weights));
      if (!family.solvency2) continue;
      outcome.rows.push_back(
          capital_row(outcome.capital.back(), balance_.assets.size(), balance_.market.curve.tenors().size()));
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

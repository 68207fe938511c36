#include "engine/output/summary_text.h"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "engine/output/labels.h"
#include "engine/output/text_table.h"
#include "engine/output/validation_text.h"

namespace ballast {
namespace {

constexpr std::size_t kLabel = 24, kColumn = 22;
constexpr std::size_t kProjectionRows = 11;

std::string row(const std::string& label, const std::string& first, const std::string& second = "") {
  std::string line = left(label, kLabel) + right(first, kColumn);
  if (!second.empty()) line += right(second, kColumn);
  return line + '\n';
}

std::string heading(const Results& r) {
  std::string text = "Ballast: " + r.study_name + '\n';
  std::string basis = fmt::format("{} {} scenarios", count(r.scenarios), r.own_scenarios ? "own" : "fresh");
  if (r.optimizer && !r.own_scenarios && r.optimise_scenarios > 0) {
    basis += fmt::format(", weights fitted to {} others", count(r.optimise_scenarios));
  }
  basis += fmt::format("; seed {}", r.seed);
  if (!r.valuation_date.empty()) basis += "; valued at " + r.valuation_date;
  return text + wrapped(basis + ". +- is one standard error.");
}

std::string liability_section(const Results& r) {
  if (!r.liability) return "";
  const LiabilityResult& total = *r.liability;
  std::string text = std::string("\n") + row("Liability PV", money(total.pv)) +
                     row("Liability Duration", number(total.macaulay_duration, 2) + " years");
  text += fmt::format("  Macaulay; modified {} years, convexity {} years^2 ({} compounding)\n",
                      number(total.modified_duration, 2), number(total.convexity, 1), r.compounding);
  if (r.liabilities.size() > 1) {
    for (const LiabilityResult& one : r.liabilities) {
      text += row("  " + one.name, money(one.pv), number(one.macaulay_duration, 2) + " years");
    }
  }
  return text;
}

std::string balance_section(const Results& r) {
  if (!r.balance) return "";
  const BalanceResult& b = *r.balance;
  std::string text = std::string("\n") + row("Assets", money(b.assets)) + row("Surplus", money(b.surplus)) +
                     row("Funding Ratio", percent(b.funding_ratio));
  if (b.asset_duration) text += row("Asset Duration", number(*b.asset_duration, 2) + " years");
  if (b.duration_gap) text += row("Duration Gap", number(*b.duration_gap, 2) + " years");
  if (b.dv01_gap) text += row("DV01 Gap", money(*b.dv01_gap));
  if (b.duration_gap)
    text += "  modified durations; gaps below 0: a fall of rates takes surplus, the DV01 gap a basis point\n";
  return text;
}

std::string portfolio_section(const Results& r) {
  const PortfolioResult* first = r.portfolio ? &*r.portfolio : r.current ? &*r.current : nullptr;
  const PortfolioResult* second = r.portfolio && r.current ? &*r.current : nullptr;
  if (!first) return "";
  auto line = [&](const std::string& label, const std::function<std::string(const PortfolioResult&)>& cell) {
    return row(label, cell(*first), second ? cell(*second) : "");
  };
  auto title = [&](const std::string& label) {
    return std::string("\n") + row(label, r.portfolio ? "optimal" : "current", second ? "current" : "");
  };

  std::string text = title(r.portfolio ? "Optimal Asset Weights" : "Asset Weights");
  for (std::size_t k = 0; k < r.asset_names.size(); ++k) {
    text += line("  " + r.asset_names[k], [&](const auto& p) { return percent(p.weights.at(k)); });
  }
  std::string tail = tail_label(r.confidence.value_or(0.95));
  text += title(r.risk_horizon_years ? "Over " + years(*r.risk_horizon_years) : "");
  text += line("Expected Return", [](const auto& p) { return percent(p.expected_return); });
  text += line("Portfolio Volatility", [](const auto& p) { return percent(p.volatility); });
  text += line("Sharpe Ratio", [](const auto& p) { return number(p.sharpe, 3); });
  // As returns, which users of this table know: a loss is negative (in summary.json it is positive).
  auto as_return = [](const Estimate& loss) { return Estimate{-loss.value, loss.standard_error}; };
  text += line(tail + " VaR", [&](const auto& p) { return percent(as_return(p.var)); });
  text += line(tail + " CVaR", [&](const auto& p) { return percent(as_return(p.cvar)); });
  return text;
}

std::string surplus_risk_section(const Results& r) {
  std::string text;
  const char* sample = r.own_scenarios ? "optimise" : "evaluate";
  for (const RiskRow& risk : r.risk) {
    if (risk.of != "surplus" || risk.sample != sample) continue;
    if (text.empty()) text = std::string("\n") + row("Surplus at Risk", "VaR", "CVaR");
    std::string label =
        fmt::format("  {}, {}, {}", risk.portfolio, years(risk.horizon_years), tail_label(risk.confidence));
    text += row(label, percent(risk.var), percent(risk.cvar));
  }
  if (text.empty()) return "";
  // The loss is a level, not a fall: whoever reads it as one is wrong by the surplus of today.
  text += "  deficit then (liabilities less assets), as a share of initial assets; below 0 a surplus is left";
  if (r.balance) text += fmt::format("\n  (today {})", percent(-r.balance->surplus / r.balance->assets));
  return text + '\n';
}

/// The limits that bind, the costliest first, and what would be held next.
std::string prices(const Results& r) {
  constexpr std::size_t kShown = 3;
  const OptimizerResult& o = *r.optimizer;
  std::string text;
  std::vector<PricedLimit> limits = o.shadow_prices;
  std::sort(limits.begin(), limits.end(),
            [](const PricedLimit& a, const PricedLimit& b) { return std::abs(a.price) > std::abs(b.price); });
  for (std::size_t k = 0; k < std::min(kShown, limits.size()); ++k) {
    text += fmt::format("  binds: {} at {:.6g}; 0.01 more changes the value by {:+.3g}\n", limits[k].constraint,
                        limits[k].limit, 0.01 * limits[k].price);
  }
  std::vector<std::size_t> left_out;
  for (std::size_t a = 0; a < o.reduced_costs.size() && r.portfolio; ++a) {
    if (r.portfolio->weights.at(a) == 0.0 && o.reduced_costs[a] > 0.0) left_out.push_back(a);
  }
  std::sort(left_out.begin(), left_out.end(),
            [&](std::size_t a, std::size_t b) { return o.reduced_costs[a] < o.reduced_costs[b]; });
  if (left_out.size() > kShown) left_out.resize(kShown);
  for (std::size_t a : left_out) {
    text += fmt::format("  next to be held: {}, reduced cost {:.3g}\n", r.asset_names.at(a), o.reduced_costs[a]);
  }
  return text;
}

std::string optimizer_section(const Results& r) {
  if (!r.optimizer) return "";
  const OptimizerResult& o = *r.optimizer;
  std::string text =
      std::string("\n") + wrapped(fmt::format("Optimizer: {} of {} loss, {} after {} iterations on {} scenarios",
                                              o.objective, o.loss, o.status, o.iterations, count(o.scenarios)));
  text += row("  Value", fmt::format("{:.8f}", o.value));
  if (o.lower_bound) {
    text += row("  Lower Bound", fmt::format("{:.8f}", *o.lower_bound));
  } else {
    text += "  no lower bound is known for this objective: the optimum is local\n";
  }
  if (o.relative_gap) text += row("  Relative Gap", fmt::format("{:.1e}", *o.relative_gap));
  if (o.residual) text += row("  Residual of Shares", fmt::format("{:.1e}", *o.residual));
  if (!r.own_scenarios) {
    // Of a worst case the study's own scenarios are one set: not what the value is of.
    text += row(o.worst_case.empty() ? "  On Fresh Scenarios" : "  Own Set, Fresh", number(o.fresh, 6));
    if (o.optimism) text += row("  Optimism", number(*o.optimism, 6));
  }
  if (!o.worst_case.empty()) text += "  CVaR on each set of scenarios, the worst first:\n";
  std::size_t widest = kLabel - 6;
  for (const WorstCaseSet& set : o.worst_case) widest = std::max(widest, set.name.size());
  for (const WorstCaseSet& set : o.worst_case) {
    text += "    " + left(set.name, widest + 2) + right(number(set.cvar, 6), kColumn) + '\n';
  }
  return text + prices(r);
}

std::string contribution_section(const Results& r) {
  const ContributionRow* chosen = nullptr;  // of the optimal weights' loss as optimised, else of the first
  for (const ContributionRow& row : r.contributions) {
    const bool optimised = r.optimizer && row.of == r.optimizer->loss && row.portfolio == "optimal";
    if (!chosen || optimised) chosen = &row;
  }
  if (!chosen) return "";
  std::string text = fmt::format("\nWhat Adds to {} CVaR ({} weights, {} loss)\n", tail_label(chosen->confidence),
                                 chosen->portfolio, chosen->of);
  for (std::size_t k = 0; k < chosen->asset.size(); ++k) {
    if (std::abs(chosen->asset[k].value) >= 5e-5) text += row("  " + r.asset_names.at(k), percent(chosen->asset[k]));
  }
  if (chosen->of != "return") text += row("  liabilities", percent(chosen->rest));
  return text;
}

/// What a policy minimises, in words; all in units of the initial assets.
const char* policy_measure(const std::string& measure) {
  if (measure == "terminal_cvar") return "CVaR of liabilities less assets at its end, by initial assets";
  if (measure == "worst_cvar") return "CVaR of the largest deficit at any report time, by initial assets";
  return "mean shortfall below the floor, by initial assets";
}

std::string policy_section(const Results& r) {
  if (!r.policy) return "";
  const PolicyResult& p = *r.policy;
  std::string text =
      std::string("\n") +
      wrapped(fmt::format("Policy over {}: least {} ({}), a local optimum (best of {} starts on {} scenarios)",
                          years(p.horizon_years), p.measure, policy_measure(p.measure), p.start_values.size(),
                          count(p.scenarios)));
  std::string header = fmt::format("  {:<24}", "From (years)");
  for (double from : p.from_years) header += fmt::format("{:>10.4g}", from);
  text += header + '\n';
  for (std::size_t k = 0; k < r.asset_names.size(); ++k) {
    text += fmt::format("    {:<22}", r.asset_names[k]);
    for (const auto& weights : p.weights) text += fmt::format("{:>9.2f}%", 100 * weights[k]);
    text += '\n';
  }
  text += row("  Value", fmt::format("{:.6f}", p.value));
  text += row("  First-Order Residual", fmt::format("{:.1e}", p.first_order_residual));
  text += row("  Spread over Starts", fmt::format("{:.1e}", p.start_values.back() - p.start_values.front()));
  text += row("  On Fresh Scenarios", number(p.fresh, 6));
  return text;
}

/// Where rates go: much of the change of a funding ratio is theirs.
std::string rates_line(const Results& r) {
  if (r.rates.size() < 2) return "";
  const RateRow &now = r.rates.front(), &end = r.rates.back();
  if (now.time != 0.0 || !std::isfinite(end.ten_year_rate.mean.value)) return "";
  return fmt::format("  zero rates, now and in the mean after {}: ten years {} and {}, short {} and {}\n",
                     years(end.time), percent(now.ten_year_rate.mean.value), percent(end.ten_year_rate.mean.value),
                     percent(now.short_rate.mean.value), percent(end.short_rate.mean.value));
}

std::string projection_section(const Results& r) {
  const std::vector<ProjectionRow>& rows = r.portfolio ? r.projection : r.projection_current;
  const std::vector<double>& levels = r.quantile_levels;
  if (rows.empty() || levels.empty() || rows[0].funding_ratio.quantiles.size() != levels.size()) return "";
  // Results hold more quantiles than a line of text takes.
  auto nearest = [&](double level) {
    std::size_t best = 0;
    for (std::size_t k = 0; k < levels.size(); ++k) {
      if (std::abs(levels[k] - level) < std::abs(levels[best] - level)) best = k;
    }
    return best;
  };
  std::size_t low = nearest(0.05), median = nearest(0.5), high = nearest(0.95);
  auto name = [&](std::size_t k) { return levels[k] == 0.5 ? std::string("median") : quantile_label(levels[k]); };
  auto line = [](const std::string& time, const std::string& bad, const std::string& middle, const std::string& good,
                 const std::string& shortfall) {
    return right(time, 12) + right(bad, 12) + right(middle, 12) + right(good, 12) + shortfall + '\n';
  };
  // Without liabilities there is no ratio to them, and nothing to fall short of: the assets beside today's.
  const bool owed = r.liability.has_value();
  const double unit = owed ? 1.0 : rows[0].assets.mean.value;
  std::string text = fmt::format("\n{} ({} weights{})\n", owed ? "Funding Ratio Projection" : "Assets Projection",
                                 r.portfolio ? "optimal" : "current", owed ? "" : "; 100%: the assets now");
  text += line("Time (years)", name(low), name(median), name(high), owed ? right("Shortfall Probability", 24) : "");
  // Every so many times that at most kProjectionRows are shown, and the last.
  const std::size_t stride = std::max<std::size_t>(1, (rows.size() - 1 + kProjectionRows - 2) / (kProjectionRows - 1));
  std::vector<std::size_t> shown;
  for (std::size_t t = 0; t + 1 < rows.size(); t += stride) shown.push_back(t);
  shown.push_back(rows.size() - 1);
  for (std::size_t t : shown) {
    const ProjectionRow& at = rows[t];
    const std::vector<double>& q = (owed ? at.funding_ratio : at.assets).quantiles;
    text += line(fmt::format("{:.4g}", at.time), percent(q[low] / unit, 1), percent(q[median] / unit, 1),
                 percent(q[high] / unit, 1), owed ? right(percent(at.shortfall_probability, 1), 24) : "");
  }
  return text + rates_line(r);
}

/// "+134,887,325", with cents where it is small, and "0" for what is rounding beside `scale`.
std::string signed_money(double change, double scale) {
  const double size = std::abs(change);
  if (!(size > 1e-9 * std::abs(scale))) return std::isnan(change) ? "n/a" : "0";
  const std::string text = size < 1e4 || size >= 1e15 ? money(size) : count(std::uint64_t(std::llround(size)));
  return (change < 0 ? "-" : "+") + text;
}

/// What a supervisor's family of stresses comes to, beside the surplus there is.
std::string capital_line(const CapitalResult& asked) {
  const bool positive = asked.available > 0.0;
  if (asked.rule == "largest") {
    std::string text =
        fmt::format("  {}: largest decline {}", asked.name, count(std::uint64_t(std::llround(asked.capital))));
    if (asked.capital > 0.0) {
      const auto worst = std::max_element(asked.losses.begin(), asked.losses.end());
      text += fmt::format(" ({})", asked.risks.at(std::size_t(worst - asked.losses.begin())));
      if (positive) text += fmt::format(", {} of the surplus", percent(asked.capital / asked.available, 1));
    }
    return text + '\n';
  }
  std::string text =
      fmt::format("  {}: capital for market risk {}", asked.name, count(std::uint64_t(std::llround(asked.capital))));
  if (asked.capital > 0.0)
    text += fmt::format(", the surplus is {} of it", percent(asked.available / asked.capital, 1));
  return text + '\n';
}

std::string stress_section(const Results& r) {
  if (r.stress.empty()) return "";
  const std::string shown = r.stress[0].portfolio;
  std::string text = fmt::format("\nStresses ({} weights)\n", shown);
  auto line = [](const std::string& name, const std::string& assets, const std::string& liabilities,
                 const std::string& surplus, const std::string& ratio) {
    return left("  " + name, 42) + right(assets, 10) + right(liabilities, 14) + right(surplus, 19) + right(ratio, 15) +
           '\n';
  };
  text += line("Change of", "Assets", "Liability PV", "Surplus", "Ratio After");
  auto share = [](double change, double after) {
    double before = after - change;
    return std::isfinite(change) && before != 0 ? fmt::format("{:+.1f}%", 100 * change / before) : std::string("-");
  };
  for (const StressRow& row : r.stress) {
    if (row.portfolio != shown || row.name == "base") continue;
    text += line(row.name, share(row.change_assets, row.assets), share(row.change_liability_pv, row.liability_pv),
                 signed_money(row.change_surplus, r.balance ? r.balance->assets : row.change_surplus),
                 std::isfinite(row.funding_ratio) ? percent(row.funding_ratio, 1) : std::string("-"));
  }
  for (const CapitalResult& asked : r.capital) {
    if (asked.portfolio == shown) text += capital_line(asked);
  }
  for (const ReverseStress& found : r.reverse_stress) {
    if (found.portfolio != shown) continue;
    std::string what = fmt::format("  Funding ratio {}: ", percent(found.level, 1));
    if (found.status != "found") {
      text += what + found.status + "\n";
      continue;
    }
    text += what + fmt::format("{:.2f} standard deviations away ({:g} year); nearest scenario {} ({:.2f} away)\n",
                               found.distance, found.horizon_years, found.nearest_scenario, found.nearest_distance);
  }
  return text;
}

/// What the views did to the scenarios that everything is measured on.
std::string views_line(const Results& r) {
  const ViewSet& set = *std::find_if(r.view_sets.rbegin(), r.view_sets.rend() - 1,
                                     [](const ViewSet& one) { return one.sample != "policy"; });
  std::string text = fmt::format(
      "Views ({} scenarios, re-weighted, are worth {:.0f} equally probable ones by entropy, {:.0f} by squares):",
      count(set.scenarios), set.effective_by_entropy, set.effective_by_squares);
  for (const ViewRow& row : r.views) {
    if (row.sample != set.sample) continue;
    text += fmt::format("{} {} {} {:g} (was {:.4g}, is {:.4g})", text.back() == ':' ? "" : ";", row.view, row.relation,
                        row.target, row.prior, row.posterior);
  }
  text += '.';
  // Who lowers next year's return of equity may think that this lowers the years after it.
  if (r.risk_horizon_years && !r.times.empty() && r.times.back() > *r.risk_horizon_years) {
    text += fmt::format(" They are on {}; what comes after it goes on as in the model.", years(*r.risk_horizon_years));
  }
  return text;
}

std::string closing(const Results& r, const std::string& where) {
  std::string text;
  if (r.history_years) {
    double confidence = r.confidence.value_or(0.95);
    text +=
        std::string("\n") +
        wrapped(fmt::format("The model rests on {:.1f} years of history, about {:.1f} of them in the {} tail: standard "
                            "errors measure the number of scenarios, not how little history there is.",
                            *r.history_years, *r.history_years * (1.0 - confidence), tail_label(confidence)));
  }
  if (!r.view_sets.empty()) text += wrapped(views_line(r));
  if (r.replications > 0) {
    text += wrapped(fmt::format("Standard errors come from the spread of {} independent replications ({} sampling).",
                                count(r.replications), r.sampling));
  }
  if (!r.validation.rows.empty()) text += wrapped(validation_line(r.validation));
  for (const std::string& note : r.notes) text += wrapped("Note: " + note);
  if (!where.empty()) text += "\nResults are in " + where + '\n';
  return text;
}

}  // namespace

std::string summary_text(const Results& results, const std::string& where) {
  return heading(results) + liability_section(results) + balance_section(results) + portfolio_section(results) +
         surplus_risk_section(results) + contribution_section(results) + optimizer_section(results) +
         policy_section(results) + projection_section(results) + stress_section(results) + closing(results, where);
}

}  // namespace ballast

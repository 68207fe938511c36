#include "engine/optimize/policy_objective.h"

#include <algorithm>
#include <cmath>

#include "engine/optimize/cvar.h"
#include "engine/optimize/policy_account.h"
#include "scenarios/base/parallel.h"
#include "scenarios/stats/sum.h"

namespace ballast {
namespace {

constexpr std::size_t kChunk = 128;  ///< scenarios; sums are kept one a chunk and added in order

std::size_t chunks(std::size_t scenarios) { return (scenarios + kChunk - 1) / kChunk; }

/// max(0, z), a parabola where |z| < smoothing; and its slope.
double soft_hinge(double z, double smoothing) {
  if (z >= smoothing) return z;
  return z <= -smoothing ? 0.0 : (z + smoothing) * (z + smoothing) / (4 * smoothing);
}
double soft_hinge_slope(double z, double smoothing) { return std::clamp((z + smoothing) / (2 * smoothing), 0.0, 1.0); }

}  // namespace

double policy_deficit(const PolicyGoal& goal, double owed, double net, double initial_assets) {
  const double level = goal.measure == PolicyMeasure::expected_shortfall ? goal.floor : 1.0;
  return (level * owed - net) / initial_assets;
}

PolicyObjective::PolicyObjective(const PolicyPaths& paths, const PolicyShape& shape, const PolicyGoal& goal)
    : paths_(paths), shape_(shape), goal_(goal) {}

double PolicyObjective::mass_of_loss(std::size_t entry) const {
  if (goal_.measure != PolicyMeasure::expected_shortfall) return paths_.mass_of(entry);
  const std::size_t reports = paths_.report_steps.size();
  return paths_.mass_of(entry / reports) / double(reports);
}

std::vector<double> PolicyObjective::losses(std::span<const double> weights, std::size_t scenarios,
                                            std::vector<int>* worst) const {
  const std::size_t reports = paths_.report_steps.size();
  const bool by_report = goal_.measure == PolicyMeasure::expected_shortfall;
  const bool funded =
      std::any_of(paths_.liability_pv.begin(), paths_.liability_pv.end(), [](double l) { return l != 0; });
  const double unit = paths_.initial_assets;
  std::vector<double> all(scenarios * (by_report ? reports : 1));
  if (worst) worst->assign(scenarios, int(reports) - 1);
  parallel_for(chunks(scenarios), [&](std::size_t chunk) {
    PolicyAccount account(paths_, shape_);
    std::vector<double> net(reports);
    for (std::size_t s = chunk * kChunk; s < std::min(scenarios, (chunk + 1) * kChunk); ++s) {
      account.run(s, weights, net.data());
      auto loss = [&](std::size_t r) {
        return policy_deficit(goal_, funded ? paths_.liability_of(s)[r] : unit, net[r], unit);
      };
      if (by_report) {
        for (std::size_t r = 0; r < reports; ++r) all[s * reports + r] = loss(r);
        continue;
      }
      std::size_t from = reports - 1;
      if (goal_.measure == PolicyMeasure::worst_cvar) {
        for (std::size_t r = reports - 1; r-- > 0;) {
          if (loss(r) > loss(from)) from = r;
        }
      }
      all[s] = loss(from);
      if (worst) (*worst)[s] = int(from);
    }
  });
  return all;
}

double PolicyObjective::value(std::span<const double> weights, std::size_t scenarios) const {
  if (scenarios == 0 || scenarios > paths_.scenarios) scenarios = paths_.scenarios;
  const std::vector<double> loss = losses(weights, scenarios, nullptr);
  double mass = 0.0;
  for (std::size_t k = 0; k < loss.size(); ++k) mass += mass_of_loss(k);
  if (goal_.measure == PolicyMeasure::expected_shortfall) {
    CompensatedSum sum;
    for (std::size_t k = 0; k < loss.size(); ++k) sum.add(mass_of_loss(k) * std::max(0.0, loss[k]));
    return sum.value() / mass;
  }
  std::vector<TailEntry> entries;
  for (std::size_t k = 0; k < loss.size(); ++k) entries.push_back({loss[k], mass_of_loss(k), std::int64_t(k)});
  return split_tail(entries, (1 - goal_.confidence) * mass).cvar;
}

double PolicyObjective::spread(std::span<const double> weights) const {
  const std::vector<double> loss = losses(weights, paths_.scenarios, nullptr);
  CompensatedSum sum, squares;
  for (std::size_t k = 0; k < loss.size(); ++k) sum.add(mass_of_loss(k) * loss[k]);
  for (std::size_t k = 0; k < loss.size(); ++k) {
    squares.add(mass_of_loss(k) * (loss[k] - sum.value()) * (loss[k] - sum.value()));
  }
  return std::sqrt(squares.value());
}

double PolicyObjective::smoothed(std::span<const double> weights, double smoothing, double* gradient) const {
  const std::size_t reports = paths_.report_steps.size(), n = variables();
  std::vector<int> worst;
  const std::vector<double> loss = losses(weights, paths_.scenarios, &worst);
  const bool tail = goal_.measure != PolicyMeasure::expected_shortfall;

  // CVaR = min over v of v + E hinge(loss - v) / (1 - b); with the soft hinge the best v solves E slope = 1 - b, whose
  // left side falls in v, and it lies within `smoothing` of VaR.
  double threshold = 0.0, scale = 1.0;
  if (tail) {
    std::vector<TailEntry> entries;
    for (std::size_t k = 0; k < loss.size(); ++k) entries.push_back({loss[k], mass_of_loss(k), std::int64_t(k)});
    const double tail_mass = 1 - goal_.confidence;
    const double var = split_tail(entries, tail_mass).var;
    std::vector<std::size_t> near;
    double beyond = 0.0;
    for (std::size_t k = 0; k < loss.size(); ++k) {
      if (loss[k] > var + 2 * smoothing)
        beyond += mass_of_loss(k);
      else if (loss[k] > var - 2 * smoothing)
        near.push_back(k);
    }
    double low = var - smoothing, high = var + smoothing;
    for (int k = 0; k < 60 && low < high; ++k) {
      threshold = low + (high - low) / 2;
      double mass = beyond;
      for (std::size_t i : near) mass += mass_of_loss(i) * soft_hinge_slope(loss[i] - threshold, smoothing);
      (mass > tail_mass ? low : high) = threshold;
    }
    scale = 1 / tail_mass;
  }

  struct Part {
    double value = 0.0;
    std::vector<double> gradient;
  };
  std::vector<Part> parts(chunks(paths_.scenarios));
  parallel_for(parts.size(), [&](std::size_t chunk) {
    Part& part = parts[chunk];
    part.gradient.assign(n, 0.0);
    PolicyAccount account(paths_, shape_);
    std::vector<double> net(reports), adjoint(reports);
    for (std::size_t s = chunk * kChunk; s < std::min(paths_.scenarios, (chunk + 1) * kChunk); ++s) {
      const std::size_t first = tail ? s : s * reports, count = tail ? 1 : reports;
      std::fill(adjoint.begin(), adjoint.end(), 0.0);
      bool counts = false;
      for (std::size_t k = 0; k < count; ++k) {
        const double z = loss[first + k] - threshold, mass = scale * mass_of_loss(first + k);
        part.value += mass * soft_hinge(z, smoothing);
        const double slope = mass * soft_hinge_slope(z, smoothing);
        counts = counts || slope != 0.0;
        adjoint[tail ? std::size_t(worst[s]) : k] = -slope / paths_.initial_assets;
      }
      if (!counts) continue;
      account.run(s, weights, net.data());
      account.add_gradient(weights, adjoint.data(), part.gradient.data());
    }
  });
  double value = threshold;
  std::fill_n(gradient, n, 0.0);
  for (const Part& part : parts) {
    value += part.value;
    for (std::size_t j = 0; j < n; ++j) gradient[j] += part.gradient[j];
  }
  return value;
}

}  // namespace ballast

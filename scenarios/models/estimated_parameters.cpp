#include "scenarios/models/estimated_parameters.h"

#include <cmath>

#include <fmt/format.h>

#include "scenarios/base/error.h"

namespace ballast {

void EstimatedParameters::add(const char* name, const char* unit, std::optional<double>& value, double start,
                              double lower, double upper) {
  parameters_.push_back({name, start, lower, upper, unit, &value, "given"});
}

void EstimatedParameters::add_nuisance(const char* name, double start, double lower, double upper) {
  parameters_.push_back({name, start, lower, upper, "", nullptr, ""});
}

double EstimatedParameters::Parameter::scale() const { return start == 0 ? 1.0 : std::abs(start); }

void EstimatedParameters::estimate(const std::string& what, const std::string& key, std::ptrdiff_t observations,
                                   const LogDensity& log_density) {
  std::vector<Parameter*> free;
  bool wanted = false;
  for (Parameter& p : parameters_) {
    if (p.held()) continue;
    wanted = wanted || p.value;
    free.push_back(&p);
  }
  if (!wanted) return;
  if (observations == 0) {
    std::vector<std::string> missing;
    for (const Parameter* p : free) {
      if (p->value) missing.push_back(p->name);
    }
    throw key_error(key, fmt::format("{} needs {} (without market.curve_history nothing can be estimated); give {}, or "
                                     "market.curve_history",
                                     what, fmt::join(missing, ", "), missing.size() == 1 ? "it" : "them"));
  }
  auto needed = std::ptrdiff_t(10 * free.size());
  if (observations < needed) {
    throw key_error(key, fmt::format("{} has {} parameters to estimate, which needs {} periods of history (there are "
                                     "{}); give some of them, or a longer history",
                                     what, free.size(), needed, observations));
  }
  std::vector<double> all(parameters_.size());
  LikelihoodProblem problem;
  problem.of = "the likelihood of " + what;
  problem.observations = std::size_t(observations);
  for (const Parameter* p : free) {
    problem.names.push_back(p->name);
    problem.start.push_back(p->start / p->scale());
    problem.lower.push_back(p->lower / p->scale());
    problem.upper.push_back(p->upper / p->scale());
  }
  problem.log_density = [&](std::span<const double> scaled, std::span<double> density) {
    std::size_t next = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const Parameter& p = parameters_[i];
      all[i] = p.held() ? **p.value : scaled[next++] * p.scale();
    }
    return log_density(all, density);
  };
  LikelihoodFit fit = maximum_likelihood(problem);
  log_likelihood_ = fmt::format("; log likelihood {:.2f}", fit.log_likelihood);
  for (std::size_t i = 0; i < free.size(); ++i) {
    Parameter& p = *free[i];
    if (!p.value) continue;
    *p.value = fit.theta[i] * p.scale();
    double error = fit.standard_error(i) * p.scale();
    p.standard_error = std::isnan(error) ? "at its bound" : fmt::format("{:.5f}", error);
  }
}

FitTable EstimatedParameters::table(const std::string& title, const std::string& method) const {
  FitTable table{
      log_likelihood_.empty() ? title + " (given)" : fmt::format("{} ({}){}", title, method, log_likelihood_),
      {"parameter", "estimate", "standard error", "unit"},
      {}};
  for (const Parameter& p : parameters_) {
    if (p.value) table.rows.push_back({p.name, fmt::format("{:.5f}", **p.value), p.standard_error, p.unit});
  }
  return table;
}

}  // namespace ballast

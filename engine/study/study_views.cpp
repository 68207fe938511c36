#include "engine/study/study_views.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/optimize/infeasible.h"
#include "scenarios/base/error.h"
#include "scenarios/base/suggest.h"
#include "scenarios/stats/moments.h"
#include "scenarios/stats/quantile.h"
#include "scenarios/views/entropy_pooling.h"

namespace ballast {
namespace {

double value_of(const ViewParameters& view) {
  return view.equals.value_or(view.at_least.value_or(view.at_most.value_or(0.0)));
}

const char* relation_of(const ViewParameters& view) { return view.equals ? "=" : view.at_least ? ">=" : "<="; }

std::string variable_name(const ViewParameters& view) {
  return view.asset ? *view.asset : fmt::format("the {:g}-year zero rate", *view.zero_rate);
}

std::string description_of(const ViewParameters& view) {
  switch (view.kind) {
    case ViewKind::quantile:
      return fmt::format("{:g}% quantile of {}", 100 * *view.level, variable_name(view));
    case ViewKind::probability:
      return fmt::format("probability of {} <= {:g}", variable_name(view), *view.below);
    case ViewKind::correlation:
      return fmt::format("correlation of {} and {}", variable_name(view), *view.with);
    case ViewKind::mean:
    case ViewKind::volatility:
      break;
  }
  return fmt::format("{} of {}", name_of(view.kind), variable_name(view));
}

/// A condition that a view puts on an expectation, as entropy pooling takes it.
struct Condition {
  Eigen::VectorXd function;
  Expectation expectation;
  std::size_t view;
};

/// The study's views on one scenario set.
class ViewsOnSet {
 public:
  ViewsOnSet(const std::vector<ViewParameters>& views, const std::vector<std::string>& assets,
             const HorizonScenarios& set)
      : views_(views), assets_(assets), tenors_(view_tenors(views)), set_(set) {}

  /// The conditions of the views whose confidence is at least this.
  std::vector<Condition> conditions(double confidence) {
    all_.clear();
    fixed_.clear();
    for (std::size_t v = 0; v < views_.size(); ++v) {
      if (views_[v].confidence < confidence) continue;
      if (views_[v].kind == ViewKind::mean) {
        add(v, variable(v), value_of(views_[v]));
        if (views_[v].equals) fixed_.insert("mean " + variable_name(views_[v]));
      }
    }
    for (std::size_t v = 0; v < views_.size(); ++v) {
      if (views_[v].confidence >= confidence) add_view(v, confidence);
    }
    return std::move(all_);
  }

  /// What the view is on, under these probabilities.
  double measure(std::size_t v, std::span<const double> probability) const {
    const ViewParameters& view = views_[v];
    const Eigen::VectorXd x = variable(v);
    const std::span<const double> values(x.data(), std::size_t(x.size()));
    switch (view.kind) {
      case ViewKind::mean:
        return mean(values, probability);
      case ViewKind::volatility:
        return standard_deviation(values, probability);
      case ViewKind::quantile:
        return quantile(values, probability, *view.level);
      case ViewKind::probability: {
        std::vector<double> below(values.size());
        for (std::size_t s = 0; s < below.size(); ++s) below[s] = values[s] <= *view.below ? 1.0 : 0.0;
        return mean(below, probability);
      }
      case ViewKind::correlation: {
        Eigen::MatrixXd both(x.size(), 2);
        both << x, asset(*view.with);
        return correlation(covariance(both, probability))(0, 1);
      }
    }
    return NAN;
  }

 private:
  Eigen::VectorXd asset(const std::string& name) const {
    auto column = std::find(assets_.begin(), assets_.end(), name) - assets_.begin();
    Eigen::VectorXd x(Eigen::Index(set_.scenarios));
    for (std::uint64_t s = 0; s < set_.scenarios; ++s) {
      x[Eigen::Index(s)] = set_.asset_return[s * set_.assets + std::size_t(column)];
    }
    return x;
  }
  Eigen::VectorXd variable(std::size_t v) const {
    const ViewParameters& view = views_[v];
    if (view.asset) return asset(*view.asset);
    auto column = std::find(tenors_.begin(), tenors_.end(), *view.zero_rate) - tenors_.begin();
    Eigen::VectorXd x(Eigen::Index(set_.scenarios));
    for (std::uint64_t s = 0; s < set_.scenarios; ++s) {
      x[Eigen::Index(s)] = set_.zero_rates[s * tenors_.size() + std::size_t(column)];
    }
    return x;
  }

  /// E[function] against the target, in the view's own direction.
  void add(std::size_t v, Eigen::VectorXd function, double target) {
    const ViewParameters& view = views_[v];
    const double sign = view.at_least ? -1.0 : 1.0;
    all_.push_back({sign * function, {sign * target, view.equals.has_value()}, v});
  }
  void fix(std::size_t v, Eigen::VectorXd function, double target, const std::string& what) {
    if (!fixed_.insert(what).second) return;
    all_.push_back({std::move(function), {target, true}, v});
  }

  void add_view(std::size_t v, double confidence) {
    const ViewParameters& view = views_[v];
    switch (view.kind) {
      case ViewKind::mean:
        break;  // added before the others, which build on it
      case ViewKind::volatility: {
        const Eigen::VectorXd x = variable(v);
        const double centre = fixed_mean(v, x, variable_name(view), confidence);
        // The variance about the fixed mean.
        add(v, (x.array() - centre).square().matrix(), value_of(view) * value_of(view));
        break;
      }
      case ViewKind::quantile: {
        const Eigen::VectorXd x = variable(v);
        // A higher quantile is a smaller probability below the value.
        ViewParameters below = view;
        std::swap(below.at_least, below.at_most);
        const double sign = below.at_least ? -1.0 : 1.0;
        Eigen::VectorXd indicator = (x.array() <= value_of(view)).cast<double>().matrix();
        all_.push_back({sign * indicator, {sign * *view.level, view.equals.has_value()}, v});
        break;
      }
      case ViewKind::probability:
        add(v, (variable(v).array() <= *view.below).cast<double>().matrix(), value_of(view));
        break;
      case ViewKind::correlation: {
        const Eigen::VectorXd x = variable(v), y = asset(*view.with);
        const double mx = fixed_mean(v, x, *view.asset, confidence), my = fixed_mean(v, y, *view.with, confidence);
        const double sx = fixed_volatility(v, x, mx, *view.asset, confidence),
                     sy = fixed_volatility(v, y, my, *view.with, confidence);
        add(v, ((x.array() - mx) * (y.array() - my)).matrix(), value_of(view) * sx * sy);
        break;
      }
    }
  }

  /// The equality view of this kind on a variable; null: none. An inequality would leave open what is held.
  const ViewParameters* equality(ViewKind kind, const std::string& name, std::size_t asking, double confidence) const {
    for (std::size_t v = 0; v < views_.size(); ++v) {
      if (views_[v].kind != kind || variable_name(views_[v]) != name || views_[v].confidence < confidence) continue;
      if (views_[v].equals) return &views_[v];
      throw key_error(fmt::format("views[{}]", asking),
                      fmt::format("holds the {} of {}, which views[{}] only bounds; give that view as 'equals'",
                                  name_of(kind), name, v));
    }
    return nullptr;
  }
  double fixed_mean(std::size_t v, const Eigen::VectorXd& x, const std::string& name, double confidence) {
    const ViewParameters* view = equality(ViewKind::mean, name, v, confidence);
    const double value =
        view ? *view->equals : mean({x.data(), std::size_t(x.size())}, std::span<const double>(set_.probability));
    fix(v, x, value, "mean " + name);
    return value;
  }
  double fixed_volatility(std::size_t v, const Eigen::VectorXd& x, double centre, const std::string& name,
                          double confidence) {
    const ViewParameters* view = equality(ViewKind::volatility, name, v, confidence);
    if (view) return *view->equals;
    const double prior =
        standard_deviation({x.data(), std::size_t(x.size())}, std::span<const double>(set_.probability));
    fix(v, (x.array() - centre).square().matrix(), prior * prior, "volatility " + name);
    return prior;
  }

  const std::vector<ViewParameters>& views_;
  const std::vector<std::string>& assets_;
  std::vector<double> tenors_;
  const HorizonScenarios& set_;
  std::vector<Condition> all_;
  std::set<std::string> fixed_;
};

std::string view_name(const std::vector<ViewParameters>& views, std::size_t v) {
  return fmt::format("views[{}] ({} {} {:g})", v, description_of(views[v]), relation_of(views[v]), value_of(views[v]));
}

/// Throws the error that says which views cannot be met, found by linear programmes over the probabilities.
[[noreturn]] void refuse(const std::vector<ViewParameters>& views, const std::vector<Condition>& conditions,
                         const std::string& sample, std::uint64_t scenarios) {
  const std::string where = fmt::format("no probabilities on the {} scenarios of the {} set", scenarios, sample);
  for (const Condition& condition : conditions) {
    const double target = condition.expectation.target;
    const double least = condition.function.minCoeff(), most = condition.function.maxCoeff();
    if (target >= least && (target <= most || !condition.expectation.equality)) continue;
    throw NoSolutionError(
        fmt::format("{} meet {} (no scenario lies on the other side of it) give a view "
                    "within what the model can produce",
                    where, view_name(views, condition.view)));
  }
  FeasibleSet probabilities;
  probabilities.lower.assign(scenarios, 0.0);
  probabilities.upper.assign(scenarios, kNoLimit);
  probabilities.lower_name.assign(scenarios, "no probability is negative");
  LinearConstraint sum{"probabilities sum to 1", {}, 1.0, 1.0};
  for (std::uint64_t s = 0; s < scenarios; ++s) sum.terms.emplace_back(int(s), 1.0);
  probabilities.rows.push_back(sum);
  for (const Condition& condition : conditions) {
    LinearConstraint row{fmt::format("views[{}]", condition.view), {}, -kNoLimit, condition.expectation.target};
    if (condition.expectation.equality) row.lower = row.upper;
    for (std::uint64_t s = 0; s < scenarios; ++s) row.terms.emplace_back(int(s), condition.function[Eigen::Index(s)]);
    probabilities.rows.push_back(row);
  }
  std::vector<std::string> named;
  const std::vector<std::string> conflict = conflicting_constraints(probabilities);
  for (std::size_t v = 0; v < views.size(); ++v) {
    const std::string prefix = fmt::format("views[{}]", v);
    if (std::any_of(conflict.begin(), conflict.end(), [&](const std::string& c) { return c.rfind(prefix, 0) == 0; })) {
      named.push_back(view_name(views, v));
    }
  }
  if (!named.empty()) {
    throw NoSolutionError(fmt::format("{} meet all views (these conflict: {}) relax or remove one of them", where,
                                      fmt::join(named, "; ")));
  }
  throw NoSolutionError(
      fmt::format("{} but for a few outermost ones meet all views (they lie at the edge "
                  "of what the model produces) give views further inside, or more scenarios",
                  where));
}

/// The assets of own scenarios are known only once their file is read.
void check_asset(const std::optional<std::string>& name, const std::string& path,
                 const std::vector<std::string>& assets) {
  if (!name || std::find(assets.begin(), assets.end(), *name) != assets.end()) return;
  const std::string guess = did_you_mean(*name, assets);
  throw key_error(path, fmt::format("'{}' is not an asset{}{}", *name, guess.empty() ? "" : "; ", guess));
}

PooledProbabilities pool(const std::vector<ViewParameters>& views, const std::vector<Condition>& conditions,
                         const std::string& sample, const HorizonScenarios& set, Eigen::MatrixXd& functions) {
  functions.resize(Eigen::Index(set.scenarios), Eigen::Index(conditions.size()));
  std::vector<Expectation> expectations;
  for (std::size_t c = 0; c < conditions.size(); ++c) {
    functions.col(Eigen::Index(c)) = conditions[c].function;
    expectations.push_back(conditions[c].expectation);
  }
  PooledProbabilities pooled = entropy_pooling(functions, expectations, set.probability);
  if (!pooled.met) refuse(views, conditions, sample, set.scenarios);
  return pooled;
}

}  // namespace

std::vector<double> view_tenors(const std::vector<ViewParameters>& views) {
  std::vector<double> tenors;
  for (const ViewParameters& view : views) {
    if (!view.zero_rate) continue;
    if (std::find(tenors.begin(), tenors.end(), *view.zero_rate) == tenors.end()) tenors.push_back(*view.zero_rate);
  }
  return tenors;
}

void apply_views(const std::vector<ViewParameters>& views, const std::vector<std::string>& assets,
                 const std::string& sample, HorizonScenarios& set, Results& results) {
  if (views.empty()) return;
  for (std::size_t v = 0; v < views.size(); ++v) {
    check_asset(views[v].asset, fmt::format("views[{}].asset", v), assets);
    check_asset(views[v].with, fmt::format("views[{}].with", v), assets);
  }
  ViewsOnSet on_set(views, assets, set);
  std::set<double, std::greater<>> confidences;
  for (const ViewParameters& view : views) confidences.insert(view.confidence);

  // Layer by layer, from the views held most firmly; the prior has what is left of the first.
  std::vector<double> prior = set.probability;
  if (prior.empty()) prior.assign(set.scenarios, 1.0 / double(set.scenarios));
  std::vector<double> posterior = prior;
  for (double& p : posterior) p *= 1.0 - *confidences.begin();
  double largest_residual = 0.0;
  Eigen::MatrixXd functions;
  PooledProbabilities pooled;
  for (auto layer = confidences.begin(); layer != confidences.end(); ++layer) {
    pooled = pool(views, on_set.conditions(*layer), sample, set, functions);
    largest_residual = std::max(largest_residual, pooled.largest_residual);
    const double weight = *layer - (std::next(layer) == confidences.end() ? 0.0 : *std::next(layer));
    for (std::size_t s = 0; s < posterior.size(); ++s) posterior[s] += weight * pooled.probability[s];
  }

  for (std::size_t v = 0; v < views.size(); ++v) {
    results.views.push_back({sample, description_of(views[v]), relation_of(views[v]), value_of(views[v]),
                             views[v].confidence, on_set.measure(v, prior), on_set.measure(v, posterior)});
  }
  double relative_entropy = 0.0;
  for (std::size_t s = 0; s < posterior.size(); ++s) {
    if (posterior[s] > 0) relative_entropy += posterior[s] * std::log(posterior[s] / prior[s]);
  }
  const EffectiveScenarios effective = effective_scenarios(posterior);
  results.view_sets.push_back(
      {sample, set.scenarios, effective.by_entropy, effective.by_squares, relative_entropy, largest_residual});
  set.probability = std::move(posterior);
  // Pooled with the prior, probabilities hold no mean: standard errors then ignore the views' help, and are too large.
  if (confidences.size() > 1 || *confidences.begin() < 1.0) return;
  std::vector<Eigen::Index> binding;
  for (std::size_t c = 0; c < pooled.multiplier.size(); ++c) {
    if (pooled.multiplier[c] != 0.0) binding.push_back(Eigen::Index(c));
  }
  set.fixed = functions(Eigen::all, binding);
}

}  // namespace ballast

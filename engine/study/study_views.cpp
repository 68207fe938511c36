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
  /// Of each scenario on the target under the prior, where that is an estimate: of a moment that is kept. Empty: given.
  Eigen::VectorXd target_influence = {};
};

/// A moment that a view takes for fixed: by another view, or as it is under the prior (then with its influences).
struct Moment {
  double value;
  Eigen::VectorXd influence = {};
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
  void add(std::size_t v, Eigen::VectorXd function, double target, const Eigen::VectorXd& target_influence = {}) {
    const ViewParameters& view = views_[v];
    const double sign = view.at_least ? -1.0 : 1.0;
    all_.push_back({sign * function, {sign * target, view.equals.has_value()}, v, sign * target_influence});
  }
  void fix(std::size_t v, Eigen::VectorXd function, const Moment& target, const std::string& what) {
    if (!fixed_.insert(what).second) return;
    all_.push_back({std::move(function), {target.value, true}, v, target.influence});
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
        const Moment sx = fixed_volatility(v, x, mx, *view.asset, confidence),
                     sy = fixed_volatility(v, y, my, *view.with, confidence);
        Eigen::VectorXd influence = Eigen::VectorXd::Zero(x.size());
        if (sx.influence.size() > 0) influence += value_of(view) * sy.value * sx.influence;
        if (sy.influence.size() > 0) influence += value_of(view) * sx.value * sy.influence;
        add(v, ((x.array() - mx) * (y.array() - my)).matrix(), value_of(view) * sx.value * sy.value, influence);
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
    if (view) return *view->equals;  // a condition of its own
    const double prior = mean({x.data(), std::size_t(x.size())}, std::span<const double>(set_.probability));
    fix(v, x, {prior, (x.array() - prior).matrix()}, "mean " + name);
    return prior;
  }
  Moment fixed_volatility(std::size_t v, const Eigen::VectorXd& x, double centre, const std::string& name,
                          double confidence) {
    const ViewParameters* view = equality(ViewKind::volatility, name, v, confidence);
    if (view) return {*view->equals};
    const std::span<const double> values(x.data(), std::size_t(x.size())), p(set_.probability);
    const double prior = standard_deviation(values, p), prior_mean = mean(values, p);
    const Eigen::VectorXd of_variance = ((x.array() - prior_mean).square() - prior * prior).matrix();
    fix(v, (x.array() - centre).square().matrix(), {prior * prior, of_variance}, "volatility " + name);
    return {prior, of_variance / (2 * prior)};
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
                         const std::string& sample, const HorizonScenarios& set) {
  Eigen::MatrixXd functions(Eigen::Index(set.scenarios), Eigen::Index(conditions.size()));
  std::vector<Expectation> expectations;
  for (std::size_t c = 0; c < conditions.size(); ++c) {
    functions.col(Eigen::Index(c)) = conditions[c].function;
    expectations.push_back(conditions[c].expectation);
  }
  PooledProbabilities pooled = entropy_pooling(functions, expectations, set.probability);
  if (!pooled.met) refuse(views, conditions, sample, set.scenarios);
  return pooled;
}

/// What standard errors need to know of a layer: the conditions that bind.
TiltedLayer layer_of(const PooledProbabilities& pooled, const std::vector<Condition>& conditions, double weight) {
  std::vector<const Condition*> binding;
  for (std::size_t c = 0; c < conditions.size(); ++c) {
    if (pooled.multiplier[c] != 0.0) binding.push_back(&conditions[c]);
  }
  TiltedLayer layer{weight, pooled.probability, {}, {}};
  const auto scenarios = Eigen::Index(pooled.probability.size()), count = Eigen::Index(binding.size());
  layer.functions.resize(scenarios, count);
  layer.targets = Eigen::MatrixXd::Zero(scenarios, count);
  for (Eigen::Index c = 0; c < count; ++c) {
    const Condition& condition = *binding[std::size_t(c)];
    layer.functions.col(c) = condition.function;
    if (condition.target_influence.size() > 0) layer.targets.col(c) = condition.target_influence;
  }
  return layer;
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
  TiltedProbabilities tilted{prior, 1.0 - *confidences.begin(), {}};
  for (auto layer = confidences.begin(); layer != confidences.end(); ++layer) {
    const std::vector<Condition> conditions = on_set.conditions(*layer);
    const PooledProbabilities pooled = pool(views, conditions, sample, set);
    largest_residual = std::max(largest_residual, pooled.largest_residual);
    const double weight = *layer - (std::next(layer) == confidences.end() ? 0.0 : *std::next(layer));
    for (std::size_t s = 0; s < posterior.size(); ++s) posterior[s] += weight * pooled.probability[s];
    tilted.layers.push_back(layer_of(pooled, conditions, weight));
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
  set.tilted = std::move(tilted);
}

}  // namespace ballast

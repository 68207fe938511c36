// What holds for every line of registry.def, also those added later.

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"
#include "scenarios/models/innovations.h"
#include "scenarios/random/normal.h"
#include "tests/isa_levels.h"

using namespace ballast;

namespace {

constexpr int kColumns = 4, kSteps = 6;
constexpr std::size_t kScenarios = 16 * kBlockScenarios;

std::vector<ModelKind> registered() {
  std::vector<ModelKind> kinds;
  for (int k = 0; k < int(ModelKind::file); ++k) kinds.push_back(ModelKind(k));
  return kinds;
}

/// 30 years of months: two equities and a bond with clustered volatility and heavy tails, and a curve component.
InnovationHistory market() {
  const PcgSequence random(5, Sequence::calibrate);
  InnovationHistory h;
  h.rows.resize(360, kColumns);
  h.series = 3;
  h.columns = {"equity", "small caps", "bonds", "curve component 1"};
  double volatility = 0.04;
  for (int t = 0; t < 360; ++t) {
    h.dates.push_back(Date{31 * t});
    auto z = [&](int k) { return inverse_normal(random.uniform(std::uint64_t(8 * t + k))); };
    const double wild = random.uniform(std::uint64_t(8 * t + 4)) < 0.06 ? 2.5 : 1.0;
    const double e = volatility * wild * z(0);
    volatility = std::sqrt(0.0002 + 0.15 * e * e + 0.72 * volatility * volatility);
    h.rows.row(t) << 0.008 + e, 0.009 + 1.1 * e + 0.02 * wild * z(1), 0.003 - 0.1 * e + 0.012 * wild * z(2),
        0.002 * wild * z(3) - 0.01 * e;
  }
  return h;
}

struct Simulated {
  std::vector<double> values;  ///< [step][column][scenario]
  std::uint64_t drawn = 0, declared = 0;
  double operator()(int step, int column, std::size_t scenario) const {
    return values[(std::size_t(step) * kColumns + std::size_t(column)) * kScenarios + scenario];
  }
};

/// Fits and simulates from scratch.
Simulated simulate(ModelKind kind, std::size_t scenarios = kScenarios) {
  ScenarioParameters parameters;
  parameters.model = kind;
  auto model = make_model(parameters, market());
  Simulated s;
  s.declared = model->draws_per_scenario(kSteps);
  s.values.resize(kSteps * kColumns * kScenarios);
  std::vector<std::uint64_t> drawn(scenarios / kBlockScenarios);
  parallel_for(drawn.size(), [&](std::size_t block) {
    BlockDraws draws(PcgSequence(9, Sequence::evaluate), block * kBlockScenarios, kBlockScenarios, s.declared);
    auto path = model->start(kBlockScenarios);
    LaneArray out(kColumns, kBlockScenarios);
    for (int t = 0; t < kSteps; ++t) {
      path->step(draws, out);
      for (int c = 0; c < kColumns; ++c) {
        std::copy_n(out.row(std::size_t(c)), kBlockScenarios,
                    &s.values[(std::size_t(t) * kColumns + std::size_t(c)) * kScenarios + block * kBlockScenarios]);
      }
    }
    drawn[block] = draws.drawn();
  });
  s.drawn = drawn[0];
  return s;
}

bool same_bits(const Simulated& a, const Simulated& b) {
  return std::memcmp(a.values.data(), b.values.data(), a.values.size() * sizeof(double)) == 0;
}

/// Ranks over n, less 1/2: uniform whatever the distribution.
std::vector<double> centred_ranks(std::vector<double> x) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  std::vector<double> rank(x.size());
  // Equal values share a rank: a bootstrap draws the same few again and again.
  for (std::size_t first = 0, last; first < x.size(); first = last) {
    for (last = first; last < x.size() && x[order[last]] == x[order[first]]; ++last) {
    }
    for (std::size_t i = first; i < last; ++i) {
      rank[order[i]] = (double(first + last) / 2) / double(x.size()) - 0.5;
    }
  }
  return rank;
}

/// z-score of the correlation of two samples, and of that of their distances from the median.
std::pair<double, double> correlation_scores(const std::vector<double>& a, const std::vector<double>& b) {
  auto score = [](const std::vector<double>& x, const std::vector<double>& y, double shift) {
    double xy = 0, xx = 0, yy = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double u = shift > 0 ? std::abs(x[i]) - shift : x[i], v = shift > 0 ? std::abs(y[i]) - shift : y[i];
      xy += u * v, xx += u * u, yy += v * v;
    }
    return xy / std::sqrt(xx * yy) * std::sqrt(double(x.size()));
  };
  return {score(a, b, 0.0), score(a, b, 0.25)};
}

/// z-score of the chi-square statistic of independence, 16 x 16 classes of equal probability.
double chi_square_score(const std::vector<double>& a, const std::vector<double>& b) {
  constexpr int kClasses = 16;
  std::vector<double> joint(kClasses * kClasses), of_a(kClasses), of_b(kClasses);
  for (std::size_t i = 0; i < a.size(); ++i) {
    const auto x = std::size_t((a[i] + 0.5) * kClasses), y = std::size_t((b[i] + 0.5) * kClasses);
    ++joint[x * kClasses + y], ++of_a[x], ++of_b[y];
  }
  double sum = 0.0;
  for (std::size_t x = 0; x < kClasses; ++x) {
    for (std::size_t y = 0; y < kClasses; ++y) {
      const double expected = of_a[x] * of_b[y] / double(a.size());
      if (expected > 0) sum += (joint[x * kClasses + y] - expected) * (joint[x * kClasses + y] - expected) / expected;
    }
  }
  constexpr double kFreedom = (kClasses - 1) * (kClasses - 1);
  return (sum - kFreedom) / std::sqrt(2 * kFreedom);
}

}  // namespace

TEST_CASE("every model: the same bits for any number of threads, in the fit and in the simulation") {
  const int before = threads();
  for (ModelKind kind : registered()) {
    CAPTURE(name_of(kind));
    set_threads(1);
    const Simulated one = simulate(kind, 4 * kBlockScenarios);
    set_threads(4);
    CHECK(same_bits(one, simulate(kind, 4 * kBlockScenarios)));
  }
  set_threads(before);
}

TEST_CASE("every model: the same bits with the kernels of every instruction set") {
  for (ModelKind kind : registered()) {
    CAPTURE(name_of(kind));
    const Simulated best = simulate(kind, 2 * kBlockScenarios);
    test::on_each_isa([&] { CHECK(same_bits(best, simulate(kind, 2 * kBlockScenarios))); });
  }
}

TEST_CASE("every model: finite, uses the draws it declared, and moves every column") {
  for (ModelKind kind : registered()) {
    CAPTURE(name_of(kind));
    const Simulated s = simulate(kind, kBlockScenarios);
    CHECK(s.drawn == s.declared);
    for (int c = 0; c < kColumns; ++c) {
      bool finite = true;
      std::set<double> different;
      for (int t = 0; t < kSteps; ++t) {
        for (std::size_t scenario = 0; scenario < kBlockScenarios; ++scenario) {
          const double x = s(t, c, scenario);
          finite = finite && std::isfinite(x);
          different.insert(x);
        }
      }
      CHECK(finite);
      CHECK(different.size() > 100);
    }
  }
}

TEST_CASE("every model: one scenario replayed alone, from the resolved parameters, is the one in its block") {
  const InnovationHistory history = market();
  for (ModelKind kind : registered()) {
    CAPTURE(name_of(kind));
    ScenarioParameters parameters;
    parameters.model = kind;
    const auto model = make_model(parameters, history);
    model->resolve(parameters);
    const auto again = make_model(parameters, history);
    const std::uint64_t draws_each = model->draws_per_scenario(kSteps);
    REQUIRE(again->draws_per_scenario(kSteps) == draws_each);
    const PcgSequence sequence(11, Sequence::evaluate);
    BlockDraws whole(sequence, 0, 100, draws_each), one(sequence, 77, 1, draws_each);
    const auto a = model->start(100), b = again->start(1);
    LaneArray x(kColumns, 100), y(kColumns, 1);
    bool same = true;
    for (int t = 0; t < kSteps; ++t) {
      a->step(whole, x);
      b->step(one, y);
      for (std::size_t c = 0; c < kColumns; ++c) same = same && x(c, 77) == y(c, 0);
    }
    CHECK(same);
  }
}

TEST_CASE("every model: scenarios are independent of each other, in correlations, squares and chi-square") {
  // 3 statistics x 3 distances x 2 steps x models, each at 6 standard errors: alpha below 1e-7 a model.
  for (ModelKind kind : registered()) {
    const Simulated s = simulate(kind);
    for (int step : {0, kSteps - 1}) {
      for (std::size_t distance : {std::size_t{1}, std::size_t{64}, kBlockScenarios}) {
        CAPTURE(name_of(kind));
        CAPTURE(step);
        CAPTURE(distance);
        std::vector<double> x;
        for (std::size_t scenario = 0; scenario < kScenarios; ++scenario) x.push_back(s(step, 0, scenario));
        x = centred_ranks(x);
        const std::vector<double> a(x.begin(), x.end() - long(distance)), b(x.begin() + long(distance), x.end());
        const auto [linear, squared] = correlation_scores(a, b);
        CHECK(std::abs(linear) < 6);
        CHECK(std::abs(squared) < 6);
        CHECK(std::abs(chi_square_score(a, b)) < 6);
      }
    }
  }
}

TEST_CASE("models without memory: steps are independent of each other, in correlations, squares and chi-square") {
  // The others depend on the step before because the history does; a new model without memory needs no entry here.
  const std::set<std::string> with_memory = {"block_bootstrap", "filtered_historical", "regime_switching",
                                             "stochastic_log_volatility"};
  for (ModelKind kind : registered()) {
    if (with_memory.count(name_of(kind))) continue;
    CAPTURE(name_of(kind));
    const Simulated s = simulate(kind);
    std::vector<double> before, after;
    for (int step = 0; step + 1 < kSteps; ++step) {
      for (std::size_t scenario = 0; scenario < kScenarios; ++scenario) {
        before.push_back(s(step, 1, scenario));
        after.push_back(s(step + 1, 1, scenario));
      }
    }
    before = centred_ranks(before);
    after = centred_ranks(after);
    const auto [linear, squared] = correlation_scores(before, after);
    CHECK(std::abs(linear) < 6);
    CHECK(std::abs(squared) < 6);
    CHECK(std::abs(chi_square_score(before, after)) < 6);
  }
}

/// The first step of a block.
LaneArray first_step(const InnovationModel& model, std::size_t columns) {
  BlockDraws draws(PcgSequence(9, Sequence::evaluate), 0, kBlockScenarios, model.draws_per_scenario(1));
  LaneArray out(columns, kBlockScenarios);
  model.start(kBlockScenarios)->step(draws, out);
  return out;
}

TEST_CASE("a Student t model does not fit its degrees of freedom to columns that move together exactly") {
  for (int periods : {30, 360}) {
    InnovationHistory history = market();
    history.rows = history.rows.bottomRows(periods).eval();
    history.rows.col(1) = 2 * history.rows.col(0);
    ScenarioParameters parameters;
    parameters.model = ModelKind::student_t;
    CHECK_THROWS_WITH_AS(make_model(parameters, history), doctest::Contains("singular"), InputError);
    parameters.student_t.dof = 5;
    const LaneArray out = first_step(*make_model(parameters, history), kColumns);
    // Up to a constant: each drift makes its own column's arithmetic mean the history's.
    auto apart = [&](std::size_t s) { return out(1, s) - 2 * out(0, s); };
    double most = 0.0;
    for (std::size_t s = 1; s < kBlockScenarios; ++s) most = std::max(most, std::abs(apart(s) - apart(0)));
    CHECK(most < 1e-9);
    CHECK(out(0, 0) != out(0, 1));
  }
}

TEST_CASE("a t copula of one column is refused unless its degrees of freedom, which do nothing there, are given") {
  InnovationHistory history = market();
  history.rows = history.rows.leftCols(1).eval();
  history.columns.resize(1);
  history.series = 1;
  ScenarioParameters parameters;
  parameters.model = ModelKind::t_copula;
  CHECK_THROWS_WITH_AS(make_model(parameters, history), doctest::Contains("only column"), InputError);
  parameters.t_copula.dof = 5;
  const LaneArray out = first_step(*make_model(parameters, history), 1);
  const auto drawn = Eigen::Map<const Eigen::ArrayXd>(out.row(0), Eigen::Index(kBlockScenarios));
  const auto seen = history.rows.col(0).array();
  const double sd = std::sqrt((seen - seen.mean()).square().mean());
  CHECK(std::abs(drawn.mean() - seen.mean()) < 4 * sd / std::sqrt(double(kBlockScenarios)));
  CHECK(drawn.maxCoeff() <= seen.maxCoeff());
  CHECK(drawn.maxCoeff() > seen.mean() + 2 * sd);
}

TEST_CASE("every fitted model refuses a series that never changes and a history of 12 periods") {
  for (ModelKind kind : registered()) {
    const std::string name = name_of(kind);
    if (name == "block_bootstrap" || name == "normal") continue;  // both have an answer
    CAPTURE(name);
    ScenarioParameters parameters;
    parameters.model = kind;
    InnovationHistory still = market();
    still.rows.col(1).setConstant(0.002);
    CHECK_THROWS_AS(make_model(parameters, still), InputError);
    InnovationHistory brief = market();
    brief.rows = brief.rows.topRows(12).eval();
    CHECK_THROWS_AS(make_model(parameters, brief), InputError);
  }
}

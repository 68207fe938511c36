#include <cmath>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/models/curve_model.h"

using namespace ballast;

namespace {

/// 40 periods of a curve that wanders deterministically at four tenors.
MarketHistory wandering_history() {
  MarketHistory h;
  h.tenors = {0.25, 2, 10, 30};
  h.zero_rates.resize(41, 4);
  for (int t = 0; t <= 40; ++t) {
    double level = 0.03 + 0.01 * std::sin(0.2 * t), slope = 0.008 * std::cos(0.31 * t),
           bow = 0.002 * std::sin(0.77 * t);
    for (int i = 0; i < 4; ++i) {
      h.zero_rates(t, i) =
          level - slope * std::exp(-h.tenors[std::size_t(i)] / 4) + bow * std::exp(-h.tenors[std::size_t(i)] / 2);
    }
  }
  h.returns.resize(40, 0);
  h.dates.resize(40);
  return h;
}

YieldCurve last_curve(const MarketHistory& h) {
  Eigen::VectorXd z = h.zero_rates.row(40);
  return YieldCurve(h.tenors, {z.data(), z.data() + z.size()});
}

/// Plays the history's own innovations from a given curve and returns the curve after each step.
std::unique_ptr<CurveModel> make(const MarketHistory& h, const YieldCurve& initial, const CurveChangeParameters& p,
                                 double dt) {
  ScenarioParameters scenarios;
  scenarios.curve_changes = p;
  return make_curve_model(scenarios, {h, initial, dt});
}

std::vector<std::vector<double>> replay(const CurveModel& model, int steps) {
  LaneArray curve = model.start_curve(16), e(model.columns().size(), 16);
  std::unique_ptr<CurvePath> curves = model.start(16);
  std::vector<std::vector<double>> path;
  for (int t = 0; t < steps; ++t) {
    for (std::size_t k = 0; k < e.rows(); ++k) std::fill_n(e.row(k), 16, model.innovations()(t, Eigen::Index(k)));
    curves->step(e, 0, curve);
    path.emplace_back();
    for (std::size_t i = 0; i < curve.rows(); ++i) path.back().push_back(curve(i, 5));
  }
  return path;
}

}  // namespace

TEST_CASE("played back from the history's first curve, its own innovations give its own curves") {
  MarketHistory h = wandering_history();
  Eigen::VectorXd z0 = h.zero_rates.row(0);
  YieldCurve first(h.tenors, {z0.data(), z0.data() + 4});
  for (auto kind : {CurveChangeKind::absolute, CurveChangeKind::relative, CurveChangeKind::shifted_log}) {
    for (std::optional<double> speed :
         {std::optional<double>{}, std::optional<double>{0.0}, std::optional<double>{0.4}}) {
      CurveChangeParameters p;
      p.kind = kind;
      p.mean_reversion = speed;
      p.demean = false;
      auto path = replay(*make(h, first, p, 1.0 / 12), 40);
      double worst = 0;
      for (int t = 0; t < 40; ++t) {
        for (int i = 0; i < 4; ++i)
          worst = std::max(worst, std::abs(path[std::size_t(t)][std::size_t(i)] - h.zero_rates(t + 1, i)));
      }
      CHECK(worst < 1e-14);
    }
  }
}

TEST_CASE("demeaned innovations sum to zero; without reversion the curve then ends where it began") {
  MarketHistory h = wandering_history();
  CurveChangeParameters p;
  p.mean_reversion = 0.0;
  auto path = replay(*make(h, last_curve(h), p, 1.0 / 12), 40);
  for (int i = 0; i < 4; ++i) CHECK(path.back()[std::size_t(i)] == doctest::Approx(h.zero_rates(40, i)).epsilon(1e-12));
}

TEST_CASE("without innovations a curve reverts to the history's mean, or to today's curve, at the stated speed") {
  MarketHistory h = wandering_history();
  for (auto target : {RevertTo::history, RevertTo::initial}) {
    CurveChangeParameters p;
    p.mean_reversion = 0.3;
    p.revert_to = target;
    auto model = make(h, last_curve(h), p, 0.25);
    LaneArray curve = model->start_curve(16), none(4, 16);
    auto path = model->start(16);
    for (int t = 0; t < 8; ++t) path->step(none, 0, curve);
    for (std::size_t i = 0; i < 4; ++i) {
      double now = h.zero_rates(40, Eigen::Index(i)), mean = h.zero_rates.col(Eigen::Index(i)).mean();
      double goal = target == RevertTo::history ? mean : now;
      CHECK(curve(i, 0) == doctest::Approx(goal + (now - goal) * std::exp(-0.3 * 2)).epsilon(1e-12));
    }
  }
}

TEST_CASE("an initial curve with tenors of its own is met exactly, and moves with the history's tenors") {
  MarketHistory h = wandering_history();
  YieldCurve initial({0.5, 2, 7, 20, 50}, {0.021, 0.02, 0.031, 0.03, 0.029});
  auto model = make(h, initial, {}, 1.0 / 12);
  CHECK(model->tenors() == std::vector<double>{0.25, 0.5, 2, 7, 10, 20, 30, 50});
  LaneArray curve = model->start_curve(1);
  for (std::size_t i = 0; i < 8; ++i)
    CHECK(curve(i, 0) == doctest::Approx(initial.zero_rate(model->tenors()[i])).epsilon(1e-15));
  CurveChangeParameters still;
  still.mean_reversion = 0.0;
  auto plain = make(h, initial, still, 1.0 / 12);
  LaneArray none(4, 1);
  plain->start(1)->step(none, 0, curve);
  for (std::size_t i = 0; i < 8; ++i)
    CHECK(curve(i, 0) == doctest::Approx(initial.zero_rate(plain->tenors()[i])).epsilon(1e-12));
}

TEST_CASE("a floor holds, and scales refuse rates they cannot take") {
  MarketHistory h = wandering_history();
  CurveChangeParameters p;
  p.floor = 0.03;
  for (auto& z : replay(*make(h, last_curve(h), p, 1.0 / 12), 20)) {
    for (double rate : z) CHECK(rate >= 0.03);
  }
  h.zero_rates(3, 0) = -0.001;
  p.kind = CurveChangeKind::relative;
  CHECK_THROWS_AS(make(h, last_curve(h), p, 1.0 / 12), InputError);
  p.kind = CurveChangeKind::shifted_log;
  p.shift = 0.0005;
  CHECK_THROWS_AS(make(h, last_curve(h), p, 1.0 / 12), InputError);
}

TEST_CASE("no curve history: the curve keeps its level and shape") {
  MarketHistory none;
  auto model = make(none, YieldCurve({1, 10}, {0.02, 0.03}), {}, 1.0 / 12);
  CHECK_FALSE(model->moves());
  CHECK(model->tenors().size() == 2);
}

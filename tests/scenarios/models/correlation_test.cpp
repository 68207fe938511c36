#include "scenarios/models/correlation.h"

#include <cmath>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/random/normal.h"
#include "scenarios/stats/moments.h"

using namespace ballast;

namespace {

InnovationHistory three_columns() {
  const PcgSequence random(3, Sequence::calibrate);
  InnovationHistory h;
  h.rows.resize(120, 3);
  h.series = 2;
  h.columns = {"equity", "gold", "curve component 1"};
  h.dates.resize(120);
  for (int t = 0; t < 120; ++t) {
    auto z = [&](int k) { return inverse_normal(random.uniform(std::uint64_t(3 * t + k))); };
    h.rows.row(t) << 0.01 + 0.04 * z(0), 0.05 * z(1), 0.002 * (z(2) - 0.4 * z(0));
  }
  return h;
}

CorrelationParameters given(double equity_gold, double gold_curve, double equity_curve, bool repair = false) {
  return {{{{"equity", "gold"}, equity_gold},
           {{"gold", "curve component 1"}, gold_curve},
           {{"equity", "curve component 1"}, equity_curve}},
          repair};
}

}  // namespace

TEST_CASE("given correlations become the history's; means, deviations and arithmetic means stay") {
  const InnovationHistory before = three_columns();
  const InnovationHistory after = recorrelate(given(0.3, -0.2, 0.5), before).history;
  const Eigen::MatrixXd r = correlation(covariance(after.rows));
  CHECK(r(0, 1) == doctest::Approx(0.3).epsilon(1e-10));
  CHECK(r(1, 2) == doctest::Approx(-0.2).epsilon(1e-10));
  CHECK(r(0, 2) == doctest::Approx(0.5).epsilon(1e-10));
  const Eigen::VectorXd sd = covariance(before.rows).diagonal().cwiseSqrt();
  CHECK(covariance(after.rows).diagonal().cwiseSqrt().isApprox(sd, 1e-10));
  for (int c = 0; c < 2; ++c) {
    CHECK(after.rows.col(c).array().exp().mean() ==
          doctest::Approx(before.rows.col(c).array().exp().mean()).epsilon(1e-13));
  }
  // The history's own correlations change nothing.
  const Eigen::MatrixXd own = correlation(covariance(before.rows));
  CHECK(recorrelate(given(own(0, 1), own(1, 2), own(0, 2)), before).history.rows.isApprox(before.rows, 1e-10));
}

TEST_CASE("impossible correlations are refused, and repaired on request under any model") {
  const InnovationHistory history = three_columns();
  CHECK_THROWS_WITH_AS(recorrelate(given(0.9, -0.9, 0.9), history), doctest::Contains("not positive definite"),
                       InputError);
  CHECK_THROWS_WITH_AS(recorrelate(given(1.0, 0.2, 0.2), history), doctest::Contains("singular"), InputError);
  CorrelationParameters misspelt = given(0.1, 0.1, 0.1);
  misspelt.pairs[0].between[1] = "gld";
  CHECK_THROWS_WITH_AS(recorrelate(misspelt, history), doctest::Contains("did you mean 'gold'"), InputError);

  ScenarioParameters parameters;
  parameters.model = ModelKind::block_bootstrap;
  parameters.correlation = given(0.9, -0.9, 0.9, true);
  const auto tables = make_model(parameters, history)->fit_tables();
  CHECK(tables[0].title.find("moved to the nearest positive definite ones") != std::string::npos);
  CHECK(tables[0].rows.size() == 3);
}

#include "scenarios/models/spread_model.h"

#include <cmath>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/random/draws.h"

using namespace ballast;
using doctest::Approx;

namespace {

constexpr double kMonth = 1.0 / 12;

/// Spreads of the model with these parameters, from their median.
Eigen::MatrixXd simulated(int periods, double median, double phi, double sd, std::uint64_t seed) {
  BlockDraws draws(PcgSequence(seed, Sequence::calibrate), 0, 16, std::uint64_t(periods));
  Eigen::MatrixXd levels(periods + 1, 1);
  double z[16], x = 0.0;
  levels(0, 0) = median;
  for (int t = 0; t < periods; ++t) {
    draws.normals(z);
    x = phi * x + sd * z[0];
    levels(t + 1, 0) = median * std::exp(x);
  }
  return levels;
}

}  // namespace

TEST_CASE("the parameters that made a long history are found again") {
  double phi = std::exp(-0.8 * kMonth);
  SpreadModel model({}, {"bbb"}, simulated(60000, 0.015, phi, 0.1, 11), kMonth);
  SpreadParameters found;
  model.resolve(found);
  // Standard errors: sqrt(1 - phi^2) / sqrt(n) of phi, sd / (1 - phi) / sqrt(n) of the mean.
  CHECK(std::abs(std::exp(-found.mean_reversion.at("bbb") * kMonth) - phi) < 5 * std::sqrt((1 - phi * phi) / 60000));
  CHECK(std::abs(std::log(found.median.at("bbb") / 0.015)) < 5 * 0.1 / (1 - phi) / std::sqrt(60000.0));
  CHECK(std::sqrt(model.innovations().col(0).squaredNorm() / 59999) == Approx(0.1).epsilon(0.02));
}

TEST_CASE("the history's own innovations give its own spreads again") {
  Eigen::MatrixXd levels = simulated(200, 0.02, 0.95, 0.12, 3);
  SpreadParameters given;
  given.now["bbb"] = levels(0, 0);
  SpreadModel model(given, {"bbb"}, levels, kMonth);
  SpreadPath path(model, 1);
  CHECK(path.now()(0, 0) == levels(0, 0));
  LaneArray v(3, 1);
  for (Eigen::Index t = 0; t < 200; ++t) {
    for (std::size_t lane = 0; lane < v.lanes(); ++lane) v(2, lane) = model.innovations()(t, 0);
    double before = path.now()(0, 0);
    path.step(v, 2);
    CHECK(path.before()(0, 0) == before);
    REQUIRE(path.now()(0, 0) == Approx(levels(t + 1, 0)).epsilon(1e-9));  // least squares: the mean residual is 0
  }
}

TEST_CASE("what the study gives is kept, and written out as it was read") {
  Eigen::MatrixXd levels = simulated(300, 0.02, 0.95, 0.12, 5);
  SpreadParameters given;
  given.median["bbb"] = 0.018;
  given.mean_reversion["bbb"] = 0.5;
  given.now["bbb"] = 0.03;
  SpreadModel model(given, {"bbb"}, levels, kMonth);
  SpreadParameters out;
  model.resolve(out);
  CHECK(out.median.at("bbb") == 0.018);
  CHECK(out.mean_reversion.at("bbb") == 0.5);
  CHECK(out.now.at("bbb") == 0.03);
  // Without surprises it goes back: half the logarithm's distance in ln 2 / 0.5 years.
  SpreadPath path(model, 1);
  LaneArray still(1, 1);
  int half = int(std::lround(12 * std::log(2.0) / 0.5));
  for (int t = 0; t < half; ++t) path.step(still, 0);
  CHECK(std::log(path.now()(0, 0) / 0.018) == Approx(0.5 * std::log(0.03 / 0.018)).epsilon(0.02));
}

TEST_CASE("estimates written into a study and read again give the same model to the last bit") {
  Eigen::MatrixXd levels = simulated(300, 0.02, 0.95, 0.12, 5);
  SpreadModel first({}, {"bbb"}, levels, kMonth);
  SpreadParameters written;
  first.resolve(written);
  SpreadModel again(written, {"bbb"}, levels, kMonth);
  CHECK((first.innovations().array() == again.innovations().array()).all());
  CHECK(first.now(0) == again.now(0));
}

TEST_CASE("spreads that cannot be modelled are said") {
  auto error = [](const SpreadParameters& parameters, const Eigen::MatrixXd& levels) -> std::string {
    try {
      SpreadModel(parameters, {"bbb"}, levels, kMonth);
      return "";
    } catch (const InputError& wrong) {
      return wrong.what();
    }
  };
  CHECK(error({}, Eigen::MatrixXd::Constant(50, 1, 0.01)).find("'bbb' never moves") != std::string::npos);
  Eigen::MatrixXd rising(50, 1);
  for (int t = 0; t < 50; ++t) rising(t, 0) = 0.001 * std::exp(0.02 * t * t / 10.0);
  CHECK(error({}, rising).find("does not revert") != std::string::npos);
  SpreadParameters other;
  other.median["aaa"] = 0.01;
  CHECK(error(other, simulated(50, 0.02, 0.9, 0.1, 1)).find("no asset has the spread 'aaa' (known: bbb)") !=
        std::string::npos);
}

#include <cmath>
#include <map>
#include <vector>

#include <doctest/doctest.h>

#include "scenarios/base/error.h"
#include "scenarios/base/lane_math.h"
#include "scenarios/models/innovations.h"

using namespace ballast;

namespace {

/// A history whose every cell tells its row and column, so that a drawn value shows where it came from.
InnovationHistory traceable_history(int periods, int columns) {
  InnovationHistory history;
  history.rows.resize(periods, columns);
  for (int t = 0; t < periods; ++t) {
    for (int c = 0; c < columns; ++c) history.rows(t, c) = t + 0.001 * c;
  }
  history.series = columns;
  for (int c = 0; c < columns; ++c) history.columns.push_back("c" + std::to_string(c));
  for (int t = 0; t < periods; ++t) history.dates.push_back(Date{31 * t});
  return history;
}

ScenarioParameters parameters(BlockKind kind, std::optional<double> mean_block) {
  ScenarioParameters p;
  p.model = ModelKind::block_bootstrap;
  p.block_bootstrap.kind = kind;
  p.block_bootstrap.mean_block = mean_block;
  return p;
}

/// rows[step][lane] of history drawn; fails when a row was split over dates.
std::vector<std::vector<int>> drawn_rows(const ScenarioParameters& p, int periods, int steps, std::size_t lanes,
                                         const DrawSource& source = PcgSequence(7, Sequence::calibrate)) {
  InnovationHistory history = traceable_history(periods, 3);
  auto model = make_model(p, history);
  BlockDraws draws(source, 0, lanes, model->draws_per_scenario(steps));
  auto path = model->start(lanes);
  LaneArray out(3, lanes);
  std::vector<std::vector<int>> rows;
  bool together = true;
  for (int t = 0; t < steps; ++t) {
    path->step(draws, out);
    rows.emplace_back();
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      int row = int(std::lround(out(0, lane)));
      rows.back().push_back(row);
      for (int c = 0; c < 3; ++c) together = together && out(std::size_t(c), lane) == history.rows(row, c);
    }
  }
  CHECK(together);
  return rows;
}

}  // namespace

TEST_CASE("stationary blocks: geometric lengths with the stated mean, wrapping round the end, rows never split") {
  const int periods = 37, steps = 400;
  const std::size_t lanes = 1024;
  const double mean = 6.0;
  auto rows = drawn_rows(parameters(BlockKind::stationary, mean), periods, steps, lanes);
  // A row that does not follow its predecessor begins a block; one that does may begin one too, with chance 1/(mean
  // periods).
  std::vector<long> begins(1), starts(std::size_t(periods), 0);
  long breaks = 0, all = 0;
  std::map<int, long> run_lengths;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    int run = 1;
    for (int t = 1; t < steps; ++t) {
      ++all;
      bool follows = rows[std::size_t(t)][lane] == (rows[std::size_t(t) - 1][lane] + 1) % periods;
      if (!follows) {
        ++breaks;
        ++run_lengths[run];
        run = 1;
      } else {
        ++run;
      }
    }
  }
  // Visible break probability p = (1 - 1/periods)/mean; binomial standard error, 5 of them (two-sided alpha 6e-7).
  double p = (1 - 1.0 / periods) / mean, error = std::sqrt(p * (1 - p) / double(all));
  CHECK(std::abs(double(breaks) / double(all) - p) < 5 * error);
  // Lengths between breaks are geometric: P(length > k) = (1 - p)^k, for the runs that began early enough to be seen
  // whole.
  long total = 0, longer = 0;
  for (auto [length, count] : run_lengths) {
    total += count;
    if (length > 5) longer += count;
  }
  double tail = std::pow(1 - p, 5), tail_error = std::sqrt(tail * (1 - tail) / double(total));
  CHECK(std::abs(double(longer) / double(total) - tail) < 5 * tail_error + 6.0 / steps * tail);
  // First rows are uniform over the history: chi-square with 36 degrees of freedom, 99.99995% point 98.
  for (std::size_t lane = 0; lane < lanes; ++lane) ++starts[std::size_t(rows[0][lane])];
  double expected = double(lanes) / periods, chi_square = 0;
  for (long n : starts) chi_square += (double(n) - expected) * (double(n) - expected) / expected;
  CHECK(chi_square < 98);
}

TEST_CASE("stationary blocks: each row is the one that the step's draw names, found the slow and obvious way") {
  const int periods = 37, steps = 50;
  for (double mean : {1.0, 1.5, 6.0, 37.0}) {
    const auto rows = drawn_rows(parameters(BlockKind::stationary, mean), periods, steps, 70);
    const PcgSequence sequence(7, Sequence::calibrate);
    bool same = true;
    for (std::size_t lane = 0; lane < 70; ++lane) {
      int row = -1;
      for (int t = 0; t < steps; ++t) {
        const double u = sequence.uniform(lane * scenario_stride(std::uint64_t(steps)) + std::uint64_t(t));
        const double chance = t == 0 ? 1.0 : 1.0 / mean;
        row = u < chance ? int(u / chance * periods) : (row + 1) % periods;
        same = same && rows[std::size_t(t)][lane] == row;
      }
    }
    CHECK(same);
  }
}

TEST_CASE("stationary blocks: where a block begins does not depend on what went before, whatever the sampling") {
  const int periods = 16, steps = 200;
  const std::size_t lanes = 4096;
  const double mean = 3.0;
  for (SamplingKind kind : {SamplingKind::pseudo, SamplingKind::antithetic, SamplingKind::moment_matching,
                            SamplingKind::stratified, SamplingKind::sobol}) {
    CAPTURE(int(kind));
    SamplingParameters sampling;
    sampling.kind = kind;
    const auto rows = drawn_rows(parameters(BlockKind::stationary, mean), periods, steps, lanes,
                                 DrawSource(3, Sequence::evaluate, sampling));
    // Steps from a row to another: 1/periods of the blocks begin at the row that would have followed anyway.
    std::vector<double> moves(std::size_t(periods), 0.0), starts(std::size_t(periods), 0.0);
    double all = 0.0, breaks = 0.0;
    for (std::size_t t = 1; t < rows.size(); ++t) {
      for (std::size_t lane = 0; lane < lanes; ++lane, ++all) {
        const int before = rows[t - 1][lane], now = rows[t][lane];
        ++moves[std::size_t((now - before + periods) % periods)];
        if (now != (before + 1) % periods) ++starts[std::size_t(now)], ++breaks;
      }
    }
    // Binomial standard errors, which no kind of sampling exceeds by more than 256/255; 5 of them for each of 2 x 16
    // counts and 5 kinds: alpha 1e-4 in all.
    auto within = [](double count, double of, double p) { return std::abs(count - of * p) < 5 * std::sqrt(of * p); };
    const double to_one_row = 1.0 / (mean * periods);
    for (int move = 0; move < periods; ++move) {
      CAPTURE(move);
      const double p = move == 1 ? 1.0 - to_one_row * (periods - 1) : to_one_row;
      CHECK(within(moves[std::size_t(move)], all, p));
      CHECK(within(starts[std::size_t(move)], breaks, 1.0 / periods));
    }
  }
}

TEST_CASE("a block takes one draw: fixed lengths draw when a block begins, the others at every step") {
  const InnovationHistory history = traceable_history(40, 1);
  auto draws = [&](BlockKind kind, std::optional<double> length, int steps) {
    return make_model(parameters(kind, length), history)->draws_per_scenario(steps);
  };
  CHECK(draws(BlockKind::stationary, 4.5, 30) == 30);
  CHECK(draws(BlockKind::iid, {}, 30) == 30);
  CHECK(draws(BlockKind::moving, 5, 30) == 6);
  CHECK(draws(BlockKind::circular, 7, 30) == 5);  // the last block is cut
}

TEST_CASE("fixed blocks keep their length; moving ones stay inside the history, circular ones wrap") {
  const int periods = 20, steps = 30;
  for (BlockKind kind : {BlockKind::moving, BlockKind::circular}) {
    auto rows = drawn_rows(parameters(kind, 5), periods, steps, 512);
    bool inside = true, consecutive = true, wraps = false;
    for (std::size_t lane = 0; lane < 512; ++lane) {
      for (int t = 0; t < steps; ++t) {
        if (t % 5 == 0) {
          inside = inside && rows[std::size_t(t)][lane] <= periods - 5;
        } else {
          int before = rows[std::size_t(t) - 1][lane], now = rows[std::size_t(t)][lane];
          consecutive = consecutive && now == (before + 1) % periods;
          wraps = wraps || now < before;
        }
      }
    }
    CHECK(consecutive);
    CHECK(inside == (kind == BlockKind::moving));
    CHECK(wraps == (kind == BlockKind::circular));
  }
}

TEST_CASE("i.i.d. rows have no memory") {
  auto rows = drawn_rows(parameters(BlockKind::iid, {}), 50, 200, 1024);
  long follows = 0, all = 0;
  for (std::size_t t = 1; t < rows.size(); ++t) {
    for (std::size_t lane = 0; lane < 1024; ++lane, ++all) follows += rows[t][lane] == (rows[t - 1][lane] + 1) % 50;
  }
  double p = 1.0 / 50, error = std::sqrt(p * (1 - p) / double(all));
  CHECK(std::abs(double(follows) / double(all) - p) < 5 * error);
}

TEST_CASE("a scenario is the same in any block") {
  InnovationHistory history = traceable_history(40, 2);
  for (auto p :
       {parameters(BlockKind::stationary, 4), parameters(BlockKind::circular, 5), parameters(BlockKind::iid, {})}) {
    auto model = make_model(p, history);
    PcgSequence sequence(11, Sequence::evaluate);
    std::uint64_t draws_each = model->draws_per_scenario(12);
    BlockDraws whole(sequence, 0, 100, draws_each), one(sequence, 77, 1, draws_each);
    auto a = model->start(100), b = model->start(1);
    LaneArray x(2, 100), y(2, 1);
    for (int t = 0; t < 12; ++t) {
      a->step(whole, x);
      b->step(one, y);
      CHECK(x(0, 77) == y(0, 0));
      CHECK(x(1, 77) == y(1, 0));
    }
    CHECK(whole.drawn() == draws_each);
  }
}

TEST_CASE("a block longer than the history, or a fraction of a row, is refused") {
  InnovationHistory history = traceable_history(20, 1);
  CHECK_THROWS_AS(make_model(parameters(BlockKind::stationary, 21), history), InputError);
  CHECK_THROWS_AS(make_model(parameters(BlockKind::moving, 2.5), history), InputError);
}

TEST_CASE("the automatic length is written into the resolved parameters") {
  InnovationHistory history = traceable_history(60, 1);
  auto p = parameters(BlockKind::stationary, {});
  make_model(p, history)->resolve(p);
  REQUIRE(p.block_bootstrap.mean_block);
  CHECK(*p.block_bootstrap.mean_block > 1);  // a trend is as dependent as can be
}

TEST_CASE("growth factors drawn from the table are the exponentials of the log returns drawn") {
  InnovationHistory history = traceable_history(37, 7);
  history.rows *= 0.01;
  history.series = 5;
  const auto model = make_model(parameters(BlockKind::stationary, 4.0), history);
  const std::uint64_t draws_each = model->draws_per_scenario(12);
  const PcgSequence sequence(3, Sequence::evaluate);
  BlockDraws of_logs(sequence, 0, 100, draws_each), of_growth(sequence, 0, 100, draws_each);
  const auto logs = model->start(100), growth = model->start_growth(100);
  LaneArray x(7, 100), g(7, 100);
  for (int t = 0; t < 12; ++t) {
    logs->step(of_logs, x);
    growth->step(of_growth, g);
    for (std::size_t c = 0; c < 5; ++c) exp_lanes(x.row(c), x.row(c), x.lanes());  // 5 and 6 are no returns
    for (std::size_t c = 0; c < 7; ++c) {
      for (std::size_t lane = 0; lane < 100; ++lane) REQUIRE(g(c, lane) == x(c, lane));
    }
  }
}

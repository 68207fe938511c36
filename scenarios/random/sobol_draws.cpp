#include <algorithm>
#include <cmath>
#include <deque>
#include <stdexcept>

#include "scenarios/base/lanes.h"
#include "scenarios/random/draw_scheme.h"
#include "scenarios/random/normal.h"
#include "scenarios/random/pcg.h"
#include "scenarios/random/sobol.h"

namespace ballast {
namespace {

/// A Brownian bridge over steps 0..T, walked from left to right with a stack of the values known ahead (Caflisch,
/// Morokoff & Owen 1997): the end first, then the middle of what lies before it, and so on.
class Bridge {
 public:
  struct Node {
    int left, right, step;
    std::size_t slot;  ///< of the stack, where its value goes; the value at `right` is one below
  };

  explicit Bridge(int steps) : rank_(std::size_t(steps) + 1), ahead_{steps} {
    // Coordinates are numbered level by level: those that move the most take the best of the Sobol sequence.
    std::size_t next = 1;
    std::deque<std::pair<int, int>> spans = {{0, steps}};
    rank_[std::size_t(steps)] = 0;
    for (; !spans.empty(); spans.pop_front()) {
      auto [left, right] = spans.front();
      if (right - left < 2) continue;
      int middle = (left + right) / 2;
      rank_[std::size_t(middle)] = next++;
      spans.emplace_back(left, middle);
      spans.emplace_back(middle, right);
    }
  }

  std::size_t rank(int step) const { return rank_[std::size_t(step)]; }
  static std::size_t depth(int steps) {
    std::size_t levels = 2;
    for (int span = steps; span > 1; span = (span + 1) / 2) ++levels;
    return levels;
  }
  /// The nodes that must be made before the value at `step` is known, given that at step - 1; it is then in the slot
  /// last().
  const std::vector<Node>& advance(int step) {
    if (step > 1) ahead_.pop_back();
    made_.clear();
    while (ahead_.back() > step) {
      int middle = (step - 1 + ahead_.back()) / 2;
      made_.push_back({step - 1, ahead_.back(), middle, ahead_.size()});
      ahead_.push_back(middle);
    }
    return made_;
  }
  const std::vector<Node>& made() const { return made_; }
  std::size_t last() const { return ahead_.size() - 1; }

 private:
  std::vector<std::size_t> rank_;
  std::vector<int> ahead_;
  std::vector<Node> made_;
};

/// Draws from scrambled Sobol points. Scenario s is point s / R of replication s mod R. Of the draws of the steps those
/// taken as normals are made by Brownian bridges, one a column, the others are the points' coordinates themselves;
/// coordinates are numbered: the draws before the steps, then for each node of the bridge the draws of a step. Those
/// beyond the table are PCG draws.
class SobolDraws final : public DrawScheme {
 public:
  SobolDraws(const DrawSource& source, std::uint64_t first, std::size_t lanes, const DrawLayout& layout)
      : table_(source.sobol(layout.draws)),
        first_(first),
        lanes_(lanes),
        layout_(layout),
        sequence_(source.sequence()),
        start_(PcgLanes(source.sequence(), first, lanes, layout.draws).states()),
        bridge_(std::max(layout.steps, 1)),
        coordinate_(1, lanes) {
    for (std::uint64_t c = 0; c < layout.normals_per_step; ++c) {
      ahead_.emplace_back(Bridge::depth(layout.steps), lanes);
      now_.emplace_back(1, lanes);
    }
  }

  void uniforms(double* u) override {
    const Place place = next();
    if (place.bridged) throw std::logic_error("a model takes as a uniform what it declared to be a normal");
    coordinate(place.dimension, u);
  }
  void normals(double* z) override {
    const Place place = next();
    if (place.bridged) {
      bridged(place.column, z);
    } else {
      coordinate(place.dimension, z);
      inverse_normal_lanes(z, z, lanes_);
    }
  }
  void skip(std::uint64_t count) override {
    std::vector<double> unused(lanes_);
    for (; count > 0; --count) {
      const Place place = next();
      if (place.bridged) bridged(place.column, unused.data());
    }
  }

 private:
  struct Place {
    bool bridged;
    std::uint64_t column, dimension;
  };

  /// What the next draw is; enters the step that it is the first of.
  Place next() {
    const std::uint64_t draw = draw_++;
    if (layout_.per_step == 0 || draw < layout_.before_steps) return {false, 0, draw};
    const std::uint64_t in_steps = draw - layout_.before_steps, column = in_steps % layout_.per_step;
    step_ = int(in_steps / layout_.per_step) + 1;
    if (column == 0) bridge_.advance(step_);
    return {column < layout_.normals_per_step, column, dimension(bridge_.rank(step_), column)};
  }

  std::uint64_t dimension(std::size_t rank, std::uint64_t column) const {
    return layout_.before_steps + rank * layout_.per_step + column;
  }

  void coordinate(std::uint64_t dimension, double* u) const {
    if (dimension >= table_->dimensions()) {
      const LcgJump jump = lcg_jump(2 * dimension, sequence_.increment());
      for (std::size_t lane = 0; lane < lanes_; ++lane) u[lane] = sequence_.uniform_at(jump(start_[lane]));
      return;
    }
    const std::uint32_t replications = table_->replications(), d = std::uint32_t(dimension);
    for (std::size_t begin = 0; begin < std::min<std::size_t>(replications, lanes_); ++begin) {
      const auto r = std::uint32_t((first_ + begin) % replications);
      std::uint64_t k = (first_ + begin) / replications, word = table_->word(r, d, k);
      for (std::size_t lane = begin;; ++k) {
        u[lane] = uniform_of(word);
        if ((lane += replications) >= lanes_) break;
        word = table_->next(r, d, k, word);
      }
    }
  }

  /// B(step) - B(step - 1), a standard normal.
  void bridged(std::uint64_t column, double* z) {
    LaneArray& ahead = ahead_[column];
    double* now = now_[column].row(0);
    double* normal = coordinate_.row(0);
    auto draw_normal = [&](int step) {
      coordinate(dimension(bridge_.rank(step), column), normal);
      inverse_normal_lanes(normal, normal, lanes_);
    };
    if (step_ == 1) {
      draw_normal(layout_.steps);
      const double scale = std::sqrt(double(layout_.steps));
      for (std::size_t lane = 0; lane < lanes_; ++lane) ahead(0, lane) = scale * normal[lane];
    }
    for (const Bridge::Node& node : bridge_.made()) {
      draw_normal(node.step);
      const double span = node.right - node.left, past = node.step - node.left, left = node.right - node.step;
      const double to_right = past / span, scale = std::sqrt(past * left / span);
      const double* right = ahead.row(node.slot - 1);
      double* value = ahead.row(node.slot);
      for (std::size_t lane = 0; lane < lanes_; ++lane) {
        value[lane] = now[lane] + to_right * (right[lane] - now[lane]) + scale * normal[lane];
      }
    }
    const double* reached = ahead.row(bridge_.last());
    for (std::size_t lane = 0; lane < lanes_; ++lane) {
      z[lane] = reached[lane] - now[lane];
      now[lane] = reached[lane];
    }
  }

  std::shared_ptr<const ScrambledSobol> table_;
  std::uint64_t first_, draw_ = 0;
  std::size_t lanes_;
  DrawLayout layout_;
  PcgSequence sequence_;
  std::vector<std::uint64_t> start_;  ///< the lanes' PCG states before their first draws
  Bridge bridge_;
  int step_ = 0;
  std::vector<LaneArray> ahead_, now_;  ///< by column: the bridge's stack, and its value now
  LaneArray coordinate_;
};

}  // namespace

std::unique_ptr<DrawScheme> make_sobol(const DrawSource& source, std::uint64_t first_scenario, std::size_t lanes,
                                       const DrawLayout& layout) {
  return std::make_unique<SobolDraws>(source, first_scenario, lanes, layout);
}

}  // namespace ballast

#include "engine/optimize/tail_window.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/optimize/loss_scan.h"
#include "engine/optimize/slices.h"
#include "engine/optimize/tail_selection.h"
#include "scenarios/base/lanes.h"

namespace ballast {
namespace {

constexpr double kMissing = ScenarioSample::kMissing;

/// Masses as whole numbers: scenarios of equal probability count 1, others in 2^-60 of the whole.
class WholeMass {
 public:
  explicit WholeMass(const ScenarioSample& sample)
      : sample_(sample), scale_(sample.equal() ? 1.0 : std::ldexp(1.0, 60) / sample.total_mass()) {}
  std::uint64_t of(double mass) const { return std::uint64_t(std::floor(mass * scale_)); }
  std::uint64_t at(std::int64_t position) const { return std::uint64_t(std::llround(sample_.mass(position) * scale_)); }

 private:
  const ScenarioSample& sample_;
  double scale_;
};

/// A loss that about `mass` of the sample exceeds, from every k-th loss here, on the safe side.
double threshold(const ScenarioSample& sample, const std::vector<double>& losses, double mass) {
  const double part = mass / sample.total_mass();
  if (losses.size() < 4096 || part > 0.9) return kMissing;
  const std::size_t wanted_count = losses.size() < 65536 ? 1024 : 4096, stride = losses.size() / wanted_count | 1;
  std::vector<std::pair<double, double>> drawn;
  double total = 0.0;
  for (std::size_t j = 0; j < losses.size(); j += stride) {
    if (losses[j] == kMissing) continue;
    drawn.emplace_back(losses[j], sample.mass(std::int64_t(j)));
    total += drawn.back().second;
  }
  std::sort(drawn.begin(), drawn.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  const double count = double(drawn.size());
  const double wanted = total * (part + 5.0 * std::sqrt(part / count) + 8.0 / count);
  double sum = 0.0;
  for (const auto& [loss, m] : drawn) {
    sum += m;
    if (sum >= wanted) return loss;
  }
  return kMissing;
}

/// The scenarios with the largest losses, holding more than `mass` everywhere (or all).
std::vector<TailCandidate> worst_candidates(const ScenarioSample& sample, const std::vector<double>& losses,
                                            double mass) {
  const WholeMass whole(sample);
  double least =
      sample.ranks().least(losses.empty() ? std::numeric_limits<double>::infinity() : threshold(sample, losses, mass));
  while (true) {
    std::array<std::vector<TailCandidate>, Slices::kCount> parts;
    Slices{losses.size()}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
      for (std::size_t j = begin; j < end; ++j) {
        if (losses[j] < least || losses[j] == kMissing) continue;
        const std::uint64_t m = whole.at(std::int64_t(j));
        if (m > 0) parts[slice].push_back({losses[j], m});
      }
    });
    std::vector<TailCandidate> found = std::move(parts[0]);
    for (std::size_t k = 1; k < parts.size(); ++k) found.insert(found.end(), parts[k].begin(), parts[k].end());
    std::uint64_t sum = 0;
    for (const TailCandidate& c : found) sum += c.mass;
    sample.ranks().sum({&sum, 1});
    if (least == kMissing || sum > whole.of(mass)) return found;
    least = kMissing;
  }
}

/// Positions below `count` that `wanted` takes, in order.
template <class Wanted>
std::vector<std::int64_t> positions_where(std::size_t count, Wanted&& wanted) {
  std::array<std::vector<std::int64_t>, Slices::kCount> parts;
  Slices{count}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
    for (std::size_t j = begin; j < end; ++j) {
      if (wanted(j)) parts[slice].push_back(std::int64_t(j));
    }
  });
  std::vector<std::int64_t> all = std::move(parts[0]);
  for (std::size_t k = 1; k < parts.size(); ++k) all.insert(all.end(), parts[k].begin(), parts[k].end());
  return all;
}

}  // namespace

std::size_t ScenarioSample::blocks_of(const ScenarioSet& set) {
  return (set.everywhere() + kBlockScenarios - 1) / kBlockScenarios;
}

ScenarioSample::ScenarioSample(const ScenarioSet& set, std::size_t count, double confidence)
    : set_(set), blocks_(set, count), equal_(ranks().largest(set.probability.empty() ? 0.0 : 1.0) == 0.0) {
  if (equal_) {
    total_mass_ = double(blocks_.scenarios_everywhere());
  } else {
    total_mass_ = blocks_.sums(1, [&](std::size_t k, double* sum) {
      const auto [begin, size] = blocks_[k];
      for (std::size_t s = begin; s < begin + size; ++s) *sum += set_.probability[s];
    })[0];
  }
  tail_mass_ = (1.0 - confidence) * total_mass_;
}

std::size_t ScenarioSample::positions() const { return blocks_.here() * kBlockScenarios; }

std::int64_t ScenarioSample::scenario(std::int64_t position) const {
  const std::size_t p = std::size_t(position);
  return std::int64_t(blocks_[p / kBlockScenarios].begin + p % kBlockScenarios);
}

double ScenarioSample::scan(const Eigen::VectorXd& weights, std::vector<double>& losses) const {
  return scan(weights, losses, nullptr);
}

double ScenarioSample::scan(const Eigen::VectorXd& weights, std::vector<double>& losses,
                            std::vector<float>& spreads) const {
  spreads.resize(positions());
  return scan(weights, losses, spreads.data());
}

double ScenarioSample::scan(const Eigen::VectorXd& weights, std::vector<double>& losses, float* spreads) const {
  losses.resize(positions());
  const double absolute = blocks_.sums(1, [&](std::size_t k, double* sum) {
    const auto [begin, size] = blocks_[k];
    double* block = &losses[k * kBlockScenarios];
    if (spreads == nullptr) {
      row_losses(set_, begin, size, weights.data(), block);
    } else {
      row_losses_and_spreads(set_, begin, size, weights.data(), block, spreads + k * kBlockScenarios);
    }
    std::fill(block + size, block + kBlockScenarios, kMissing);
    for (std::size_t j = 0; j < size; ++j) *sum += set_.mass_of(begin + j) * std::abs(block[j]);
    set_.release(begin, size);
  })[0];
  if (!std::isfinite(absolute)) check_scenarios(set_);
  return absolute / total_mass_;
}

double ScenarioSample::loss_at(const std::vector<double>& losses, double mass) const {
  return loss_at_mass(worst_candidates(*this, losses, mass), WholeMass(*this).of(mass), ranks());
}

TailEdges ScenarioSample::edges(const std::vector<double>& losses, double half_width) const {
  const double above = (1.0 - std::min(half_width, 0.999)) * tail_mass_;
  const double below = std::min((1.0 + half_width) * tail_mass_, total_mass_);
  const WholeMass whole(*this);
  const std::vector<TailCandidate> candidates = worst_candidates(*this, losses, below);
  TailEdges edges;
  // (1 - 0.9) x 10 is a little below 1 in binary: without the margin the worst scenario alone would not fill the tail.
  edges.var = loss_at_mass(candidates, whole.of(tail_mass_ * (1.0 + 1e-12)), ranks());
  edges.low = half_width > 0.0 ? std::min(edges.var, loss_at_mass(candidates, whole.of(below), ranks())) : edges.var;
  if (half_width < 0.999) {
    edges.high = half_width > 0.0 ? std::max(edges.var, loss_at_mass(candidates, whole.of(above), ranks())) : edges.var;
  }
  double worst = kMissing;
  for (const TailCandidate& c : candidates) worst = std::max(worst, c.loss);
  edges.worst = ranks().largest(worst);
  const std::vector<double> beyond = blocks_.sums(2, [&](std::size_t k, double* sum) {
    const double* block = &losses[k * kBlockScenarios];
    for (std::size_t j = 0; j < kBlockScenarios; ++j) {
      if (!(block[j] > edges.var)) continue;
      const double m = mass(std::int64_t(k * kBlockScenarios + j));
      sum[0] += m;
      sum[1] += m * block[j];
    }
  });
  edges.cvar = (beyond[1] + std::max(0.0, tail_mass_ - beyond[0]) * edges.var) / tail_mass_;
  return edges;
}

void WindowRows::add(std::vector<double> rows) {
  if (values_.empty()) {
    values_ = std::move(rows);
  } else {
    values_.insert(values_.end(), rows.begin(), rows.end());
  }
}

Eigen::VectorXd WindowRows::weighted_growth(std::span<const double> factors) const {
  const long n = long(assets_);
  Eigen::MatrixXd parts = Eigen::MatrixXd::Zero(n, Slices::kCount);
  Slices{factors.size()}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
    double* sum = parts.col(long(slice)).data();
    for (std::size_t k = begin; k < end; ++k) {
      if (factors[k] == 0.0) continue;
      const double* row = growth(k);
      for (long i = 0; i < n; ++i) sum[i] += factors[k] * row[i];
    }
  });
  Eigen::VectorXd total = parts.col(0);
  for (long k = 1; k < parts.cols(); ++k) total += parts.col(k);
  return total;
}

TailWindow::TailWindow(const ScenarioSample& sample) : sample_(sample), rows_(sample.set().assets) {}

template <class Wanted>
void TailWindow::add_block(std::size_t k, double* sums, Wanted&& wanted) const {
  const ScenarioSet& set = sample_.set();
  const auto [begin, size] = sample_.blocks()[k];
  for (std::size_t j = 0; j < size; ++j) {
    const std::size_t position = k * kBlockScenarios + j, scenario = begin + j;
    if (!wanted(position)) continue;
    const double h = share(std::int64_t(position));
    const double* row = set.row(scenario);
    sums[0] += h;
    sums[1] += h * set.liability_of(scenario);
    for (std::size_t i = 0; i < set.assets; ++i) sums[2 + i] += h * row[i];
  }
  set.release(begin, size);
}

void TailWindow::open(const std::vector<double>& losses, double low, double high) {
  side_.assign(sample_.positions(), Side::out);
  const std::vector<std::int64_t> entering = positions_where(losses.size(), [&](std::size_t j) {
    if (!(losses[j] >= low) || losses[j] == kMissing || !(sample_.mass(std::int64_t(j)) > 0.0)) return false;
    side_[j] = losses[j] > high ? Side::in : Side::free;
    return side_[j] == Side::free;
  });
  const long n = long(sample_.set().assets);
  const std::vector<double> inside = sample_.blocks().sums(std::size_t(n) + 2, [&](std::size_t k, double* sums) {
    add_block(k, sums, [&](std::size_t position) { return side_[position] == Side::in; });
  });
  free_tail_ = 1.0 - inside[0];
  fixed_.constant = inside[1];
  fixed_.slope = -Eigen::Map<const Eigen::VectorXd>(&inside[2], n);
  members_ = 0;
  rows_ = WindowRows(sample_.set().assets);
  enter(entering);
}

void TailWindow::widen(const std::vector<double>& losses, double low, double high) {
  auto fell_out = [&](std::size_t j) { return side_[j] == Side::in && losses[j] <= high; };
  const std::vector<std::int64_t> entering = positions_where(losses.size(), [&](std::size_t j) {
    const bool came_near = side_[j] == Side::out && losses[j] >= low && losses[j] != kMissing;
    return fell_out(j) || (came_near && sample_.mass(std::int64_t(j)) > 0.0);
  });
  std::uint64_t leaving = 0;
  for (std::int64_t j : entering) leaving += fell_out(std::size_t(j));
  sample_.ranks().sum({&leaving, 1});
  if (leaving > 0) {
    const long n = long(sample_.set().assets);
    const std::vector<double> released =
        sample_.blocks().sums(std::size_t(n) + 2, [&](std::size_t k, double* sums) { add_block(k, sums, fell_out); });
    free_tail_ += released[0];
    fixed_.constant -= released[1];
    fixed_.slope += Eigen::Map<const Eigen::VectorXd>(&released[2], n);
  }
  for (std::int64_t position : entering) side_[std::size_t(position)] = Side::free;
  enter(entering);
}

void TailWindow::enter(const std::vector<std::int64_t>& entering) {
  std::uint64_t count = entering.size();
  sample_.ranks().sum({&count, 1});
  if (count == 0) return;
  members_ += count;
  const ScenarioSet& set = sample_.set();
  std::vector<double> mine(entering.size() * rows_.width());
  Slices{entering.size()}.for_each([&](std::size_t, std::size_t begin, std::size_t end) {
    std::size_t looked_at_from = 0;
    for (std::size_t k = begin; k < end; ++k) {
      const auto scenario = std::size_t(sample_.scenario(entering[k]));
      double* to = &mine[k * rows_.width()];
      std::copy_n(set.row(scenario), set.assets, to);
      to[set.assets] = set.liability_of(scenario);
      to[set.assets + 1] = share(entering[k]);
      if (k == begin) looked_at_from = scenario;
      if ((k - begin) % kBlockScenarios == kBlockScenarios - 1 || k + 1 == end) {
        set.release(looked_at_from, scenario + 1 - looked_at_from);
        looked_at_from = scenario + 1;
      }
    }
  });
  rows_.add(sample_.ranks().gather(std::move(mine)));
}

}  // namespace ballast

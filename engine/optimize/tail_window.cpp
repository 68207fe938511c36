#include "engine/optimize/tail_window.h"

#include <array>

#include "engine/optimize/loss_scan.h"
#include "engine/optimize/slices.h"
#include "scenarios/base/lanes.h"

namespace ballast {

void WindowRows::reserve(std::size_t more) {
  growth_.reserve(size() + more);
  liability_.reserve(size() + more);
  share_.reserve(size() + more);
}

void WindowRows::add(const double* growth, double liability, double share) {
  growth_.push_back(growth);
  liability_.push_back(liability);
  share_.push_back(share);
}

void WindowRows::add_copies(std::vector<double> rows) {
  const std::vector<double>& kept = copies_.emplace_back(std::move(rows));
  reserve(kept.size() / width());
  for (std::size_t at = 0; at < kept.size(); at += width()) {
    add(&kept[at], kept[at + assets_], kept[at + assets_ + 1]);
  }
}

Eigen::VectorXd WindowRows::weighted_growth(std::span<const double> factors) const {
  const long n = long(assets_);
  Eigen::MatrixXd parts = Eigen::MatrixXd::Zero(n, Slices::kCount);
  Slices{factors.size()}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
    double* sum = parts.col(long(slice)).data();
    for (std::size_t k = begin; k < end; ++k) {
      if (k + kRowsAhead < end) prefetch_row(growth(k + kRowsAhead), assets_);
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
std::vector<double> TailWindow::sums_where(Wanted&& wanted) const {
  const ScenarioSet& set = sample_.set();
  return sample_.blocks().sums(set.assets + 2, [&](std::size_t k, double* sums) {
    const auto [begin, size] = sample_.blocks()[k];
    std::array<std::uint16_t, kBlockScenarios> taken;
    std::size_t count = 0;
    for (std::size_t j = 0; j < size; ++j) {
      taken[count] = std::uint16_t(j);
      count += wanted(k * kBlockScenarios + j);
    }
    for (std::size_t j = 0; j < count; ++j) {
      if (j + kRowsAhead < count) prefetch_row(set.row(begin + taken[j + kRowsAhead]), set.assets);
      const std::size_t scenario = begin + taken[j];
      const double h = share(std::int64_t(k * kBlockScenarios + taken[j]));
      const double* row = set.row(scenario);
      sums[0] += h;
      sums[1] += h * set.liability_of(scenario);
      for (std::size_t i = 0; i < set.assets; ++i) sums[2 + i] += h * row[i];
    }
    set.release(begin, size);
  });
}

TailWindow::Edges::Edges(const ScenarioSample& sample, const Losses& losses, const TailEdges& edges,
                         const Spreads* spreads)
    : losses_(losses), spreads_(spreads), edges_(edges) {
  if (!spreads) return;
  auto add = [&](std::size_t k, double* sums) {
    for (std::size_t j = k * kBlockScenarios; j < (k + 1) * kBlockScenarios; ++j) {
      if (losses[j] < edges.low || losses[j] > edges.high) continue;
      sums[0] += 1.0;
      sums[1] += double((*spreads)[j]);
    }
  };
  std::vector<double> near(2, 0.0);
  constexpr std::size_t kFew = 65'536;  // starting threads would take longer; the same sums, block by block
  if (sample.ranks().alone() && sample.set().scenarios < kFew) {
    for (std::size_t k = 0; k < sample.blocks().here(); ++k) {
      double of_block[2] = {0.0, 0.0};
      add(k, of_block);
      near[0] += of_block[0];
      near[1] += of_block[1];
    }
  } else {
    near = sample.blocks().sums(2, add);
  }
  per_spread_ = near[1] > 0.0 ? near[0] / near[1] : 1.0;
}

void TailWindow::open(const Losses& losses, const TailEdges& tail, const Spreads* spreads) {
  const Edges edges(sample_, losses, tail, spreads);
  side_.assign(sample_.positions(), Side::out);
  std::vector<std::int64_t> entering;
  for (std::int64_t j : positions_where(losses.size(), [&](std::size_t k) { return edges.above_low(k); })) {
    if (losses[std::size_t(j)] == ScenarioSample::kMissing || !(sample_.mass(j) > 0.0)) continue;
    const bool in = edges.above_high(std::size_t(j));
    side_[std::size_t(j)] = in ? Side::in : Side::free;
    if (!in) entering.push_back(j);
  }
  const std::vector<double> inside = sums_where([&](std::size_t position) { return side_[position] == Side::in; });
  free_tail_ = 1.0 - inside[0];
  fixed_.constant = inside[1];
  fixed_.slope = -Eigen::Map<const Eigen::VectorXd>(&inside[2], long(sample_.set().assets));
  members_ = 0;
  rows_ = WindowRows(sample_.set().assets);
  enter(entering);
}

void TailWindow::widen(const Losses& losses, const TailEdges& tail, const Spreads* spreads) {
  const Edges edges(sample_, losses, tail, spreads);

  auto fell_out = [&](std::size_t j) { return side_[j] == Side::in && !edges.above_high(j); };
  const std::vector<std::int64_t> entering = positions_where(losses.size(), [&](std::size_t j) {
    const bool came_near = side_[j] == Side::out && edges.above_low(j) && losses[j] != ScenarioSample::kMissing;
    return fell_out(j) || (came_near && sample_.mass(std::int64_t(j)) > 0.0);
  });
  std::uint64_t leaving = 0;
  for (std::int64_t j : entering) leaving += fell_out(std::size_t(j));
  sample_.ranks().sum({&leaving, 1});
  if (leaving > 0) {
    const long n = long(sample_.set().assets);
    const std::vector<double> released = sums_where(fell_out);
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
  if (sample_.ranks().alone() && !set.done_with) {
    rows_.reserve(entering.size());
    for (std::int64_t position : entering) {
      const auto scenario = std::size_t(sample_.scenario(position));
      rows_.add(set.row(scenario), set.liability_of(scenario), share(position));
    }
    return;
  }
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
  rows_.add_copies(sample_.ranks().gather(std::move(mine)));
}

}  // namespace ballast

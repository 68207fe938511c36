#include "engine/optimize/tail_window.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/optimize/loss_scan.h"
#include "engine/optimize/slices.h"
#include "scenarios/base/lanes.h"

namespace ballast {

std::size_t ScenarioSample::blocks_of(const ScenarioSet& set) {
  return (set.scenarios + kBlockScenarios - 1) / kBlockScenarios;
}

ScenarioSample::ScenarioSample(const ScenarioSet& set, std::size_t count, double confidence)
    : set_(set), blocks_(blocks_of(set)), count_(count) {
  for (std::size_t k = 0; k < count_; ++k) {
    const std::size_t begin = block_begin(k), end = std::min(set_.scenarios, begin + kBlockScenarios);
    if (set_.probability.empty()) {
      total_mass_ += double(end - begin);
    } else {
      for (std::size_t s = begin; s < end; ++s) total_mass_ += set_.probability[s];
    }
  }
  tail_mass_ = (1.0 - confidence) * total_mass_;
}

std::size_t ScenarioSample::block_begin(std::size_t k) const { return k * blocks_ / count_ * kBlockScenarios; }

std::size_t ScenarioSample::positions() const { return count_ * kBlockScenarios; }

std::int64_t ScenarioSample::scenario(std::int64_t position) const {
  const std::size_t p = std::size_t(position);
  return std::int64_t(block_begin(p / kBlockScenarios) + p % kBlockScenarios);
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
  std::vector<double> absolute(count_, 0.0);
  parallel_for(count_, [&](std::size_t k) {
    const std::size_t begin = block_begin(k), count = std::min(kBlockScenarios, set_.scenarios - begin);
    double* block = &losses[k * kBlockScenarios];
    if (spreads == nullptr) {
      row_losses(set_, begin, count, weights.data(), block);
    } else {
      row_losses_and_spreads(set_, begin, count, weights.data(), block, spreads + k * kBlockScenarios);
    }
    std::fill(block + count, block + kBlockScenarios, kMissing);
    for (std::size_t j = 0; j < count; ++j) absolute[k] += set_.mass_of(begin + j) * std::abs(block[j]);
    set_.release(begin, count);
  });
  double sum = 0.0;
  for (double part : absolute) sum += part;
  if (!std::isfinite(sum)) check_scenarios(set_);
  return sum / total_mass_;
}

double ScenarioSample::threshold(const std::vector<double>& losses, double mass) const {
  const double part = mass / total_mass_;
  if (losses.size() < 4096 || part > 0.9) return kMissing;
  const std::size_t wanted_count = losses.size() < 65536 ? 1024 : 4096, stride = losses.size() / wanted_count | 1;
  std::vector<std::pair<double, double>> drawn;
  double total = 0.0;
  for (std::size_t j = 0; j < losses.size(); j += stride) {
    if (losses[j] == kMissing) continue;
    drawn.emplace_back(losses[j], this->mass(std::int64_t(j)));
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

void ScenarioSample::worst(const std::vector<double>& losses, double mass, std::vector<TailEntry>& entries) const {
  double least = threshold(losses, mass);
  while (true) {
    std::array<std::vector<TailEntry>, Slices::kCount> parts;
    Slices{losses.size()}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
      for (std::size_t j = begin; j < end; ++j) {
        if (losses[j] < least || losses[j] == kMissing) continue;
        const double m = this->mass(std::int64_t(j));
        if (m > 0.0) parts[slice].push_back({losses[j], m, std::int64_t(j)});
      }
    });
    entries.clear();
    double found = 0.0;
    for (const auto& part : parts) entries.insert(entries.end(), part.begin(), part.end());
    for (const TailEntry& entry : entries) found += entry.mass;
    if (least == kMissing || found >= mass) return;
    least = kMissing;
  }
}

Eigen::VectorXd ScenarioSample::weighted_rows(const std::vector<std::pair<std::int64_t, double>>& factors) const {
  const long n = long(set_.assets);
  Eigen::MatrixXd parts = Eigen::MatrixXd::Zero(n, Slices::kCount);
  Slices{factors.size()}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
    double* sum = parts.col(long(slice)).data();
    for (std::size_t k = begin; k < end; ++k) {
      const double* row = set_.row(std::size_t(scenario(factors[k].first)));
      const double factor = factors[k].second;
      for (long i = 0; i < n; ++i) sum[i] += factor * row[i];
    }
  });
  Eigen::VectorXd total = parts.col(0);
  for (long k = 1; k < parts.cols(); ++k) total += parts.col(k);
  return total;
}

void TailWindow::open(const std::vector<TailEntry>& entries, double low, double high) {
  side_.assign(sample_.positions(), Side::out);
  members_.clear();
  std::vector<std::pair<std::int64_t, double>> inside;
  for (const TailEntry& entry : entries) {
    if (entry.loss > high) {
      side_[std::size_t(entry.id)] = Side::in;
      inside.emplace_back(entry.id, share(entry.id));
    } else if (entry.loss >= low) {
      side_[std::size_t(entry.id)] = Side::free;
      members_.push_back(entry.id);
    }
  }
  std::sort(inside.begin(), inside.end());
  std::sort(members_.begin(), members_.end());
  free_tail_ = 1.0;
  fixed_.constant = 0.0;
  for (const auto& [position, h] : inside) {
    free_tail_ -= h;
    fixed_.constant += h * sample_.set().liability_of(std::size_t(sample_.scenario(position)));
  }
  fixed_.slope = -sample_.weighted_rows(inside);
}

void TailWindow::widen(const std::vector<double>& losses, double low, double high) {
  std::array<std::vector<std::int64_t>, Slices::kCount> found;
  Slices{losses.size()}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
    for (std::size_t j = begin; j < end; ++j) {
      const bool fell_out = side_[j] == Side::in && losses[j] <= high;
      const bool came_near = side_[j] == Side::out && losses[j] >= low && losses[j] != ScenarioSample::kMissing;
      if (fell_out || (came_near && sample_.mass(std::int64_t(j)) > 0.0)) found[slice].push_back(std::int64_t(j));
    }
  });
  std::vector<std::pair<std::int64_t, double>> released;
  for (const auto& part : found) {
    for (std::int64_t position : part) {
      if (side_[std::size_t(position)] == Side::in) {
        const double h = share(position);
        released.emplace_back(position, h);
        free_tail_ += h;
        fixed_.constant -= h * sample_.set().liability_of(std::size_t(sample_.scenario(position)));
      }
      side_[std::size_t(position)] = Side::free;
      members_.push_back(position);
    }
  }
  if (!released.empty()) fixed_.slope += sample_.weighted_rows(released);
}

}  // namespace ballast

#include "scenarios/stats/rank_correlation.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "scenarios/base/parallel.h"

namespace ballast {
namespace {

/// Pairs of equal values among sorted ones.
template <class Equal>
double tied_pairs(std::size_t n, Equal equal) {
  double pairs = 0.0;
  for (std::size_t i = 0, run = 1; i + 1 < n; ++i) {
    run = equal(i, i + 1) ? run + 1 : 1;
    pairs += double(run - 1);
  }
  return pairs;
}

/// Sorts v[begin, end) and returns how many pairs stood in the wrong order.
double sort_counting(std::vector<double>& v, std::vector<double>& spare, std::size_t begin, std::size_t end) {
  if (end - begin < 2) return 0.0;
  const std::size_t middle = (begin + end) / 2;
  double inversions = sort_counting(v, spare, begin, middle) + sort_counting(v, spare, middle, end);
  std::size_t left = begin, right = middle, out = begin;
  while (left < middle && right < end) {
    if (v[right] < v[left]) {
      inversions += double(middle - left);
      spare[out++] = v[right++];
    } else {
      spare[out++] = v[left++];
    }
  }
  std::copy(v.begin() + long(left), v.begin() + long(middle), spare.begin() + long(out));
  std::copy(v.begin() + long(right), v.begin() + long(end), spare.begin() + long(out + middle - left));
  std::copy(spare.begin() + long(begin), spare.begin() + long(end), v.begin() + long(begin));
  return inversions;
}

}  // namespace

std::vector<double> ranks(std::span<const double> x) {
  std::vector<std::size_t> order(x.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return x[a] < x[b]; });
  std::vector<double> rank(x.size());
  for (std::size_t first = 0; first < x.size();) {
    std::size_t last = first;
    while (last + 1 < x.size() && x[order[last + 1]] == x[order[first]]) ++last;
    for (std::size_t i = first; i <= last; ++i) rank[order[i]] = 1.0 + double(first + last) / 2.0;
    first = last + 1;
  }
  return rank;
}

double kendall_tau(std::span<const double> x, std::span<const double> y) {
  const std::size_t n = x.size();
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return x[a] < x[b] || (x[a] == x[b] && y[a] < y[b]); });
  auto same_x = [&](std::size_t i, std::size_t j) { return x[order[i]] == x[order[j]]; };
  const double x_ties = tied_pairs(n, same_x);
  const double both =
      tied_pairs(n, [&](std::size_t i, std::size_t j) { return same_x(i, j) && y[order[i]] == y[order[j]]; });
  std::vector<double> sorted(n), spare(n);
  for (std::size_t i = 0; i < n; ++i) sorted[i] = y[order[i]];
  const double discordant = sort_counting(sorted, spare, 0, n);
  const double y_ties = tied_pairs(n, [&](std::size_t i, std::size_t j) { return sorted[i] == sorted[j]; });
  const double pairs = double(n) * (double(n) - 1) / 2;
  const double scale = std::sqrt((pairs - x_ties) * (pairs - y_ties));
  return scale > 0 ? (pairs - x_ties - y_ties + both - 2 * discordant) / scale : 0.0;
}

Eigen::MatrixXd kendall_correlation(const Eigen::MatrixXd& x) {
  Eigen::MatrixXd r = Eigen::MatrixXd::Identity(x.cols(), x.cols());
  const auto n = std::size_t(x.rows());
  parallel_for(std::size_t(x.cols()), [&](std::size_t i) {
    for (std::size_t j = 0; j < i; ++j) {
      double tau = kendall_tau({x.col(Eigen::Index(i)).data(), n}, {x.col(Eigen::Index(j)).data(), n});
      r(Eigen::Index(i), Eigen::Index(j)) = r(Eigen::Index(j), Eigen::Index(i)) = std::sin(std::numbers::pi / 2 * tau);
    }
  });
  return r;
}

}  // namespace ballast

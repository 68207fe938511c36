#include <algorithm>
#include <cmath>

#include "engine/optimize/hinge_state.h"
#include "engine/optimize/slices.h"

namespace ballast {
namespace {

/// The t > 0 with width/t + width/(t + distance) = 1, without cancellation: a central hinge's slack.
double central_slack(double distance, double width) {
  const double shifted = 2.0 * width - distance, root = std::sqrt(4.0 * width * width + distance * distance);
  return shifted >= 0 ? 0.5 * (shifted + root) : 2.0 * width * distance / (root - shifted);
}

}  // namespace

// A naive start (all slacks and multipliers one) does not converge with a million scenarios. For given x, mu and the
// blocks' multipliers, though, each hinge's central point t q = u z = mu, u - t = offset - fit, q + z = multiplier x
// mass has a closed form, and a block's level follows from sum q = its cost. Row multipliers then fit the reduced costs
// by least squares, and the bounds' multipliers take up the rest: every dual equation holds at the start.
HingeState::HingeState(const HingeProgram& hinge_programme, const Eigen::VectorXd& start, const HingeOptions& options)
    : programme(hinge_programme) {
  hinges = programme.features.rows();
  variables = programme.cost.size();
  blocks = long(programme.blocks.size());
  x = start;
  for (long i = 0; i < programme.rows.rows(); ++i) {
    (programme.row_lower[i] == programme.row_upper[i] ? equality_index : inequality_index).push_back(i);
  }
  auto pick = [&](const std::vector<long>& index) {
    SparseRows part(long(index.size()), variables);
    std::vector<Eigen::Triplet<double>> entries;
    for (long k = 0; k < long(index.size()); ++k) {
      for (SparseRows::InnerIterator e(programme.rows, index[std::size_t(k)]); e; ++e) {
        entries.emplace_back(int(k), int(e.col()), e.value());
      }
    }
    part.setFromTriplets(entries.begin(), entries.end());
    return part;
  };
  equality = pick(equality_index);
  inequality = pick(inequality_index);
  equality_value.resize(equality.rows());
  for (long k = 0; k < equality.rows(); ++k) equality_value[k] = programme.row_lower[equality_index[std::size_t(k)]];
  boxed = variables + inequality.rows();
  box_lower.resize(boxed);
  box_upper.resize(boxed);
  box_lower.head(variables) = programme.lower.array();
  box_upper.head(variables) = programme.upper.array();
  for (long k = 0; k < inequality.rows(); ++k) {
    box_lower[variables + k] = programme.row_lower[inequality_index[std::size_t(k)]];
    box_upper[variables + k] = programme.row_upper[inequality_index[std::size_t(k)]];
  }
  has_lower = box_lower.isFinite().cast<double>();
  has_upper = box_upper.isFinite().cast<double>();
  barrier = Eigen::ArrayXd::Zero(boxed);
  if (programme.barrier.size() > 0) barrier.head(variables) = programme.barrier.array();

  block_multiplier.resize(blocks);
  double mass = 0.0;
  for (long b = 0; b < blocks; ++b) {
    const HingeBlock& block = programme.blocks[std::size_t(b)];
    if (block.limited) limited.push_back(b);
    block_multiplier[b] = block.multiplier;
    mass += block.multiplier * programme.mass.segment(block.begin, block.end - block.begin).sum();
  }
  slack = price = Eigen::ArrayXd::Ones(long(limited.size() + programme.quadratics.size()));
  for (long k = 0; k < long(limited.size()); ++k) price[k] = block_multiplier[limited[std::size_t(k)]];

  t.resize(hinges);
  u.resize(hinges);
  q.resize(hinges);
  z.resize(hinges);
  const double complementary = std::max(2.0 * double(hinges), double(boxed));
  double mu = hinges > 0 ? options.spread * mass / double(hinges) : options.spread / complementary;
  Eigen::VectorXd reduced_cost, row_dual;
  for (int pass = 0; pass < 3; ++pass) {
    for (long b = 0; b < blocks; ++b) choose_level(b, mu);
    fit = features_times(x);
    centre_hinges(mu);
    start_limits(mu);
    reduced_cost = gradient();
    row_dual = fit_row_duals(reduced_cost, options.push);
    reduced_cost -= programme.rows.transpose() * row_dual;
    const double of_bounds = leave_bounds(reduced_cost, mu, options.push);
    if (!options.centred && of_bounds > 2.0 * complementary * mu) {
      mu = of_bounds / complementary;  // the bounds' products would dwarf the hinges': start further out
    } else if (pass > 0) {
      break;
    }
  }
  start_box_duals(reduced_cost, row_dual, mu, options);
  fit = features_times(x);
  centre_hinges(mu);
  start_limits(mu);
}

void HingeState::centre_hinges(double mu) {
  const double* mass = programme.mass.data();
  for (long b = 0; b < blocks; ++b) {
    const HingeBlock& block = programme.blocks[std::size_t(b)];
    const double multiplier = block_multiplier[b];
    Slices{std::size_t(block.end - block.begin)}.for_each([&](std::size_t, std::size_t begin, std::size_t end) {
      for (long s = block.begin + long(begin); s < block.begin + long(end); ++s) {
        const double most = multiplier * mass[s];
        const double distance = programme.offset[s] - fit[s], width = mu / most;
        t[s] = central_slack(distance, width);
        u[s] = central_slack(-distance, width);
        q[s] = most * u[s] / (t[s] + u[s]);
        z[s] = most * t[s] / (t[s] + u[s]);
      }
    });
  }
}

/// Sum of a block's central multipliers when every hinge is `distance - level` from its kink.
double HingeState::central_sum(const HingeBlock& block, double multiplier, const Eigen::ArrayXd& distance, double level,
                               double mu) const {
  double sums[Slices::kCount] = {};
  Slices{std::size_t(block.end - block.begin)}.for_each([&](std::size_t slice, std::size_t begin, std::size_t end) {
    const double *mass = programme.mass.data() + block.begin, *away = distance.data() + block.begin;
    constexpr std::size_t kLanes = 8;
    double lanes[kLanes] = {};
    for (std::size_t s = begin; s < end; s += kLanes) {
      for (std::size_t k = 0; k < std::min(kLanes, end - s); ++k) {
        const double most = multiplier * mass[s + k];
        const double d = away[s + k] - level, twice = 2.0 * mu / most, both = twice + std::sqrt(twice * twice + d * d);
        lanes[k] += most * (0.5 + 0.5 * d / both);
      }
    }
    for (double lane : lanes) sums[slice] += lane;
  });
  double sum = 0.0;
  for (double part : sums) sum += part;
  return sum;
}

/// The level at which the central multipliers add to its cost: they fall with it, so regula falsi (Illinois) finds it.
void HingeState::choose_level(long b, double mu) {
  const HingeBlock& block = programme.blocks[std::size_t(b)];
  const double multiplier = block_multiplier[b];
  const long size = block.end - block.begin;
  x[programme.level(b)] = 0.0;
  const Eigen::ArrayXd distance = programme.offset.array() - features_times(x);
  const double wanted = multiplier * block.slope[programme.level(b)];
  const double margin = 10.0 * mu / (multiplier * programme.mass.segment(block.begin, size).mean());
  double low = distance.segment(block.begin, size).minCoeff() - margin;
  double high = distance.segment(block.begin, size).maxCoeff() + margin;
  auto excess_at = [&](double level) { return central_sum(block, multiplier, distance, level, mu) - wanted; };
  double above = excess_at(low), below = excess_at(high);
  double level = 0.5 * (low + high);
  int last = 0;
  for (int k = 0; k < 24 && above > 0.0 && below < 0.0 && high - low > 1e-3 * margin; ++k) {
    level = k < 3 ? 0.5 * (low + high) : (low * below - high * above) / (below - above);
    const double excess = excess_at(level);
    if (std::abs(excess) < 1e-4 * std::abs(wanted)) break;
    if (excess > 0.0) {
      low = level;
      above = excess;
      if (last > 0) below *= 0.5;
      last = 1;
    } else {
      high = level;
      below = excess;
      if (last < 0) above *= 0.5;
      last = -1;
    }
  }
  x[programme.level(b)] = level;
}

/// Slacks no smaller than where the limits stand; prices of blocks stay as guessed, those of quadratics follow mu.
void HingeState::start_limits(double mu) {
  const long count = long(limited.size());
  for (long k = 0; k < slack.size(); ++k) {
    const double room = -limit_value(k);
    const double size = k < count ? std::abs(programme.blocks[std::size_t(limited[std::size_t(k)])].constant) : 1.0;
    slack[k] = std::max({room, 1e-3 * size, k < count ? mu / price[k] : 1e-12});
    if (k >= count) price[k] = mu / slack[k];
  }
  share_prices();
}

Eigen::VectorXd HingeState::fit_row_duals(const Eigen::VectorXd& reduced_cost, double push) {
  const SparseRows& rows = programme.rows;
  Eigen::VectorXd dual = Eigen::VectorXd::Zero(rows.rows());
  if (rows.rows() == 0) return dual;
  Eigen::VectorXd room = (x - programme.lower).cwiseMin(programme.upper - x).cwiseMin(1.0).cwiseMax(1e-6);
  for (long b = 0; b < blocks; ++b) room[programme.level(b)] = 0.0;
  const Eigen::VectorXd value = rows * x;
  std::vector<long> active;
  for (long i = 0; i < rows.rows(); ++i) {
    const bool near = value[i] - programme.row_lower[i] < push || programme.row_upper[i] - value[i] < push;
    if (near || programme.row_lower[i] == programme.row_upper[i]) active.push_back(i);
  }
  if (active.empty()) return dual;
  Eigen::MatrixXd chosen = Eigen::MatrixXd::Zero(long(active.size()), variables);
  for (long k = 0; k < chosen.rows(); ++k) {
    for (SparseRows::InnerIterator e(rows, active[std::size_t(k)]); e; ++e) chosen(k, e.col()) = e.value();
  }
  Eigen::MatrixXd normal = chosen * room.asDiagonal() * chosen.transpose();
  normal.diagonal().array() += 1e-8 * normal.diagonal().maxCoeff() + 1e-12;
  const Eigen::VectorXd fitted = normal.ldlt().solve(chosen * room.cwiseProduct(reduced_cost));
  for (long k = 0; k < chosen.rows(); ++k) {
    const long i = active[std::size_t(k)];
    dual[i] = fitted[k];
    if (programme.row_lower[i] == -kNoLimit) dual[i] = std::min(dual[i], 0.0);
    if (programme.row_upper[i] == kNoLimit) dual[i] = std::max(dual[i], 0.0);
  }
  return dual;
}

/// Moves x off its bounds, less where the reduced cost is large; returns the complementarity this gives the bounds.
double HingeState::leave_bounds(const Eigen::VectorXd& reduced_cost, double mu, double push) {
  double products = 0.0;
  for (long j = 0; j < variables; ++j) {
    const double lower = programme.lower[j], upper = programme.upper[j], cost = reduced_cost[j];
    const double most = push * std::min(1.0, upper - lower);
    const double distance = std::min(most, std::max(1e-4 * most, mu / (std::abs(cost) + 1e-300)));
    x[j] = std::min(std::max(x[j], lower + distance), upper - distance);
    if (cost > 0 && lower > -kNoLimit) products += cost * (x[j] - lower);
    if (cost < 0 && upper < kNoLimit) products -= cost * (upper - x[j]);
  }
  return products;
}

void HingeState::start_box_duals(const Eigen::VectorXd& reduced_cost, const Eigen::VectorXd& row_dual, double mu,
                                 const HingeOptions& options) {
  const Eigen::VectorXd value = inequality * x;
  activity.resize(inequality.rows());
  for (long k = 0; k < activity.size(); ++k) {
    const double lower = box_lower[variables + k], upper = box_upper[variables + k];
    const double distance = options.push * std::min(1.0, upper - lower);
    activity[k] = std::min(std::max(value[k], lower + distance), upper - distance);
  }
  measure_boxes();
  dual_lower = has_lower * mu / to_lower;
  dual_upper = has_upper * mu / to_upper;
  // Bounds' multipliers take up what is left of the dual equations.
  const double off_centre = options.centred ? 10.0 : kNoLimit;
  // A barrier's multiplier is known: far from it the steps come to nothing.
  dual_lower = (barrier > 0.0).select(barrier / to_lower, dual_lower);
  for (long b = 0; b < boxed; ++b) {
    if (barrier[b] > 0.0) continue;
    const double wanted = b < variables ? reduced_cost[b] : row_dual[inequality_index[std::size_t(b - variables)]];
    const double most_lower = std::max(dual_lower[b], off_centre * mu / to_lower[b]);
    const double most_upper = std::max(dual_upper[b], off_centre * mu / to_upper[b]);
    if (wanted > 0 && has_lower[b] > 0) dual_lower[b] = std::clamp(wanted + dual_upper[b], dual_lower[b], most_lower);
    if (wanted < 0 && has_upper[b] > 0) dual_upper[b] = std::clamp(-wanted + dual_lower[b], dual_upper[b], most_upper);
  }
  y.resize(equality.rows());
  for (long k = 0; k < y.size(); ++k) y[k] = row_dual[equality_index[std::size_t(k)]];
}

}  // namespace ballast

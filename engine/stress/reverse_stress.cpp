#include "engine/stress/reverse_stress.h"

#include <cmath>

#include <Eigen/Eigenvalues>
#include <fmt/format.h>
#include <nlopt.hpp>

#include "engine/stress/rate_shifts.h"

namespace ballast {
namespace {

constexpr double kLeastEigenvalue = 1e-6;  // of the mean one, 1: directions in which nothing moves
constexpr double kFurthest = 30.0;         // standard deviations; nothing beyond is looked for

/// Independent standard coordinates y of the sample's moves x.
class StandardMoves {
 public:
  explicit StandardMoves(const FactorSample& sample) {
    const Eigen::MatrixXd& x = sample.moves;
    Eigen::MatrixXd centred = x.rowwise() - x.colwise().mean();
    Eigen::VectorXd scale =
        (centred.colwise().squaredNorm() / double(std::max<Eigen::Index>(1, x.rows() - 1))).cwiseSqrt();
    Eigen::VectorXd inverse = scale.unaryExpr([](double s) { return s > 0 ? 1 / s : 0.0; });
    Eigen::MatrixXd standard = centred * inverse.asDiagonal();
    Eigen::MatrixXd correlation = standard.transpose() * standard / double(std::max<Eigen::Index>(1, x.rows() - 1));
    Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(correlation);
    Eigen::Index kept = 0, all = scale.size();
    while (kept < all && eigen.eigenvalues()[all - 1 - kept] > kLeastEigenvalue) ++kept;
    Eigen::MatrixXd vectors = eigen.eigenvectors().rightCols(kept).rowwise().reverse();
    Eigen::VectorXd roots = eigen.eigenvalues().tail(kept).reverse().cwiseSqrt();
    to_move_ = scale.asDiagonal() * vectors * roots.asDiagonal();
    to_standard_ = roots.cwiseInverse().asDiagonal() * vectors.transpose() * inverse.asDiagonal();
  }
  Eigen::Index size() const { return to_move_.cols(); }
  Eigen::VectorXd move(const Eigen::VectorXd& y) const { return to_move_ * y; }
  Eigen::VectorXd standard(const Eigen::VectorXd& x) const { return to_standard_ * x; }

 private:
  Eigen::MatrixXd to_move_, to_standard_;
};

/// The funding ratio after a move, less the level.
class Excess {
 public:
  Excess(const StressedBalance& balance, const FactorSample& sample, const StandardMoves& moves,
         const std::vector<double>& weights, double level)
      : balance_(balance), sample_(sample), moves_(moves), weights_(weights), level_(level) {}

  double operator()(const Eigen::VectorXd& y) const {
    StressedMarket market = moved_market(balance_, sample_, "", moves_.move(y));
    double change = 0.0;
    for (std::size_t a = 0; a < weights_.size(); ++a) change += weights_[a] * market.asset_change[a];
    return balance_.initial_assets * (1 + change) / balance_.liabilities.pv(market.state) - level_;
  }
  Eigen::VectorXd gradient(const Eigen::VectorXd& y) const {
    constexpr double kStep = 1e-4;  // standard deviations
    Eigen::VectorXd g(y.size()), at = y;
    for (Eigen::Index k = 0; k < y.size(); ++k) {
      at[k] = y[k] + kStep;
      double up = (*this)(at);
      at[k] = y[k] - kStep;
      g[k] = (up - (*this)(at)) / (2 * kStep);
      at[k] = y[k];
    }
    return g;
  }

 private:
  const StressedBalance& balance_;
  const FactorSample& sample_;
  const StandardMoves& moves_;
  const std::vector<double>& weights_;
  double level_;
};

double half_square(const std::vector<double>& y, std::vector<double>& gradient, void*) {
  double sum = 0.0;
  for (std::size_t k = 0; k < y.size(); ++k) {
    if (!gradient.empty()) gradient[k] = y[k];
    sum += y[k] * y[k] / 2;
  }
  return sum;
}

double constraint(const std::vector<double>& y, std::vector<double>& gradient, void* data) {
  const auto& excess = *static_cast<const Excess*>(data);
  Eigen::VectorXd at = Eigen::Map<const Eigen::VectorXd>(y.data(), Eigen::Index(y.size()));
  if (!gradient.empty()) {
    Eigen::Map<Eigen::VectorXd>(gradient.data(), Eigen::Index(gradient.size())) = excess.gradient(at);
  }
  return excess(at);
}

/// One search; the last point where it stopped.
Eigen::VectorXd search(Excess& excess, const Eigen::VectorXd& start) {
  nlopt::opt solver(nlopt::LD_SLSQP, unsigned(start.size()));
  solver.set_min_objective(half_square, nullptr);
  solver.add_inequality_constraint(constraint, &excess, 1e-10);
  solver.set_lower_bounds(-kFurthest);
  solver.set_upper_bounds(kFurthest);
  solver.set_xtol_rel(1e-9);
  solver.set_maxeval(200);
  std::vector<double> y(start.data(), start.data() + start.size());
  double value = 0.0;
  try {
    solver.optimize(y, value);
  } catch (const std::runtime_error&) {  // no more progress at this precision: the point is still the best one
  }
  return Eigen::Map<Eigen::VectorXd>(y.data(), Eigen::Index(y.size()));
}

/// |y - a g| / |y| with the best a.
double stationarity(const Eigen::VectorXd& y, const Eigen::VectorXd& gradient) {
  if (gradient.squaredNorm() == 0.0 || y.squaredNorm() == 0.0) return 1.0;
  return (y - y.dot(gradient) / gradient.squaredNorm() * gradient).norm() / y.norm();
}

std::vector<Eigen::VectorXd> starting_points(const Excess& excess, Eigen::Index size, double at_origin, int count) {
  Eigen::VectorXd origin = Eigen::VectorXd::Zero(size), slope = excess.gradient(origin);
  std::vector<Eigen::VectorXd> starts;
  double distance = 2.0;
  if (slope.squaredNorm() > 0) {
    Eigen::VectorXd linear = -at_origin / slope.squaredNorm() * slope;
    distance = std::min(linear.norm(), kFurthest / 2);
    starts.push_back(linear.normalized() * distance);
  }
  for (Eigen::Index k = 0; k < size; ++k) {
    for (double sign : {1.0, -1.0}) {
      if (int(starts.size()) < count) starts.push_back(sign * distance * Eigen::VectorXd::Unit(size, k));
    }
  }
  return starts;
}

}  // namespace

StressedMarket moved_market(const StressedBalance& balance, const FactorSample& sample, const std::string& name,
                            const Eigen::VectorXd& move) {
  StressedMarket market = unstressed(balance, name);
  if (!sample.tenors.empty()) {
    const double* first = move.data() + sample.series;
    std::vector<double> shifts(first, first + sample.tenors.size());
    market = rates_stressed(balance, name, shift_shock(name, sample.tenors, shifts));
  }
  if (sample.spreads > 0) shift_simulated_spreads(balance, move.tail(sample.spreads), market);
  for (std::size_t a = 0; a < balance.assets.size(); ++a) {
    if (balance.assets[a].kind != AssetKind::series) continue;
    market.asset_change[a] = std::expm1(move[Eigen::Index(balance.assets[a].series_index)]);
  }
  return market;
}

ReverseStress reverse_stress(const StressedBalance& balance, const std::string& name,
                             const ReverseStressParameters& parameters, const FactorSample& sample,
                             const std::string& portfolio, const std::vector<double>& weights) {
  ReverseStress result;
  result.portfolio = portfolio;
  result.level = parameters.funding_ratio;
  result.horizon_years = sample.horizon_years;
  StandardMoves moves(sample);
  Excess excess(balance, sample, moves, weights, parameters.funding_ratio);
  Eigen::VectorXd best = Eigen::VectorXd::Zero(moves.size());
  double at_origin = excess(best);
  result.status = at_origin <= 0 ? "below already" : "not found";
  if (at_origin > 0 && moves.size() > 0) {
    for (const Eigen::VectorXd& start : starting_points(excess, moves.size(), at_origin, parameters.starts)) {
      ++result.starts;
      Eigen::VectorXd found = search(excess, start);
      if (excess(found) > 1e-8) continue;
      if (result.status == "found" && std::abs(found.norm() - best.norm()) < 1e-4 * best.norm())
        ++result.starts_agreeing;
      if (result.status == "found" && found.norm() >= best.norm()) continue;
      if (result.status != "found" || found.norm() < best.norm() * (1 - 1e-4)) result.starts_agreeing = 1;
      result.status = "found";
      best = found;
    }
  }
  result.distance = result.status == "not found" ? NAN : best.norm();
  StressedMarket market = moved_market(balance, sample, name, moves.move(best));
  result.row = stress_row(balance, market, portfolio, weights);
  if (result.status != "found") return result;
  result.residual = excess(best);
  result.stationarity = stationarity(best, excess.gradient(best));
  double nearest = INFINITY;
  for (Eigen::Index s = 0; s < sample.moves.rows(); ++s) {
    double distance = (moves.standard(sample.moves.row(s).transpose()) - best).norm();
    if (distance < nearest) {
      nearest = distance;
      result.nearest_scenario = std::uint64_t(s);
    }
  }
  result.nearest_distance = nearest;
  StressedMarket beside =
      moved_market(balance, sample, "", sample.moves.row(Eigen::Index(result.nearest_scenario)).transpose());
  result.nearest_funding_ratio = value_sheet(balance, beside, weights).funding_ratio();
  return result;
}

}  // namespace ballast

#include "scenarios/models/regimes.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include <Eigen/Cholesky>
#include <Eigen/LU>
#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/parallel.h"

namespace ballast {
namespace {

constexpr double kPrior = 1.0;  ///< pseudo-observations of each covariance

/// T x K: ln density of each period in each regime.
Eigen::MatrixXd log_densities(const Eigen::MatrixXd& rows, const Regimes& r) {
  Eigen::MatrixXd density(rows.rows(), r.count());
  for (int k = 0; k < r.count(); ++k) {
    Eigen::LLT<Eigen::MatrixXd> cholesky(r.covariance[std::size_t(k)]);
    Eigen::MatrixXd centred = rows.rowwise() - r.mean[std::size_t(k)].transpose();
    density.col(k) = -0.5 * cholesky.matrixL().solve(centred.transpose()).colwise().squaredNorm().transpose();
    density.col(k).array() -= cholesky.matrixLLT().diagonal().array().log().sum() +
                              0.5 * double(rows.cols()) * std::log(2 * std::numbers::pi);
  }
  return density;
}

/// Hamilton's filter; returns ln f of each period given those before it.
Eigen::VectorXd filter(const Eigen::MatrixXd& density, Regimes& r) {
  const Eigen::Index periods = density.rows();
  r.filtered.resize(periods, r.count());
  Eigen::VectorXd predicted = r.initial, log_likelihood(periods);
  for (Eigen::Index t = 0; t < periods; ++t) {
    const double highest = density.row(t).maxCoeff();  // taken out, so that exp cannot underflow for all
    Eigen::VectorXd joint = predicted.array() * (density.row(t).transpose().array() - highest).exp();
    const double sum = joint.sum();
    log_likelihood[t] = highest + std::log(sum);
    joint /= sum;
    r.filtered.row(t) = joint.transpose();
    predicted = r.transition.transpose() * joint;
  }
  return log_likelihood;
}

/// Kim's smoother; returns the expected number of each transition.
Eigen::MatrixXd smooth(Regimes& r) {
  const Eigen::Index periods = r.filtered.rows();
  r.smoothed.resize(periods, r.count());
  r.smoothed.row(periods - 1) = r.filtered.row(periods - 1);
  Eigen::MatrixXd moves = Eigen::MatrixXd::Zero(r.count(), r.count());
  for (Eigen::Index t = periods - 2; t >= 0; --t) {
    Eigen::VectorXd predicted = r.transition.transpose() * r.filtered.row(t).transpose();
    Eigen::VectorXd ratio = r.smoothed.row(t + 1).transpose().cwiseQuotient(predicted.cwiseMax(1e-300));
    Eigen::MatrixXd joint = (r.filtered.row(t).transpose() * ratio.transpose()).cwiseProduct(r.transition);  // from, to
    moves += joint;
    r.smoothed.row(t) = joint.rowwise().sum().transpose();
  }
  return moves;
}

void maximise(const Eigen::MatrixXd& rows, const Eigen::MatrixXd& moves, Regimes& r) {
  const Eigen::Index columns = rows.cols();
  for (int k = 0; k < r.count(); ++k) {
    const Eigen::VectorXd weight = r.smoothed.col(k);
    const double periods = std::max(weight.sum(), 1e-8);
    r.mean[std::size_t(k)] = rows.transpose() * weight / periods;
    Eigen::MatrixXd centred = rows.rowwise() - r.mean[std::size_t(k)].transpose();
    Eigen::MatrixXd square = centred.transpose() * weight.asDiagonal() * centred;
    // Columns have variance 1 here: the prior is the identity.
    r.covariance[std::size_t(k)] = (square + kPrior * Eigen::MatrixXd::Identity(columns, columns)) / (periods + kPrior);
    r.transition.row(k) = moves.row(k).cwiseMax(1e-10) / moves.row(k).cwiseMax(1e-10).sum();
  }
  r.initial = r.smoothed.row(0).transpose();
}

void iterate(const Eigen::MatrixXd& rows, Regimes& r, int most) {
  for (int i = 0; i < most && !r.converged; ++i) {
    const double before = r.log_likelihood;
    r.log_likelihood = filter(log_densities(rows, r), r).sum();
    Eigen::MatrixXd moves = smooth(r);
    r.converged = r.iterations > 0 && std::abs(r.log_likelihood - before) < 1e-9 * double(rows.rows());
    if (!r.converged) maximise(rows, moves, r);
    ++r.iterations;
  }
}

/// Periods divided by how wild (even starts) or how bad (odd starts) the periods around them were.
Regimes divided(const Eigen::MatrixXd& rows, int count, int start) {
  constexpr Eigen::Index kWindows[] = {1, 6, 3, 12};
  constexpr double kShares[] = {0.3, 0.15, 0.5};
  const Eigen::Index periods = rows.rows(), window = kWindows[(start / 2) % 4];
  const double share = kShares[(start / 8 + start) % 3];
  Eigen::VectorXd score =
      start % 2 ? Eigen::VectorXd(-rows.rowwise().mean()) : Eigen::VectorXd(rows.rowwise().squaredNorm());
  Eigen::VectorXd around(periods);
  for (Eigen::Index t = 0; t < periods; ++t) {
    const Eigen::Index first = std::max<Eigen::Index>(0, t - window / 2), last = std::min(periods, first + window);
    around[t] = score.segment(first, last - first).mean();
  }
  std::vector<Eigen::Index> order(static_cast<std::size_t>(periods));
  std::iota(order.begin(), order.end(), Eigen::Index{0});
  std::stable_sort(order.begin(), order.end(), [&](auto a, auto b) { return around[a] < around[b]; });

  Regimes r;
  r.transition = Eigen::MatrixXd::Constant(count, count, 0.1 / (count - 1));
  r.transition.diagonal().setConstant(0.9);
  r.initial = Eigen::VectorXd::Constant(count, 1.0 / count);
  r.mean.resize(std::size_t(count));
  r.covariance.resize(std::size_t(count));
  // The wildest `share` is the last regime; with three, the rest is halved.
  r.smoothed = Eigen::MatrixXd::Zero(periods, count);
  for (Eigen::Index i = 0; i < periods; ++i) {
    const double place = (double(i) + 0.5) / double(periods);
    const int regime = place > 1 - share ? count - 1 : count == 3 && place > (1 - share) / 2 ? 1 : 0;
    r.smoothed(order[std::size_t(i)], regime) = 1.0;
  }
  const Eigen::MatrixXd moves = r.transition;
  maximise(rows, moves, r);
  r.initial = Eigen::VectorXd::Constant(count, 1.0 / count);
  return r;
}

Regimes reordered(const Regimes& r, const std::vector<int>& order) {
  Regimes s = r;
  for (int i = 0; i < r.count(); ++i) {
    const int from = order[std::size_t(i)];
    s.mean[std::size_t(i)] = r.mean[std::size_t(from)];
    s.covariance[std::size_t(i)] = r.covariance[std::size_t(from)];
    s.initial[i] = r.initial[from];
    s.filtered.col(i) = r.filtered.col(from);
    s.smoothed.col(i) = r.smoothed.col(from);
    for (int j = 0; j < r.count(); ++j) s.transition(i, j) = r.transition(from, order[std::size_t(j)]);
  }
  return s;
}

}  // namespace

Eigen::VectorXd Regimes::stationary() const {
  // pi (P - I) = 0 with one equation replaced by sum pi = 1.
  Eigen::MatrixXd a = transition.transpose() - Eigen::MatrixXd::Identity(count(), count());
  a.row(count() - 1).setOnes();
  Eigen::VectorXd b = Eigen::VectorXd::Zero(count());
  b[count() - 1] = 1.0;
  return a.fullPivLu().solve(b);
}

Regimes fit_regimes(const Eigen::MatrixXd& rows, int count, int starts) {
  constexpr int kScouting = 30, kMost = 5000;
  const Eigen::RowVectorXd centre = rows.colwise().mean();
  Eigen::MatrixXd unit = rows.rowwise() - centre;
  const Eigen::RowVectorXd sd = (unit.array().square().colwise().mean()).sqrt();
  unit = unit * sd.cwiseInverse().asDiagonal();

  std::vector<Regimes> found(static_cast<std::size_t>(starts));
  parallel_for(found.size(), [&](std::size_t i) {
    found[i] = divided(unit, count, int(i));
    iterate(unit, found[i], kScouting);
  });
  std::stable_sort(found.begin(), found.end(),
                   [](const Regimes& a, const Regimes& b) { return a.log_likelihood > b.log_likelihood; });
  found.resize(std::min<std::size_t>(found.size(), 2));
  parallel_for(found.size(), [&](std::size_t i) { iterate(unit, found[i], kMost); });
  Regimes best = found.size() > 1 && found[1].log_likelihood > found[0].log_likelihood ? found[1] : found[0];
  if (!best.converged) {
    throw NoSolutionError(
        fmt::format("the likelihood of {} regimes did not converge in {} iterations (EM still moves); use fewer "
                    "regimes, or a longer history",
                    count, best.iterations));
  }
  for (int k = 0; k < count; ++k) {
    if (best.smoothed.col(k).sum() < double(rows.cols()) + 1) {
      throw NoSolutionError(
          fmt::format("a regime holds only {:.1f} of {} periods (too few for the covariance of {} columns); use fewer "
                      "regimes, or a longer history",
                      best.smoothed.col(k).sum(), rows.rows(), rows.cols()));
    }
  }
  std::vector<int> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return best.covariance[std::size_t(a)].trace() < best.covariance[std::size_t(b)].trace();
  });
  best = reordered(best, order);
  for (int k = 0; k < count; ++k) {
    auto& mean = best.mean[std::size_t(k)];
    mean = centre.transpose() + sd.transpose().cwiseProduct(mean);
    auto& covariance = best.covariance[std::size_t(k)];
    covariance = (sd.asDiagonal() * covariance * sd.asDiagonal()).eval();
  }
  best.log_likelihood -= double(rows.rows()) * sd.array().log().sum();
  return best;
}

void filter_and_smooth(const Eigen::MatrixXd& rows, Regimes& regimes) {
  regimes.log_likelihood = filter(log_densities(rows, regimes), regimes).sum();
  smooth(regimes);
}

RegimeErrors regime_errors(const Eigen::MatrixXd& rows, const Regimes& regimes) {
  const int count = regimes.count();
  const Eigen::Index columns = rows.cols(), periods = rows.rows();
  const Eigen::Index transitions = count * (count - 1), size = transitions + 2 * count * columns;
  // The score of parameter i, by moving it up and down; transition probabilities are balanced by the one to stay.
  auto moved = [&](Eigen::Index i, double by) {
    Regimes r = regimes;
    if (i < transitions) {
      const Eigen::Index from = i / (count - 1), other = i % (count - 1), to = other < from ? other : other + 1;
      r.transition(from, to) += by;
      r.transition(from, from) -= by;
    } else {
      const Eigen::Index j = i - transitions, k = j / (2 * columns), c = j % columns;
      const auto regime = std::size_t(k);
      const double sd = std::sqrt(r.covariance[regime](c, c));
      if (j % (2 * columns) < columns) {
        r.mean[regime][c] += by * sd;
      } else {
        r.covariance[regime].row(c) *= std::exp(by);
        r.covariance[regime].col(c) *= std::exp(by);
      }
    }
    return filter(log_densities(rows, r), r);
  };
  Eigen::MatrixXd scores(periods, size);
  parallel_for(std::size_t(size), [&](std::size_t i) {
    double h = 1e-4;
    if (Eigen::Index(i) < transitions) {
      const Eigen::Index from = Eigen::Index(i) / (count - 1), other = Eigen::Index(i) % (count - 1);
      const Eigen::Index to = other < from ? other : other + 1;
      h = std::min({h, regimes.transition(from, to) / 2, regimes.transition(from, from) / 2});
    }
    scores.col(Eigen::Index(i)) = (moved(Eigen::Index(i), h) - moved(Eigen::Index(i), -h)) / (2 * h);
  });
  const Eigen::MatrixXd information = scores.transpose() * scores;
  Eigen::LDLT<Eigen::MatrixXd> factor(information);
  const Eigen::VectorXd error =
      factor.solve(Eigen::MatrixXd::Identity(size, size)).diagonal().cwiseMax(0.0).cwiseSqrt();

  RegimeErrors errors;
  errors.transition = Eigen::MatrixXd::Zero(count, count);
  for (Eigen::Index i = 0; i < transitions; ++i) {
    const Eigen::Index from = i / (count - 1), other = i % (count - 1), to = other < from ? other : other + 1;
    errors.transition(from, to) = error[i];
  }
  if (count == 2) errors.transition.diagonal() << errors.transition(0, 1), errors.transition(1, 0);
  for (int k = 0; k < count; ++k) {
    const Eigen::VectorXd sd = regimes.covariance[std::size_t(k)].diagonal().cwiseSqrt();
    const Eigen::Index first = transitions + k * 2 * columns;
    errors.mean.push_back(error.segment(first, columns).cwiseProduct(sd));
    errors.deviation.push_back(error.segment(first + columns, columns).cwiseProduct(sd));
  }
  return errors;
}

}  // namespace ballast

#include "scenarios/market/nelson_siegel.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Dense>

#include "scenarios/market/curve_shape.h"

namespace ballast {
namespace {

constexpr double kLeastDecay = 0.1, kGreatestDecay = 30.0;
constexpr double kApart = 1.1;  ///< ratio of Svensson's decays: closer ones cannot be told apart

double level_loading(double x) { return x == 0 ? 1.0 : -std::expm1(-x) / x; }

/// Loadings of the zero rate, or of the forward rate.
Eigen::Vector4d loadings(double t, double decay_1, double decay_2, bool forward) {
  double x = t / decay_1, y = decay_2 > 0 ? t / decay_2 : 0.0;
  if (forward) return {1.0, std::exp(-x), x * std::exp(-x), decay_2 > 0 ? y * std::exp(-y) : 0.0};
  return {1.0, level_loading(x), level_loading(x) - std::exp(-x), decay_2 > 0 ? level_loading(y) - std::exp(-y) : 0.0};
}

}  // namespace

NelsonSiegel::NelsonSiegel(std::span<const double> tenors, std::span<const double> zero_rates, double decay_1,
                           double decay_2)
    : decay_1_(decay_1), decay_2_(decay_2) {
  Eigen::Index n = Eigen::Index(tenors.size()), k = decay_2 > 0 ? 4 : 3;
  Eigen::MatrixXd x(n, k);
  Eigen::Map<const Eigen::VectorXd> z(zero_rates.data(), n);
  for (Eigen::Index i = 0; i < n; ++i) x.row(i) = loadings(tenors[std::size_t(i)], decay_1, decay_2, false).head(k);
  // The least b where tenors are too few to tell.
  Eigen::VectorXd b = x.completeOrthogonalDecomposition().solve(z);
  std::copy_n(b.data(), k, b_);
  squared_error_ = (x * b - z).squaredNorm();
}

double NelsonSiegel::zero_rate(double t) const {
  return loadings(t, decay_1_, decay_2_, false).dot(Eigen::Map<const Eigen::Vector4d>(b_));
}

double NelsonSiegel::forward(double t) const {
  return loadings(t, decay_1_, decay_2_, true).dot(Eigen::Map<const Eigen::Vector4d>(b_));
}

namespace {

/// How far the curve leaves the range of its rates, widened by its width or 1%, where no tenor holds it. Decays whose
/// loadings cannot be told apart at the tenors fit as well as others, by coefficients that explode before the first
/// tenor or after the last (Gilli, Grosse & Schumann 2010).
double runaway(const NelsonSiegel& curve, std::span<const double> tenors, std::span<const double> zero_rates) {
  auto [least, greatest] = std::minmax_element(zero_rates.begin(), zero_rates.end());
  double margin = std::max(0.01, *greatest - *least), worst = 0.0;
  auto look = [&](double t) {
    double rate = curve.zero_rate(t);
    worst = std::max({worst, *least - margin - rate, rate - *greatest - margin});
  };
  for (double part : {0.0, 0.125, 0.25, 0.5, 0.75}) look(part * tenors.front());
  for (double times : {1.5, 2.0, 4.0, 10.0, 100.0}) look(times * tenors.back());
  return worst;
}

}  // namespace

Decays fit_decays(std::span<const double> tenors, std::span<const double> zero_rates, bool svensson) {
  auto error = [&](double log_1, double log_2) {
    double first = std::exp(log_1), second = svensson ? std::exp(log_2) : 0.0;
    bool inside = std::min(first, svensson ? second : first) >= kLeastDecay &&
                  std::max(first, second) <= kGreatestDecay && (!svensson || second >= kApart * first);
    if (!inside) return std::numeric_limits<double>::infinity();
    NelsonSiegel curve(tenors, zero_rates, first, second);
    double outside = runaway(curve, tenors, zero_rates);
    return curve.squared_error() + outside * outside;
  };
  constexpr int kSteps = 24;
  double low = std::log(kLeastDecay) + 1e-12, width = std::log(kGreatestDecay / kLeastDecay) - 2e-12,
         step = width / kSteps;
  double best_1 = 0, best_2 = 0, least = std::numeric_limits<double>::infinity();
  auto look = [&](double log_1, double log_2) {
    double found = error(log_1, log_2);
    if (found < least) {
      least = found, best_1 = log_1, best_2 = log_2;
      return true;
    }
    return false;
  };
  for (int i = 0; i <= kSteps; ++i) {
    if (!svensson) {
      look(low + i * step, 0.0);
      continue;
    }
    for (int j = i + 1; j <= kSteps; ++j) look(low + i * step, low + j * step);
  }
  for (; step > 1e-7; step *= 0.5) {
    bool moved = true;
    for (int round = 0; moved && round < 50; ++round) {
      moved = false;
      double at_1 = best_1, at_2 = best_2;
      for (int i = -1; i <= 1; ++i) {
        for (int j = svensson ? -1 : 0; j <= (svensson ? 1 : 0); ++j) {
          if (i || j) moved = look(at_1 + i * step, at_2 + j * step) || moved;
        }
      }
    }
  }
  return {std::exp(best_1), svensson ? std::exp(best_2) : 0.0};
}

namespace {

class NelsonSiegelShape : public CurveShape {
 public:
  explicit NelsonSiegelShape(const NelsonSiegel& curve) : curve_(curve) {}
  double log_discount(double t) const override { return curve_.zero_rate(t) * t; }
  double forward(double t) const override { return curve_.forward(t); }

 private:
  NelsonSiegel curve_;
};

}  // namespace

std::unique_ptr<CurveShape> make_nelson_siegel(std::span<const double> tenors, std::span<const double> zero_rates,
                                               double decay_1, double decay_2) {
  return std::make_unique<NelsonSiegelShape>(NelsonSiegel(tenors, zero_rates, decay_1, decay_2));
}

}  // namespace ballast

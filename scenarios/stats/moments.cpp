#include "scenarios/stats/moments.h"

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include "scenarios/stats/sum.h"

namespace ballast {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

using Span = std::span<const double>;

void check_lengths(std::size_t observations, Span probability) {
  if (!probability.empty() && probability.size() != observations) {
    throw std::invalid_argument(std::to_string(probability.size()) + " probabilities for " +
                                std::to_string(observations) + " observations");
  }
}

double weight(Span probability, std::size_t i) { return probability.empty() ? 1.0 : probability[i]; }

double total_weight(std::size_t observations, Span probability) {
  if (probability.empty()) return static_cast<double>(observations);
  CompensatedSum sum;
  for (double p : probability) sum.add(p);
  return sum.value();
}

// E[(X - centre)^power].
double central_moment(Span x, Span probability, double centre, int power) {
  CompensatedSum sum;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double d = x[i] - centre;
    double term = weight(probability, i);
    for (int k = 0; k < power; ++k) term *= d;
    sum.add(term);
  }
  return sum.value() / total_weight(x.size(), probability);
}

// m_power / m_2^(power / 2).
double standardised_moment(Span x, Span probability, int power) {
  const double centre = mean(x, probability);
  const double m2 = central_moment(x, probability, centre, 2);
  // Rounding of the mean alone must not pass for variation.
  if (!(m2 > 1e-30 * centre * centre)) return kNaN;
  return central_moment(x, probability, centre, power) / std::pow(m2, 0.5 * power);
}

// Columns less their means, each contiguous.
Eigen::MatrixXd centred(const Eigen::MatrixXd& x, const Eigen::VectorXd& means) {
  Eigen::MatrixXd d(x.rows(), x.cols());
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    for (Eigen::Index i = 0; i < x.rows(); ++i) d(i, j) = x(i, j) - means(j);
  }
  return d;
}

Span column(const Eigen::MatrixXd& x, Eigen::Index j) {
  return {x.data() + j * x.rows(), static_cast<std::size_t>(x.rows())};
}

}  // namespace

double mean(Span x) { return mean(x, {}); }

double mean(Span x, Span probability) {
  check_lengths(x.size(), probability);
  if (x.empty()) return kNaN;
  CompensatedSum sum;
  for (std::size_t i = 0; i < x.size(); ++i) sum.add(weight(probability, i) * x[i]);
  return sum.value() / total_weight(x.size(), probability);
}

double variance(Span x) {
  if (x.size() < 2) return kNaN;
  const double n = static_cast<double>(x.size());
  return central_moment(x, {}, mean(x), 2) * n / (n - 1.0);
}

double variance(Span x, Span probability) {
  check_lengths(x.size(), probability);
  return x.empty() ? kNaN : central_moment(x, probability, mean(x, probability), 2);
}

double standard_deviation(Span x) { return std::sqrt(variance(x)); }
double standard_deviation(Span x, Span probability) { return std::sqrt(variance(x, probability)); }

double skewness(Span x) { return standardised_moment(x, {}, 3); }
double skewness(Span x, Span probability) { return standardised_moment(x, probability, 3); }
double excess_kurtosis(Span x) { return standardised_moment(x, {}, 4) - 3.0; }
double excess_kurtosis(Span x, Span probability) { return standardised_moment(x, probability, 4) - 3.0; }

double effective_sample_size(Span probability) {
  if (probability.empty()) return 0.0;
  CompensatedSum sum, squares;
  for (double p : probability) {
    sum.add(p);
    squares.add(p * p);
  }
  return sum.value() * sum.value() / squares.value();
}

Eigen::VectorXd column_means(const Eigen::MatrixXd& x) {
  Eigen::VectorXd means(x.cols());
  for (Eigen::Index j = 0; j < x.cols(); ++j) means(j) = mean(column(x, j));
  return means;
}

Eigen::MatrixXd covariance(const Eigen::MatrixXd& x) {
  const Eigen::MatrixXd d = centred(x, column_means(x));
  const auto n = static_cast<std::size_t>(x.rows());
  const double divisor = n < 2 ? kNaN : static_cast<double>(n - 1);
  Eigen::MatrixXd c(x.cols(), x.cols());
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    for (Eigen::Index k = 0; k <= j; ++k) {
      c(j, k) = c(k, j) = ordered_dot(column(d, j).data(), column(d, k).data(), n) / divisor;
    }
  }
  return c;
}

Eigen::MatrixXd covariance(const Eigen::MatrixXd& x, Span probability) {
  const auto n = static_cast<std::size_t>(x.rows());
  check_lengths(n, probability);
  Eigen::VectorXd means(x.cols());
  for (Eigen::Index j = 0; j < x.cols(); ++j) means(j) = mean(column(x, j), probability);
  const Eigen::MatrixXd d = centred(x, means);
  const double total = total_weight(n, probability);
  Eigen::MatrixXd c(x.cols(), x.cols());
  std::vector<double> weighted(n);
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    for (std::size_t i = 0; i < n; ++i) weighted[i] = weight(probability, i) * column(d, j)[i];
    for (Eigen::Index k = 0; k <= j; ++k) {
      c(j, k) = c(k, j) = ordered_dot(weighted.data(), column(d, k).data(), n) / total;
    }
  }
  return c;
}

Eigen::MatrixXd correlation(const Eigen::MatrixXd& covariance) {
  Eigen::MatrixXd r(covariance.rows(), covariance.cols());
  for (Eigen::Index j = 0; j < r.cols(); ++j) {
    for (Eigen::Index k = 0; k < r.rows(); ++k) {
      const double scale = std::sqrt(covariance(j, j)) * std::sqrt(covariance(k, k));
      r(k, j) = j == k ? 1.0 : scale == 0.0 ? 0.0 : covariance(k, j) / scale;
    }
  }
  return r;
}

}  // namespace ballast

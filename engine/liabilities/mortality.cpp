#include "engine/liabilities/mortality.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/io/csv.h"

namespace ballast {
namespace {

/// The age at which a law's survivors are few enough to forget.
constexpr double kLawLastAge = 130.0;

struct AgeColumn {
  double first_age = 0.0;
  std::vector<double> values;
};

/// A column by ages that rise by one. low, high: what its values may be.
AgeColumn read_by_age(const InputPath& path, const std::string& wanted, const char* other, double low, double high,
                      const char* what, const LiabilityContext& context) {
  CsvTable table(context.files.read(path));
  int age = table.require_column("age"), column = table.find_column(wanted);
  if (column < 0 && *other) column = table.find_column(other);
  if (column < 0) column = table.require_column(wanted);
  table.throw_problems();
  Eigen::MatrixXd numbers = table.numbers(std::vector<int>{age, column});
  table.throw_problems();
  AgeColumn result;
  result.first_age = numbers(0, 0);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    double at = numbers(Eigen::Index(row), 0), value = numbers(Eigen::Index(row), 1);
    if (at != result.first_age + double(row)) {
      table.problem(row, age,
                    fmt::format("the age {} follows {} (ages rise by one); sort the rows, and leave none out", at,
                                row ? numbers(Eigen::Index(row) - 1, 0) : at));
      break;
    }
    if (value < low || value > high) {
      table.problem(row, column,
                    fmt::format("the {} at age {} is {} (it must lie between {} and {})", what, at, value, low, high));
    }
    result.values.push_back(value);
  }
  table.throw_problems();
  return result;
}

}  // namespace

Mortality::Mortality(const MortalityParameters& parameters, const LiabilityContext& context,
                     const std::string& column_of_sex) {
  bool improves = parameters.improvement != 0.0 || parameters.improvements;
  if (improves && parameters.base_year) {
    if (!context.valuation) {
      throw key_error(context.key_path + ".mortality.base_year",
                      "needs a valuation date to count years to; give study.valuation_date");
    }
    YearMonthDay now = to_ymd(*context.valuation);
    years_since_base_ = now.year - *parameters.base_year + year_fraction(to_date({now.year, 1, 1}), *context.valuation);
  }
  if (parameters.gompertz_makeham) {
    law_ = parameters.gompertz_makeham;
    law_improvement_ = parameters.improvement;
    return;
  }
  std::string column = parameters.column.value_or(column_of_sex.empty() ? "qx" : column_of_sex);
  AgeColumn table = read_by_age(*parameters.file, column, "", 0.0, 1.0, "q_x", context);
  first_age_ = table.first_age;
  q_ = std::move(table.values);
  improvement_.assign(q_.size(), parameters.improvement);
  if (!parameters.improvements) return;
  AgeColumn by_age =
      read_by_age(*parameters.improvements, column, "improvement", -0.5, 0.5, "yearly improvement", context);
  for (std::size_t k = 0; k < q_.size(); ++k) {
    double at = std::clamp(first_age_ + double(k) - by_age.first_age, 0.0, double(by_age.values.size() - 1));
    improvement_[k] = by_age.values[std::size_t(at)];
  }
}

double Mortality::last_age() const { return law_ ? kLawLastAge : first_age_ + double(q_.size()); }

/// The integral of the law's force from now to `time`: of a (1-i)^s + b exp(c (x + s)) (1-i)^s, s from 0.
double Mortality::cumulated_law(double age, double time) const {
  double decline = std::log1p(-law_improvement_), start = std::exp(decline * years_since_base_);
  auto integral = [&](double rate) { return rate == 0.0 ? time : std::expm1(rate * time) / rate; };
  return start * (law_->a * integral(decline) + law_->b * std::exp(law_->c * age) * integral(law_->c + decline));
}

std::vector<double> Mortality::survival(double age, std::span<const double> times, const LongevityShock& shock) const {
  std::vector<double> alive;
  if (law_) {
    for (double t : times) {
      alive.push_back(age + t >= kLawLastAge ? 0.0 : std::exp(-shock.mortality_factor * cumulated_law(age, t)));
    }
    return alive;
  }
  // Year of age by year of age: `at` is the time up to which the force is cumulated.
  double at = 0.0, cumulated = 0.0;
  for (double t : times) {
    while (at < t && std::isfinite(cumulated)) {
      auto k = std::size_t(std::floor(age + at - first_age_ + 1e-9));
      if (k >= q_.size()) {
        cumulated = INFINITY;
        break;
      }
      double end_of_age = first_age_ + double(k) + 1 - age, until = std::min(t, end_of_age);
      double reached = std::max(0.0, end_of_age - 1);
      double q = q_[k] * std::pow(1 - improvement_[k], years_since_base_ + reached) * shock.mortality_factor;
      cumulated += q >= 1 ? INFINITY : -std::log1p(-q) * (until - at);
      at = until;
    }
    alive.push_back(age + t >= last_age() - 1e-9 ? 0.0 : std::exp(-cumulated));
  }
  return alive;
}

}  // namespace ballast

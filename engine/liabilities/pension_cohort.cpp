#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "engine/liabilities/mortality.h"
#include "engine/liabilities/payments.h"
#include "scenarios/base/error.h"
#include "scenarios/io/csv.h"

namespace ballast {
namespace {

enum class Status { active, deferred, pensioner };
constexpr const char* kStatusNames[] = {"active", "deferred", "pensioner"};

struct Member {
  Status status = Status::pensioner;
  double age = 0.0, retirement_age = 0.0;
  double pension = 0.0;  ///< a year, in prices (or salaries) of the valuation date
  double count = 1.0;
  std::string sex;
};

/// The members' file, row by row.
class MemberReader {
 public:
  MemberReader(const PensionCohortParameters& parameters, const LiabilityContext& context)
      : parameters_(parameters), table_(context.files.read(parameters.members)) {}

  std::vector<Member> read() {
    int age = table_.require_column("age"), status = table_.require_column("status");
    table_.throw_problems();
    std::vector<std::string> statuses = table_.texts(status);
    int sex = table_.find_column("sex");
    std::vector<std::string> sexes = sex >= 0 ? table_.texts(sex) : std::vector<std::string>(table_.rows());
    Numbers ages = numbers("age", false), salaries = numbers("salary", true), services = numbers("service_years", true),
            pensions = numbers("pension", true), counts = numbers("count", true),
            retirements = numbers("retirement_age", true);
    table_.throw_problems();
    std::vector<Member> members;
    for (std::size_t row = 0; row < table_.rows(); ++row) {
      Member member;
      auto known = std::find(std::begin(kStatusNames), std::end(kStatusNames), statuses[row]);
      if (known == std::end(kStatusNames)) {
        table_.problem(row, status,
                       fmt::format("the status is '{}' (it must be active, deferred or pensioner)", statuses[row]));
        continue;
      }
      member.status = Status(known - std::begin(kStatusNames));
      member.age = ages.at(row, NAN);
      if (!(member.age >= 0 && member.age <= 130)) {
        table_.problem(row, age, fmt::format("the age is {} (it must lie between 0 and 130)", member.age));
      }
      member.sex = sexes[row];
      member.count = counts.at(row, 1.0);
      member.retirement_age = retirements.at(row, parameters_.retirement_age);
      if (member.status == Status::active) {
        double service = needed(services, row, "service_years", "an active member");
        if (parameters_.future_service) service += std::max(0.0, member.retirement_age - member.age);
        member.pension = parameters_.accrual * needed(salaries, row, "salary", "an active member") * service;
      } else {
        member.pension = needed(pensions, row, "pension", "a member who is not active");
      }
      members.push_back(member);
    }
    table_.throw_problems();
    return members;
  }

 private:
  struct Numbers {
    int column = -1;
    Eigen::MatrixXd values;
    double at(std::size_t row, double otherwise) const {
      if (column < 0 || std::isnan(values(Eigen::Index(row), 0))) return otherwise;
      return values(Eigen::Index(row), 0);
    }
  };
  Numbers numbers(const char* name, bool optional) {
    Numbers result;
    result.column = table_.find_column(name);
    if (result.column < 0) return result;
    std::optional<std::vector<double>> missing;
    if (optional) missing.emplace();
    result.values = table_.numbers(std::vector<int>{result.column}, missing);
    return result;
  }
  double needed(const Numbers& numbers, std::size_t row, const char* name, const char* who) {
    double value = numbers.at(row, NAN);
    if (std::isnan(value) || value < 0) {
      table_.problem(row, std::max(0, numbers.column),
                     fmt::format("{} needs a {} of 0 or more (column '{}')", who, name, name));
      return 0.0;
    }
    return value;
  }

  const PensionCohortParameters& parameters_;
  CsvTable table_;
};

/// Expected pensions, added up on the grid of payment times, apart by the years until retirement.
class PensionCohort : public LiabilityStructure {
 public:
  PensionCohort(const PensionCohortParameters& parameters, const LiabilityContext& context)
      : parameters_(parameters),
        name_(context.name),
        spread_(context.spread),
        members_(MemberReader(parameters, context).read()) {
    for (const Member& member : members_) {
      if (!mortality_.contains(member.sex))
        mortality_.emplace(member.sex, Mortality(parameters.mortality, context, member.sex));
    }
    for (const Member& member : members_) {
      const Mortality& mortality = mortality_.at(member.sex);
      if (member.age < mortality.first_age() || member.age >= mortality.last_age()) {
        throw key_error(context.key_path + ".members",
                        fmt::format("a member is {} years old, which is not an age of the mortality table ({} to {})",
                                    member.age, mortality.first_age(), mortality.last_age() - 1));
      }
      longest_ =
          std::max(longest_, mortality.last_age() - member.age + std::max(0.0, parameters.survivor_age_difference));
    }
  }

  LiabilityTerms terms(const LongevityShock& shock) const override {
    int per_year = parameters_.payments_per_year;
    std::vector<double> times;
    for (long k = 1; k <= std::lround(std::ceil(longest_ * per_year)); ++k) times.push_back(double(k) / per_year);
    std::map<std::pair<bool, int>, std::vector<double>> amounts;  // by whether active and years until retirement
    for (const Member& member : members_) {
      double waits = member.status == Status::pensioner ? 0.0 : std::max(0.0, member.retirement_age - member.age);
      auto first = std::size_t(std::lround(std::ceil(waits * per_year - 1e-9)));  // payments before it are not due
      int years = int(waits + 1e-9);
      bool active = member.status == Status::active && waits > 0;
      std::vector<double>& sum = amounts[{active, years}];
      sum.resize(times.size());
      double pension = member.count * member.pension / per_year;
      if (active) pension *= std::pow(1 + parameters_.salary_growth, waits);
      add(member, first, pension, times, shock, sum);
    }
    return assemble(times, amounts);
  }

 private:
  /// The pension while the member lives, from retirement on; then the partner's share.
  void add(const Member& member, std::size_t first, double pension, const std::vector<double>& times,
           const LongevityShock& shock, std::vector<double>& sum) const {
    std::vector<double> alive = mortality_.at(member.sex).survival(member.age, times, shock);
    for (std::size_t k = first; k < times.size(); ++k) sum[k] += pension * alive[k];
    if (parameters_.survivor_share == 0.0) return;
    // Partners are of the same mortality; a pensioner's death before retirement leaves nothing.
    const Mortality& mortality = mortality_.at(member.sex);
    double partner_age = std::max(mortality.first_age(), member.age - parameters_.survivor_age_difference);
    std::vector<double> partner = mortality.survival(partner_age, times, shock);
    double retired = first == 0 ? 1.0 : alive[std::min(first, times.size()) - 1];
    for (std::size_t k = first; k < times.size(); ++k) {
      sum[k] += parameters_.survivor_share * pension * (retired - alive[k]) * partner[k];
    }
  }

  LiabilityTerms assemble(const std::vector<double>& times,
                          const std::map<std::pair<bool, int>, std::vector<double>>& amounts) const {
    LiabilityTerms terms;
    terms.fixed.name = name_;
    terms.fixed.spread = spread_;
    std::vector<double> fixed(times.size());
    IndexRule after = index_rule(parameters_.indexation);
    for (const auto& [group, sum] : amounts) {
      auto [active, years] = group;
      IndexRule before = !active                                ? index_rule(parameters_.revaluation)
                         : parameters_.salary_follows_inflation ? IndexRule{}
                                                                : no_indexation();
      if (years == 0) before = after;
      if (before == no_indexation() && after == no_indexation()) {
        for (std::size_t k = 0; k < times.size(); ++k) fixed[k] += sum[k];
        continue;
      }
      IndexedFlows flows{before, after, years, {}, {}};
      for (std::size_t k = 0; k < times.size(); ++k) {
        if (sum[k] == 0.0) continue;
        flows.times.push_back(times[k]);
        flows.amounts.push_back(sum[k]);
      }
      terms.indexed.push_back(std::move(flows));
    }
    for (std::size_t k = 0; k < times.size(); ++k) {
      if (fixed[k] == 0.0) continue;
      terms.fixed.times.push_back(times[k]);
      terms.fixed.amounts.push_back(fixed[k]);
    }
    return terms;
  }

  PensionCohortParameters parameters_;
  std::string name_;
  double spread_;
  std::vector<Member> members_;
  std::map<std::string, Mortality> mortality_;  ///< by sex
  double longest_ = 0.0;
};

}  // namespace

std::unique_ptr<LiabilityStructure> make_pension_cohort(const PensionCohortParameters& parameters,
                                                        const LiabilityContext& context) {
  return std::make_unique<PensionCohort>(parameters, context);
}

}  // namespace ballast

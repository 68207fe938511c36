#include <cmath>
#include <string>

#include <doctest/doctest.h>

#include "engine/liabilities/expected_flows.h"
#include "engine/liabilities/liability_book.h"
#include "engine/liabilities/mortality.h"
#include "scenarios/base/error.h"
#include "tests/folders.h"

using namespace ballast;
using doctest::Approx;

namespace {

constexpr double kRate = 0.03;  // annual
const std::optional<Date> kNow = parse_date("2025-12-31");

MarketState flat(double annual = kRate, double breakeven = 0.02) {
  return {YieldCurve({1.0}, {std::log1p(annual)}), YieldCurve({1.0}, {std::log1p(breakeven)}), 1.0, {}};
}

LiabilityParameters named(const char* name = "one") {
  LiabilityParameters liability;
  liability.name = name;
  return liability;
}

LiabilityBook book_of(const LiabilityParameters& liability, const std::map<std::string, std::string>& files = {},
                      const MarketState& now = flat()) {
  InputFiles inputs = InputFiles::embedded(files);
  return LiabilityBook({liability}, kNow, now, inputs);
}

Problem problem_of(const LiabilityParameters& liability, const std::map<std::string, std::string>& files = {},
                   const MarketState& now = flat()) {
  try {
    book_of(liability, files, now);
  } catch (const InputError& error) {
    return error.problems().at(0);
  }
  FAIL("accepted");
  return {};
}

/// Danish-like magnitudes: a man of 65 lives some 19 years more.
const MakehamParameters kLaw{0.0003, 1.7e-5, 0.1035};

/// The integral of f over [0, years] by Simpson's rule.
template <class F>
double integral(double years, F f) {
  constexpr int kPieces = 20000;
  double h = years / kPieces, sum = f(0.0) + f(years);
  for (int k = 1; k < kPieces; ++k) sum += f(k * h) * (k % 2 ? 4 : 2);
  return sum * h / 3;
}

double law_survival(double age, double t) {
  return std::exp(-kLaw.a * t - kLaw.b / kLaw.c * std::exp(kLaw.c * age) * std::expm1(kLaw.c * t));
}

/// q_x of the law as a file.
std::string life_table(int first, int last) {
  std::string csv = "age,qx\n";
  for (int age = first; age <= last; ++age) {
    csv += std::to_string(age) + "," + std::to_string(age == last ? 1.0 : 1 - law_survival(age, 1)) + "\n";
  }
  return csv;
}

}  // namespace

TEST_CASE("annuities-certain and perpetuities have their closed forms") {
  double v = 1 / (1 + kRate);
  LiabilityParameters liability = named();
  liability.annuity = AnnuityParameters{};
  liability.annuity->amount = 100;
  liability.annuity->years = 20;
  CHECK(book_of(liability).pv(flat()) == Approx(100 * (1 - std::pow(v, 20)) / kRate).epsilon(1e-13));

  liability.annuity->growth = 0.01;
  liability.annuity->deferred_years = 5;
  double growing = 100 * std::pow(v, 5) * (1 - std::pow(1.01 * v, 20)) / (kRate - 0.01);
  CHECK(book_of(liability).pv(flat()) == Approx(growing).epsilon(1e-13));

  liability.annuity->growth = 0;
  liability.annuity->payments_per_year = 12;
  double nominal = 12 * (std::pow(1 + kRate, 1.0 / 12) - 1);
  CHECK(book_of(liability).pv(flat()) == Approx(100 * std::pow(v, 5) * (1 - std::pow(v, 20)) / nominal).epsilon(1e-13));

  liability = named();
  liability.perpetuity = PerpetuityParameters{};
  liability.perpetuity->amount = 100;
  liability.perpetuity->growth = 0.01;
  LiabilityBook book = book_of(liability);
  CHECK(book.pv(flat()) == Approx(100 / (kRate - 0.01)).epsilon(1e-10));
  LiabilityMeasures m = book.measure(flat(), Compounding::annual, {}).total;
  CHECK(m.modified_duration == Approx(1 / (kRate - 0.01)).epsilon(1e-8));
}

TEST_CASE("a perpetuity at a rate below growth is refused, with its key") {
  LiabilityParameters liability = named();
  liability.perpetuity = PerpetuityParameters{};
  liability.perpetuity->amount = 100;
  liability.perpetuity->growth = 0.04;
  Problem problem = problem_of(liability);
  CHECK(problem.key_path == "liabilities[0].perpetuity.growth");
  CHECK(problem.message.find("infinite") != std::string::npos);
  liability.perpetuity->growth = 0.029;
  CHECK(problem_of(liability).message.find("centuries") != std::string::npos);
  // Real payments: 3% nominal less 2% inflation leaves 1%.
  liability.perpetuity->growth = 0.02;
  liability.perpetuity->indexation = IndexationParameters{};
  CHECK(problem_of(liability).message.find("real rate") != std::string::npos);
}

TEST_CASE("e_x and annuities of Gompertz-Makeham agree with numerical integration") {
  InputFiles files = InputFiles::embedded({});
  YieldCurve none;
  LiabilityContext context{"x", 0.0, kNow, files, "liabilities[0]", none, none};
  MortalityParameters parameters;
  parameters.gompertz_makeham = kLaw;
  Mortality law(parameters, context);
  for (double age : {0.0, 40.0, 65.5}) {
    std::vector<double> times;
    for (int k = 0; k <= 20000; ++k) times.push_back(k * (129.0 - age) / 20000);
    std::vector<double> alive = law.survival(age, times);
    double life = alive.front() + alive.back();
    for (int k = 1; k < 20000; ++k) life += alive[std::size_t(k)] * (k % 2 ? 4 : 2);
    life *= times[1] / 3;
    CHECK(life == Approx(integral(129.0 - age, [&](double t) { return law_survival(age, t); })).epsilon(1e-9));
  }
  // A daily annuity of 1 a year against the continuous one, which is half a day's payment later.
  LiabilityParameters liability = named();
  liability.life_annuity = LifeAnnuityParameters{};
  liability.life_annuity->amount = 1;
  liability.life_annuity->age = 65;
  liability.life_annuity->payments_per_year = 365;
  liability.life_annuity->mortality = parameters;
  double continuous = integral(64.0, [](double t) { return law_survival(65, t) * std::pow(1 + kRate, -t); });
  CHECK(book_of(liability).pv(flat()) + 0.5 / 365 == Approx(continuous).epsilon(1e-6));
}

TEST_CASE("a table follows its law, improvement by generation, and ends in death") {
  LiabilityParameters liability = named();
  liability.life_annuity = LifeAnnuityParameters{};
  liability.life_annuity->amount = 1;
  liability.life_annuity->age = 65;
  liability.life_annuity->payments_per_year = 1;
  liability.life_annuity->mortality.file = InputPath{"table.csv"};
  std::map<std::string, std::string> files = {{"table.csv", life_table(20, 120)}};
  double sum = 0;
  for (int t = 1; t <= 55; ++t) sum += law_survival(65, t) * std::pow(1 + kRate, -t);
  CHECK(book_of(liability, files).pv(flat()) == Approx(sum).epsilon(1e-4));  // six digits in the file

  liability.life_annuity->mortality.improvement = 0.02;
  liability.life_annuity->mortality.base_year = 2016;
  double now = 10 - 1.0 / 365, alive = 1, improved = 0;
  for (int t = 1; t <= 55; ++t) {
    alive *= 1 - (1 - law_survival(64 + t, 1)) * std::pow(0.98, now + t - 1);
    improved += alive * std::pow(1 + kRate, -t);
  }
  CHECK(book_of(liability, files).pv(flat()) == Approx(improved).epsilon(1e-4));
  CHECK(improved > sum * 1.02);

  // A fifth fewer die: the longevity stress of the standard formula re-values the same book.
  MarketState longer = flat();
  longer.longevity.mortality_factor = 0.8;
  CHECK(book_of(liability, files).pv(longer) > improved * 1.01);
}

TEST_CASE("q_x above 1, ages that skip, and an age outside the table are told with their place") {
  LiabilityParameters liability = named();
  liability.life_annuity = LifeAnnuityParameters{};
  liability.life_annuity->amount = 1;
  liability.life_annuity->age = 65;
  liability.life_annuity->mortality.file = InputPath{"table.csv"};
  Problem problem = problem_of(liability, {{"table.csv", "age,qx\n64,0.01\n65,1.2\n"}});
  CHECK(to_string(problem).starts_with("table.csv:3:4: error: the q_x at age 65 is 1.2"));
  problem = problem_of(liability, {{"table.csv", "age,qx\n64,0.01\n66,0.2\n"}});
  CHECK(to_string(problem).starts_with("table.csv:3:1: error: the age 66 follows 64"));
  problem = problem_of(liability, {{"table.csv", "age,qx\n70,0.01\n71,0.2\n"}});
  CHECK(problem.key_path == "liabilities[0].life_annuity.age");
}

TEST_CASE("joint lives: the last survivor is both alone less both together; a deferred life must live") {
  auto value = [](double age, std::optional<JointLifeParameters> joint, double deferred = 0.0) {
    LiabilityParameters liability = named();
    liability.life_annuity = LifeAnnuityParameters{};
    liability.life_annuity->amount = 12;
    liability.life_annuity->age = age;
    liability.life_annuity->deferred_years = deferred;
    liability.life_annuity->mortality.gompertz_makeham = kLaw;
    liability.life_annuity->joint = joint;
    return book_of(liability).pv(flat());
  };
  JointLifeParameters last, both, reversion;
  last.age = both.age = reversion.age = 60;
  both.to_first = both.to_second = 0;
  reversion.to_second = 0.6;
  double x = value(65, {}), y = value(60, {}), xy = value(65, both);
  CHECK(value(65, last) == Approx(x + y - xy).epsilon(1e-12));
  CHECK(value(65, reversion) == Approx(x + 0.6 * (y - xy)).epsilon(1e-12));
  double pure_endowment = law_survival(55, 10) * std::pow(1 + kRate, -10);
  CHECK(value(55, {}, 10) == Approx(pure_endowment * x).epsilon(1e-12));
}

TEST_CASE("a floating loan is worth its principal, a fixed one at its own rate too") {
  LiabilityParameters liability = named();
  liability.loan = LoanParameters{};
  liability.loan->principal = 1000;
  liability.loan->years = 10;
  for (auto amortisation : {Amortisation::bullet, Amortisation::linear, Amortisation::annuity}) {
    liability.loan->amortisation = amortisation;
    liability.loan->floating = true;
    liability.loan->rate = 0;
    LiabilityBook book = book_of(liability);
    LiabilityMeasures m = book.measure(flat(), Compounding::annual, {}).total;
    CHECK(m.pv == Approx(1000).epsilon(1e-12));
    // The rate of the quarter under way is known now: the loan is worth a payment at the quarter's end.
    CHECK(m.macaulay_duration == Approx(0.25).epsilon(1e-10));
    // It stays what it was under a stress.
    double stressed = 1000 * std::pow(1 + kRate, 0.25) * std::pow(1.05, -0.25);
    CHECK(book.pv(flat(0.05)) == Approx(stressed).epsilon(1e-12));
    liability.loan->floating = false;
    liability.loan->rate = 4 * (std::pow(1 + kRate, 0.25) - 1);
    CHECK(book_of(liability).pv(flat()) == Approx(1000).epsilon(1e-12));
  }
  liability.loan->principal = -1000;  // lent
  CHECK(book_of(liability).pv(flat()) == Approx(-1000).epsilon(1e-12));
  // A spread on the discount rate of a floater is worth its annuity.
  liability.loan->principal = 1000;
  liability.loan->amortisation = Amortisation::bullet;
  liability.loan->floating = true;
  liability.loan->rate = 0;
  liability.discount.spread = 0.01;
  double expected = 0, z = std::log1p(kRate), spread = 0.01;
  for (int k = 1; k <= 40; ++k) {
    expected += 1000 * std::expm1(z / 4) * std::exp(-(z + spread) * k / 4);
  }
  expected += 1000 * std::exp(-(z + spread) * 10);
  CHECK(book_of(liability).pv(flat()) == Approx(expected).epsilon(1e-12));
}

TEST_CASE("deposits: average life of the core, caps of the standard, the market's rate passed through") {
  LiabilityParameters liability = named();
  liability.deposits = DepositParameters{};
  liability.deposits->balance = 1000;
  liability.deposits->core_share = 0.7;
  liability.deposits->core_years = 4;
  for (auto decay : {DecayProfile::linear, DecayProfile::exponential}) {
    liability.deposits->decay = decay;
    const CashFlows flows = book_of(liability).terms()[0].fixed;
    double balance = 0, life = 0;
    for (std::size_t k = 0; k < flows.times.size(); ++k) {
      balance += flows.amounts[k];
      if (k > 0) life += flows.amounts[k] * flows.times[k] / 700;
    }
    CHECK(flows.times[0] == 1 / 365.0);
    CHECK(flows.amounts[0] == Approx(300));
    CHECK(balance == Approx(1000));
    CHECK(life == Approx(4).epsilon(1e-4));
  }
  liability.deposits->pass_through = 1;  // a core at the market's rate is worth itself
  liability.deposits->core_share = 1;
  CHECK(book_of(liability).pv(flat()) == Approx(1000).epsilon(1e-12));
  liability.deposits->category = DepositCategory::retail_transactional;
  CHECK(problem_of(liability).key_path == "liabilities[0].deposits.core_share");
  liability.deposits->core_share = 0.9;
  liability.deposits->core_years = 6;
  CHECK(problem_of(liability).key_path == "liabilities[0].deposits.core_years");
}

TEST_CASE("a pension scheme's members: in payment, deferred and active, each by hand") {
  LiabilityParameters liability = named();
  liability.pension_cohort = PensionCohortParameters{};
  PensionCohortParameters& scheme = *liability.pension_cohort;
  scheme.members = {"members.csv"};
  scheme.mortality.gompertz_makeham = kLaw;
  scheme.payments_per_year = 1;
  auto pv = [&](const std::string& rows) {
    return book_of(liability, {{"members.csv", "age,status,salary,service_years,pension\n" + rows}}).pv(flat());
  };
  double v = 1 / (1 + kRate), in_payment = 0, waiting = 0;
  for (int t = 1; t <= 64; ++t) in_payment += 1200 * law_survival(65, t) * std::pow(v, t);
  for (int t = 11; t <= 74; ++t) waiting += law_survival(55, t) * std::pow(v, t);
  CHECK(pv("65,pensioner,,,1200\n") == Approx(in_payment).epsilon(1e-9));
  CHECK(pv("55,deferred,,,1200\n") == Approx(1200 * waiting).epsilon(1e-9));
  scheme.revaluation = IndexationParameters{};  // ten years at 2%, fixed in payment
  CHECK(pv("55,deferred,,,1200\n") == Approx(1200 * std::pow(1.02, 10) * waiting).epsilon(1e-9));
  scheme.salary_growth = 0.01;
  double final_salary = 60000 * std::pow(1.01, 10);
  CHECK(pv("55,active,60000,20,\n") == Approx(final_salary / 3 * waiting).epsilon(1e-9));
  scheme.future_service = true;
  CHECK(pv("55,active,60000,20,\n") == Approx(final_salary / 2 * waiting).epsilon(1e-9));
  CHECK(problem_of(liability, {{"members.csv", "age,status,salary,service_years,pension\n55,active,,20,\n"}})
            .message.find("salary") != std::string::npos);
}

TEST_CASE("the sample life table has the shape of a rich country's: life expectancies as its README says") {
  InputFiles files(source_folder() + "/data");
  YieldCurve none;
  LiabilityContext context{"x", 0.0, kNow, files, "liabilities[0]", none, none};
  MortalityParameters parameters;
  parameters.file = InputPath{"life_table.csv"};
  for (auto [column, birth, at_65] : {std::tuple{"male", 77.5, 17.8}, std::tuple{"female", 82.2, 20.6}}) {
    Mortality table(parameters, context, column);
    auto expectancy = [&](double age) {  // complete, a half more than the whole years lived
      std::vector<double> birthdays;
      for (int k = 1; k <= 120 - int(age); ++k) birthdays.push_back(k);
      double years = 0.5;
      for (double alive : table.survival(age, birthdays)) years += alive;
      return years;
    };
    CHECK(expectancy(0) == Approx(birth).epsilon(0.001));
    CHECK(expectancy(65) == Approx(at_65).epsilon(0.003));
  }
}

#include "engine/portfolio/horizon_loss.h"

#include <cmath>

#include <doctest/doctest.h>

#include "engine/liabilities/payment_schedule.h"

using namespace ballast;
using doctest::Approx;

TEST_CASE("a flow is paid at the end of the step it falls in, grown at cash till then") {
  CashFlows flows{"a", {0.5, 1.0, 1.25, 2.0, 2.1}, {1, 2, 4, 8, 16}, 0.0}, more{"b", {0.5}, {32}, 0.0};
  PaymentSchedule schedule({&flows, &more}, 1.0, 2);
  double cash[16], due[16];
  std::fill_n(cash, 16, 1.0);
  cash[3] = 1.21;
  schedule.due(1, cash, 16, due);
  CHECK(due[0] == 35.0);
  CHECK(due[3] == Approx(33 * 1.1 + 2).epsilon(1e-15));
  schedule.due(2, cash, 16, due);
  CHECK(due[0] == 12.0);
  CHECK(due[3] == Approx(4 * std::pow(1.21, 0.75) + 8).epsilon(1e-15));
}

TEST_CASE("every flow of a monthly grid falls in its own step, not beside it") {
  for (int per_year : {1, 2, 4, 12, 52, 252}) {
    CashFlows flows;
    for (int k = 1; k <= 60 * per_year; ++k) {
      flows.times.push_back(double(k) / per_year);
      flows.amounts.push_back(k);
    }
    PaymentSchedule schedule({&flows}, 1.0 / per_year, 60 * per_year);
    double cash[16], due[16];
    std::fill_n(cash, 16, 1.5);
    for (int k = 1; k <= 60 * per_year; ++k) {
      schedule.due(k, cash, 16, due);
      REQUIRE(due[9] == k);
    }
  }
}

TEST_CASE("returns to the horizon compound, and liabilities paid on the way grow at cash") {
  HorizonReturn returns(2, 16);
  HorizonLiability liability(16);
  CashFlows flows{"a", {0.5, 1.0, 1.5}, {10, 20, 30}, 0.0};
  PaymentSchedule schedule({&flows}, 1.0, 2);
  LaneArray gross(2, 16), simple(2, 16);
  const double growth[] = {1.1, 0.9}, rates[] = {1.02, 1.05};
  double cash[16], due[16], pv[16], ratio[16];
  for (int step = 1; step <= 2; ++step) {
    std::fill_n(gross.row(0), 16, growth[step - 1]);
    std::fill_n(gross.row(1), 16, 2.0);
    std::fill_n(cash, 16, rates[step - 1]);
    returns.step(gross);
    schedule.due(step, cash, 16, due);
    liability.step(cash, due);
  }
  returns.simple_return(simple);
  CHECK(simple(0, 0) == Approx(1.1 * 0.9 - 1));
  CHECK(simple(1, 15) == 3.0);
  std::fill_n(pv, 16, 500.0);
  liability.ratio(pv, 1000.0, ratio);
  double paid = (10 * std::sqrt(1.02) + 20) * 1.05 + 30 * std::sqrt(1.05);
  CHECK(ratio[4] == Approx((500 + paid) / 1000).epsilon(1e-15));
}

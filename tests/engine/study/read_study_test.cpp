#include "engine/study/read_study.h"

#include <doctest/doctest.h>

using namespace ballast;

namespace {

/// The shortest study there is; sections of it are replaced by tests.
const std::string kSmall = R"(study: {name: small, seed: 1}
scenarios: {count: 1000, horizon_years: 5}
market: {returns: returns.csv, curve: curve.csv}
assets:
  - {name: equity, series: equity_world}
  - {name: cash, cash: true}
balance: {current: {equity: 0.6, cash: 0.4}}
)";

/// All that is wrong with a study, as a user sees it; "" for a sound one.
std::string errors(const std::string& text, const std::vector<Override>& overrides = {}) {
  try {
    read_study("s.yaml", text, overrides);
    return "";
  } catch (const InputError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a small study is read") { CHECK(errors(kSmall) == ""); }

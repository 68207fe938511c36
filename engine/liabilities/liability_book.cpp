#include "engine/liabilities/liability_book.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/liabilities/expected_flows.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

std::unique_ptr<LiabilityStructure> make_structure(const LiabilityParameters& liability, LiabilityContext context) {
#define BALLAST_LIABILITY(name, Parameters, help) \
  if (liability.name) {                           \
    context.key_path += "." #name;                \
    return make_##name(*liability.name, context); \
  }
#include "engine/liabilities/registry.def"
#undef BALLAST_LIABILITY
  throw key_error(context.key_path, "has no structure");
}

void add_flow(CashFlows& flows, double time, double amount) {
  auto at = std::lower_bound(flows.times.begin(), flows.times.end(), time - kSameTime);
  auto k = at - flows.times.begin();
  if (at != flows.times.end() && *at - time <= kSameTime) {
    flows.amounts[std::size_t(k)] += amount;
  } else {
    flows.times.insert(at, time);
    flows.amounts.insert(flows.amounts.begin() + k, amount);
  }
}

}  // namespace

LiabilityBook::LiabilityBook(const std::vector<LiabilityParameters>& liabilities, std::optional<Date> valuation,
                             const MarketState& now, InputFiles& files)
    : curve_(now.curve) {
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < liabilities.size(); ++i) {
    const LiabilityParameters& liability = liabilities[i];
    std::string path = fmt::format("liabilities[{}]", i);
    try {
      add(liability.name, make_structure(liability, {liability.name, liability.discount.spread, valuation, files, path,
                                                     now.curve, now.breakeven}));
      if (terms_.back().needs_inflation() && now.breakeven.empty()) {
        throw key_error(path,
                        fmt::format("'{}' follows prices, and there is no inflation; add market.inflation, or leave "
                                    "out its indexation",
                                    liability.name));
      }
    } catch (const InputError& error) {
      if (error.code() != ExitCode::bad_input) throw;
      problems.insert(problems.end(), error.problems().begin(), error.problems().end());
    }
  }
  if (!problems.empty()) throw InputError(std::move(problems));
}

LiabilityBook::LiabilityBook(const std::vector<CashFlows>& liabilities) {
  for (const CashFlows& flows : liabilities) {
    add(flows.name, std::make_shared<CertainStructure>(LiabilityTerms{flows, {}, {}}));
  }
}

void LiabilityBook::add(const std::string& name, std::shared_ptr<const LiabilityStructure> structure) {
  terms_.push_back(known_terms(*structure, {}));
  names_.push_back(name);
  structures_.push_back(std::move(structure));
}

LiabilityTerms LiabilityBook::known_terms(const LiabilityStructure& structure, const LongevityShock& shock) const {
  LiabilityTerms terms = structure.terms(shock);
  std::vector<FloatingPeriod> later;
  for (const FloatingPeriod& period : terms.floating) {
    if (period.start > kSameTime) {
      later.push_back(period);
    } else {
      add_flow(terms.fixed, period.end, period.notional * (1 / curve_.discount(period.end) - 1));
    }
  }
  terms.floating = std::move(later);
  return terms;
}

bool LiabilityBook::needs_inflation() const {
  return std::any_of(terms_.begin(), terms_.end(), [](const LiabilityTerms& t) { return t.needs_inflation(); });
}

std::vector<LiabilityTerms> LiabilityBook::terms(const LongevityShock& shock) const {
  if (shock.mortality_factor == 1.0) return terms_;
  std::vector<LiabilityTerms> shocked;
  for (const auto& structure : structures_) shocked.push_back(known_terms(*structure, shock));
  return shocked;
}

std::vector<double> LiabilityBook::values(const MarketState& market) const {
  std::vector<double> values;
  for (const LiabilityTerms& terms : terms(market.longevity)) {
    CashFlows flows = expected_flows(terms, market).flows;
    double pv = 0.0;
    for (std::size_t j = 0; j < flows.times.size(); ++j) {
      pv += flows.amounts[j] * std::exp(-(market.curve.zero_rate(flows.times[j]) + flows.spread) * flows.times[j]);
    }
    values.push_back(pv);
  }
  return values;
}

double LiabilityBook::pv(const MarketState& market) const {
  double pv = 0.0;
  for (double value : values(market)) pv += value;
  return pv;
}

BookMeasures LiabilityBook::measure(const MarketState& market, Compounding compounding,
                                    std::span<const double> key_rates) const {
  BookMeasures book;
  std::vector<ExpectedFlows> all;
  for (const LiabilityTerms& terms : terms(market.longevity)) {
    all.push_back(expected_flows(terms, market));
    book.each.push_back(measure_expected(std::span(&all.back(), 1), market.curve, compounding, key_rates));
  }
  book.total = measure_expected(all, market.curve, compounding, key_rates);
  return book;
}

}  // namespace ballast

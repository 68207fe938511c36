#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/liabilities/liability_parameters.h"
#include "engine/liabilities/liability_terms.h"
#include "scenarios/base/date.h"
#include "scenarios/io/input_files.h"
#include "scenarios/market/curve.h"

namespace ballast {

/// What is known of lives beside the study's tables: a stress multiplies every q_x (0.8: a fifth fewer die).
struct LongevityShock {
  double mortality_factor = 1.0;
};

/// One liability, its files read and checked.
class LiabilityStructure {
 public:
  virtual ~LiabilityStructure() = default;
  /// What it pays from the valuation date on; a structure without lives ignores the shock.
  virtual LiabilityTerms terms(const LongevityShock& shock) const = 0;
};

/// A liability that does not depend on lives.
class CertainStructure : public LiabilityStructure {
 public:
  explicit CertainStructure(LiabilityTerms terms) : terms_(std::move(terms)) {}
  LiabilityTerms terms(const LongevityShock&) const override { return terms_; }

 private:
  LiabilityTerms terms_;
};

/// What the structures are made from, beside their own parameters.
struct LiabilityContext {
  std::string name;
  double spread = 0.0;
  std::optional<Date> valuation;
  InputFiles& files;
  std::string key_path;         ///< of the structure's section, e.g. "liabilities[0].cashflows"
  const YieldCurve& curve;      ///< at the valuation date; may be empty
  const YieldCurve& breakeven;  ///< expected inflation then, as continuous zero rates; empty without inflation
};

/// One maker a structure. Errors: InputError with file:line:column, or with a key path.
#define BALLAST_LIABILITY(name, Parameters, help) \
  std::unique_ptr<LiabilityStructure> make_##name(const Parameters& parameters, const LiabilityContext& context);
#include "engine/liabilities/registry.def"
#undef BALLAST_LIABILITY

}  // namespace ballast

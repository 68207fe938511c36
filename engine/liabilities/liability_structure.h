#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/liabilities/liability_parameters.h"
#include "engine/liabilities/liability_terms.h"
#include "scenarios/base/date.h"
#include "scenarios/io/input_files.h"

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

/// A liability whose payments are known.
class FixedStructure : public LiabilityStructure {
 public:
  explicit FixedStructure(CashFlows flows) : flows_(std::move(flows)) {}
  LiabilityTerms terms(const LongevityShock&) const override { return {flows_, {}, {}}; }

 private:
  CashFlows flows_;
};

/// What the structures are made from, beside their own parameters.
struct LiabilityContext {
  std::string name;
  double spread = 0.0;
  std::optional<Date> valuation;
  InputFiles& files;
  std::string key_path;  ///< of the structure's section, e.g. "liabilities[0].cashflows"
};

/// One maker a structure. Errors: InputError with file:line:column, or with a key path.
#define BALLAST_LIABILITY(name, Parameters, help) \
  std::unique_ptr<LiabilityStructure> make_##name(const Parameters& parameters, const LiabilityContext& context);
#include "engine/liabilities/registry.def"
#undef BALLAST_LIABILITY

}  // namespace ballast

#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "scenarios/models/fit_table.h"
#include "scenarios/stats/maximum_likelihood.h"

namespace ballast {

/// The parameters of a likelihood, some of which the study may have given: those are held, the others estimated and
/// written where they belong. Estimates written into a study and read again give the same model to the last bit.
class EstimatedParameters {
 public:
  /// value: filled by estimate() unless it has a value; must outlive this. unit: for the table. The search takes the
  /// start's size for the parameter's, 1 for a start of 0.
  void add(const char* name, const char* unit, std::optional<double>& value, double start, double lower, double upper);
  /// A parameter that only the likelihood needs: not in the table, and not estimated when nothing else is.
  void add_nuisance(const char* name, double start, double lower, double upper);

  /// Writes ln f of each observation given those before it, of all parameters in the order of their addition; false
  /// where they are not admissible.
  using LogDensity = std::function<bool(std::span<const double> parameters, std::span<double> log_density)>;

  /// Maximum likelihood (maximum_likelihood.h: standard errors are White's). what: for messages. key: of the study, for
  /// the errors that the history is too short, 10 observations an estimated parameter, or that there is none.
  void estimate(const std::string& what, const std::string& key, std::ptrdiff_t observations,
                const LogDensity& log_density);

  /// Rows parameter, estimate, standard error, unit. method: in the title, unless all were given.
  FitTable table(const std::string& title, const std::string& method) const;

 private:
  struct Parameter {
    std::string name;
    double start, lower, upper;
    const char* unit = "";
    std::optional<double>* value = nullptr;  ///< none: a nuisance
    std::string standard_error;

    bool held() const { return value && value->has_value(); }
    double scale() const;
  };
  std::vector<Parameter> parameters_;
  std::string log_likelihood_;
};

}  // namespace ballast

#pragma once

#include <optional>

#include "scenarios/base/describe.h"

namespace ballast {

enum class MarginalKind { empirical, skewed_t };
template <>
struct EnumNames<MarginalKind> {
  static constexpr const char* value[] = {"empirical", "skewed_t"};
};

struct GaussianCopulaParameters {
  MarginalKind marginals = MarginalKind::empirical;
  double tail_share = 0.1;

  static void describe(auto& self, auto&& key) {
    key("marginals", self.marginals,
        Spec{.help =
                 "distribution of each column: the history's own with generalised Pareto tails (McNeil & Frey 2000), "
                 "or a skewed t (Hansen 1994)"});
    key("tail_share", self.tail_share,
        Spec{
            .help = "marginals: empirical: share of the history that each tail is fitted to", .min = 0.01, .max = 0.4});
  }
};

struct TCopulaParameters {
  MarginalKind marginals = MarginalKind::empirical;
  double tail_share = 0.1;
  std::optional<double> dof;

  static void describe(auto& self, auto&& key) {
    GaussianCopulaParameters::describe(self, key);
    key("dof", self.dof,
        Spec{.help = "degrees of freedom of the copula; auto: maximum likelihood on the history's ranks",
             .min = 2,
             .max = 100,
             .empty = "auto"});
  }
};

}  // namespace ballast

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/output/results.h"
#include "engine/stress/reverse_stress.h"
#include "engine/stress/stress_family.h"
#include "engine/stress/stress_parameters.h"
#include "engine/stress/stressed_balance.h"

namespace ballast {

/// What the stresses of a study came to.
struct StressOutcome {
  std::vector<StressRow> rows;
  std::vector<CapitalResult> capital;
  std::vector<StressGrid> grids;
  std::vector<ReverseStress> reverse;
};

/// The stresses of a study, checked and made definite. Sources: scenarios/stress/STRESSES.md.
class StressPlan {
 public:
  /// Errors, all at once: InputError with key paths stress[i] for an unknown family, currency or asset, for rates
  /// stressed without a curve, a name given twice, and for a series that moves as bonds do (RateSensitivity::bond_like)
  /// whose duration is not declared.
  StressPlan(const std::vector<StressParameters>& stresses, StressedBalance balance);

  /// One row a stress and portfolio, "base" first, then a row a capital that none of them is; and the tables beside
  /// them. The worst windows of the history are those of the first portfolio. moves: needed for reverse stresses only.
  StressOutcome apply(const std::vector<std::pair<std::string, std::vector<double>>>& portfolios,
                      const FactorSample& moves = {}) const;
  /// The scenarios whose moves the reverse stresses want; 0 without any.
  int wanted_moves() const;

  /// The stressed markets, after the unstressed one. Undated windows of the history, which need a portfolio, grids and
  /// reverse stresses are not among them.
  const std::vector<StressedMarket>& markets() const { return markets_; }

  const std::vector<std::string>& notes() const { return notes_; }

 private:
  /// A regulator's family: `count` markets from `first` on.
  struct Family {
    const StressFamily* kind;
    std::string title;
    std::size_t first, count;
  };
  struct WorstWindows {
    int windows;
    Eigen::Index periods;
  };

  void add(const StressParameters& stress);
  void require_new_names(const StressParameters& stress, std::size_t known) const;
  void add_standard(const StressParameters& stress);
  void add_own(const StressParameters& stress);
  void add_historical(const StressParameters& stress);
  std::vector<double> spread_shifts(const SpreadShift& shift) const;
  void require_durations() const;

  StressedBalance balance_;
  std::vector<StressedMarket> markets_;  ///< base first
  bool moves_rates_ = false;             ///< beside windows of the history, which bring the series' own returns
  std::vector<Family> families_;
  std::vector<WorstWindows> worst_;
  std::vector<std::pair<std::string, StressGridParameters>> grids_;
  std::vector<ReverseStressParameters> reverse_;
  std::vector<std::string> notes_;
};

}  // namespace ballast

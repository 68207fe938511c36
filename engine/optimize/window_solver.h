#pragma once

#include <optional>
#include <vector>

#include <Eigen/Dense>

#include "engine/optimize/certificate.h"
#include "engine/optimize/convex_programme.h"
#include "engine/optimize/loss_screen.h"
#include "engine/optimize/tail_window.h"

namespace ballast {

struct WindowOptions {
  double gap = 1e-6;
  double half_width = 1.5;  ///< the windows' first half width, in units of the tail's mass
  double first_gap = 1e-2;  ///< relative gap of the first programme, when nothing is known yet
  bool exact = false;       ///< not before the multipliers are those of the last digits (hinge_polish)
  int max_rounds = 25;
  double stop_below = -kNoLimit;  ///< a value as low as this is enough
};

/// A point that meets every limit, with the CVaR of each tail over all its scenarios. x is empty where there are no
/// limits.
struct Anchor {
  Eigen::VectorXd x, cvar;
};

/// Rounds of (losses at x: CVaRs, windows) and (windows' programme: next x, lower bound) on one sample of the scenarios
/// of each tail, until the relative gap is reached or the rounds no longer help. Without tails one round is enough.
/// Of several ranks all run it on their own scenarios; the windows' programme is the root's alone.
class WindowSolver {
 public:
  /// samples: one a tail. What breaks a limit is mixed with the anchor until it does not: limits are convex.
  WindowSolver(const ConvexProgramme& programme, const std::vector<ScenarioSample>& samples, LinearProgram& linear,
               const Anchor& anchor);

  ProgrammeOutcome run(const ProgrammeStart& start, const WindowOptions& options);

 private:
  using Round = std::vector<TailEdges>;  ///< of each tail at some x
  struct Columns {
    std::vector<int> index;
    long weights = 0;
    std::vector<long> slot;  ///< one a variable; -1: left out
  };

  std::vector<double> half_widths(int round, const Eigen::VectorXd& x, double first) const;
  std::vector<double> nothing_open() const { return std::vector<double>(samples_.size(), 0.0); }
  Round look(Eigen::VectorXd& x, const std::vector<double>& half_width);
  bool may_screen() const;
  Eigen::VectorXd movable_assets(const Eigen::VectorXd& x) const;
  const Spreads* spreads() const;  ///< of the only tail's rows; null: unknown
  void raise_epigraph(Eigen::VectorXd& x, const Round& round) const;
  double excess(const Eigen::VectorXd& x, const Round& round) const;
  double objective(const Eigen::VectorXd& x, const Round& round) const;
  bool accept(const Eigen::VectorXd& x, const Round& round);
  void remember(const Eigen::VectorXd& x, const Round& round);
  double relative_gap() const;
  std::vector<char> choose_columns(const Eigen::VectorXd& x) const;
  /// One programme of the windows with its pricing: moves x, improves the lower bound.
  void improve(Eigen::VectorXd& x, const Round& round, const WindowOptions& options, bool first, double precision);
  Ranks& ranks() const;
  /// What the root found: x, the best, the multipliers.
  void take_from_root(Eigen::VectorXd& x);
  bool plainly_quadratic() const;
  void polish(Eigen::VectorXd& x, double gap);
  HingeProgram window_programme(const Eigen::VectorXd& x, const Columns& columns) const;
  void fill_block(HingeProgram& program, std::size_t tail, const Eigen::VectorXd& x, const Columns& columns) const;
  SupportingPlane tail_plane(std::size_t tail, const Eigen::VectorXd& multiplier) const;
  SupportingPlane lagrangian_plane(const Eigen::VectorXd& x, const HingeProgram& program, const HingeSolution& solution,
                                   ProgrammeDuals& duals) const;
  Eigen::VectorXd moved(Eigen::VectorXd x, const Columns& columns, const HingeSolution& solution) const;
  Eigen::VectorXd prove(const Eigen::VectorXd& x, const HingeProgram& program, const HingeSolution& solution,
                        double gap);
  bool price_columns(const Eigen::VectorXd& x, double tolerance, long weights, std::vector<char>& chosen) const;

  const ConvexProgramme& programme_;
  const Polytope& polytope_;
  const std::vector<ScenarioSample>& samples_;
  LinearProgram& linear_;
  const Anchor& anchor_;
  std::vector<double> anchor_cvar_;  ///< of each tail on its sample
  std::vector<double> limit_;        ///< on this sample: moved as far as sampling moves the anchor's CVaR
  std::vector<TailWindow> windows_;
  std::vector<Losses> losses_;
  std::optional<LossScreen> screen_;  ///< of the only tail
  double floor_ = -kNoLimit;          ///< losses from here on are exact
  ProgrammeOutcome best_;
  bool polished_ = false;
  double as_good_ = 0.0;  ///< by what the next x may be worse than the best and still take its place: rounding
  Round best_round_;
  Eigen::VectorXd multiplier_;  ///< of each tail, the latest
  double denominator_ = 1.0;    ///< of the relative gap
  double mean_absolute_ = 0.0;
  std::vector<double> first_width_;
};

}  // namespace ballast

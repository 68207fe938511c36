#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/isa.h"
#include "scenarios/base/lane_math.h"
#include "scenarios/models/innovations.h"
#include "scenarios/stats/block_length.h"

namespace ballast {

BALLAST_KERNELS(void next_rows_array(const double*, double, std::uint32_t, std::uint32_t*, std::size_t);)

namespace {

/// Lengths of Patton, Politis & White (2009) by column, and their mean: the length all columns share, since a block is
/// drawn for all of them together.
struct PooledLength {
  std::vector<BlockLength> by_column;
  double stationary = 1.0, circular = 1.0;
};

PooledLength pooled_length(const InnovationHistory& history) {
  PooledLength pooled;
  double stationary = 0.0, circular = 0.0;
  for (Eigen::Index c = 0; c < history.rows.cols(); ++c) {
    Eigen::VectorXd column = history.rows.col(c);
    BlockLength length = optimal_block_length({column.data(), std::size_t(column.size())});
    pooled.by_column.push_back(length);
    stationary += std::max(1.0, length.stationary);
    circular += std::max(1.0, length.circular);
  }
  double columns = double(std::max<Eigen::Index>(1, history.rows.cols()));
  pooled.stationary = std::max(1.0, stationary / columns);
  pooled.circular = std::max(1.0, circular / columns);
  return pooled;
}

RowTable table_of(const Eigen::MatrixXd& rows) {
  RowTable table(std::size_t(rows.rows()), std::size_t(rows.cols()));
  for (std::size_t t = 0; t < table.rows(); ++t) {
    for (std::size_t c = 0; c < table.columns(); ++c) table(t, c) = rows(Eigen::Index(t), Eigen::Index(c));
  }
  return table;
}

/// The history's rows with the log returns of series exponentiated.
Eigen::MatrixXd growth_factors(const InnovationHistory& history) {
  Eigen::MatrixXd rows = history.rows;
  exp_lanes(rows.data(), rows.data(), std::size_t(rows.rows()) * std::size_t(history.series));
  return rows;
}

class BlockBootstrap final : public InnovationModel {
 public:
  BlockBootstrap(const BlockBootstrapParameters& parameters, const InnovationHistory& history)
      : kind_(parameters.kind),
        history_(history),
        pooled_(pooled_length(history)),
        table_(table_of(history.rows)),
        growth_(table_of(growth_factors(history))) {
    auto periods = std::uint32_t(history.rows.rows());
    double automatic = kind_ == BlockKind::stationary ? pooled_.stationary : std::round(pooled_.circular);
    length_ = kind_ == BlockKind::iid ? 1.0 : parameters.mean_block.value_or(std::min(automatic, double(periods)));
    if (length_ > periods) {
      throw key_error("scenarios.block_bootstrap.mean_block",
                      fmt::format("{} steps is longer than the history ({} periods)", length_, periods));
    }
    if (kind_ != BlockKind::stationary && length_ != std::round(length_)) {
      throw key_error("scenarios.block_bootstrap.mean_block",
                      fmt::format("must be a whole number for kind: {} (got {})", name_of(kind_), length_));
    }
  }

  /// Blocks of fixed length take a draw each, the others one a step.
  std::uint64_t draws_per_scenario(int steps) const override {
    if (!fixed_length()) return std::uint64_t(steps);
    const auto length = std::uint64_t(length_);
    return (std::uint64_t(steps) + length - 1) / length;
  }

  std::unique_ptr<InnovationPath> start(std::size_t lanes) const override;
  std::unique_ptr<InnovationPath> start_growth(std::size_t lanes) const override;

  void resolve(ScenarioParameters& parameters) const override { parameters.block_bootstrap.mean_block = length_; }

  std::vector<FitTable> fit_tables() const override {
    FitTable table{
        "Automatic block lengths (Patton, Politis & White 2009), steps", {"column", "stationary", "circular"}, {}};
    for (std::size_t c = 0; c < pooled_.by_column.size(); ++c) {
      table.rows.push_back({history_.columns[c], fmt::format("{:.2f}", pooled_.by_column[c].stationary),
                            fmt::format("{:.2f}", pooled_.by_column[c].circular)});
    }
    table.rows.push_back(
        {"mean over columns", fmt::format("{:.2f}", pooled_.stationary), fmt::format("{:.2f}", pooled_.circular)});
    table.rows.push_back({fmt::format("used ({})", name_of(kind_)), fmt::format("{:.2f}", length_), ""});
    return {table};
  }

 private:
  friend class BlockBootstrapPath;
  bool fixed_length() const { return kind_ == BlockKind::moving || kind_ == BlockKind::circular; }

  BlockKind kind_;
  InnovationHistory history_;
  PooledLength pooled_;
  double length_ = 1.0;
  RowTable table_, growth_;
};

class BlockBootstrapPath final : public InnovationPath {
 public:
  BlockBootstrapPath(const BlockBootstrap& model, const RowTable& table, std::size_t lanes)
      : model_(model), table_(table), row_(padded_lanes(lanes)), uniform_(padded_lanes(lanes)) {}

  void step(BlockDraws& draws, LaneArray& out) override {
    choose_rows(draws);
    table_.gather(row_.data(), out.data(), row_.size());
    ++step_;
  }

 private:
  void choose_rows(BlockDraws& draws) {
    const auto periods = std::uint32_t(table_.rows());
    switch (model_.kind_) {
      case BlockKind::iid:
        return draws.indices(periods, row_.data());
      case BlockKind::moving:
      case BlockKind::circular: {
        const auto length = std::uint32_t(model_.length_);
        if (std::uint32_t(step_) % length == 0) {
          return draws.indices(model_.kind_ == BlockKind::moving ? periods - length + 1 : periods, row_.data());
        }
        for (std::uint32_t& row : row_) row = row + 1 == periods ? 0 : row + 1;
        return;
      }
      case BlockKind::stationary: {
        // One draw answers both questions: u < 1/L, a block begins, leaves u L uniform, and n u L names its first row.
        draws.uniforms(uniform_.data());
        const double reach = step_ == 0 ? periods : periods * model_.length_;
        BALLAST_DISPATCH(next_rows_array)(uniform_.data(), reach, periods, row_.data(), row_.size());
        return;
      }
    }
  }

  const BlockBootstrap& model_;
  const RowTable& table_;
  int step_ = 0;
  std::vector<std::uint32_t> row_;
  std::vector<double> uniform_;
};

std::unique_ptr<InnovationPath> BlockBootstrap::start(std::size_t lanes) const {
  return std::make_unique<BlockBootstrapPath>(*this, table_, lanes);
}

std::unique_ptr<InnovationPath> BlockBootstrap::start_growth(std::size_t lanes) const {
  return std::make_unique<BlockBootstrapPath>(*this, growth_, lanes);
}

}  // namespace

std::unique_ptr<InnovationModel> make_block_bootstrap(const BlockBootstrapParameters& parameters,
                                                      const InnovationHistory& history) {
  return std::make_unique<BlockBootstrap>(parameters, history);
}

}  // namespace ballast

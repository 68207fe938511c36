#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/base/lane_math.h"
#include "scenarios/models/innovations.h"
#include "scenarios/stats/block_length.h"

namespace ballast {
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

  // Stationary blocks need two draws a step (does a block begin? where?), the others one. Step 0 always begins a block.
  std::uint64_t draws_per_scenario(int steps) const override {
    return std::uint64_t(steps) * (kind_ == BlockKind::stationary ? 2 : 1);
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
  BlockKind kind_;
  InnovationHistory history_;
  PooledLength pooled_;
  double length_ = 1.0;
  RowTable table_, growth_;
};

class BlockBootstrapPath final : public InnovationPath {
 public:
  BlockBootstrapPath(const BlockBootstrap& model, const RowTable& table, std::size_t lanes)
      : model_(model),
        table_(table),
        row_(padded_lanes(lanes)),
        start_(padded_lanes(lanes)),
        begins_(padded_lanes(lanes)) {}

  void step(BlockDraws& draws, LaneArray& out) override {
    choose_rows(draws);
    table_.gather(row_.data(), out.data(), row_.size());
    ++step_;
  }

 private:
  void choose_rows(BlockDraws& draws) {
    auto periods = std::uint32_t(model_.history_.rows.rows());
    auto length = std::uint32_t(model_.length_);
    switch (model_.kind_) {
      case BlockKind::iid:
        draws.indices(periods, row_.data());
        return;
      case BlockKind::moving:
      case BlockKind::circular: {
        bool moving = model_.kind_ == BlockKind::moving;
        draws.indices(moving ? periods - length + 1 : periods, start_.data());
        if (step_ % int(length) == 0) {
          row_ = start_;
        } else {
          next_rows(periods);
        }
        return;
      }
      case BlockKind::stationary: {
        draws.uniforms(begins_.data());
        draws.indices(periods, start_.data());
        double probability = step_ == 0 ? 1.0 : 1.0 / model_.length_;
        // Plain pointers and no branch: a block begins too seldom, and too often, for branches to be foretold.
        std::uint32_t* row = row_.data();
        const std::uint32_t* start = start_.data();
        const double* begins = begins_.data();
        for (std::size_t lane = 0, lanes = row_.size(); lane < lanes; ++lane) {
          std::uint32_t next = row[lane] + 1 == periods ? 0 : row[lane] + 1;
          std::uint32_t fresh = 0u - std::uint32_t(begins[lane] < probability);
          row[lane] = (start[lane] & fresh) | (next & ~fresh);
        }
        return;
      }
    }
  }

  void next_rows(std::uint32_t periods) {
    for (std::uint32_t& row : row_) row = row + 1 == periods ? 0 : row + 1;
  }

  const BlockBootstrap& model_;
  const RowTable& table_;
  int step_ = 0;
  std::vector<std::uint32_t> row_, start_;
  std::vector<double> begins_;
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

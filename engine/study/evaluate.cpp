#include "engine/study/evaluate.h"

#include <algorithm>
#include <chrono>
#include <limits>

#include "scenarios/base/parallel.h"

namespace ballast {
namespace {

/// What one block of scenarios shows, as it is written.
class BlockRecorder {
 public:
  BlockRecorder(const BalanceModel& model, std::size_t portfolios, std::uint64_t first, std::size_t count)
      : model_(model), study_(model.study()), count_(count) {
    std::size_t times = study_.report_steps.size();
    auto rows_of_times = [&](std::initializer_list<LaneArray*> all) {
      for (LaneArray* rows : all) *rows = LaneArray(times, count);
    };
    block_.first_scenario = first;
    block_.scenarios = count;
    rows_of_times({&block_.assets_value, &block_.surplus, &block_.funding_ratio});
    if (portfolios > 1) {
      rows_of_times({&block_.current_assets_value, &block_.current_surplus, &block_.current_funding_ratio});
    }
    const OutputParameters& output = study_.config.output;
    if (study_.world->has_curve()) rows_of_times({&block_.short_rate, &block_.ten_year_rate});
    if (output.zero_rates) block_.zero_rate = LaneArray(times * study_.world->tenors().size(), count);
    if (study_.world->has_inflation()) rows_of_times({&block_.price_index});
    block_.credit_spread = LaneArray(times * study_.world->spreads(), count);
    if (!study_.has_liabilities()) return;
    rows_of_times({&block_.liability_pv, &block_.liability_duration});
    if (output.key_rate_durations) {
      rows_of_times({&block_.liability_convexity, &block_.liability_modified_duration,
                     &block_.liability_effective_duration, &block_.liability_dv01});
      if (study_.liabilities.needs_inflation()) rows_of_times({&block_.liability_inflation_duration});
      block_.liability_key_rate_duration = LaneArray(times * study_.config.measures.key_rates.size(), count);
      for (std::size_t i = 0; i < study_.liabilities.size(); ++i) block_.pv_by_liability.emplace_back(times, count);
    }
  }

  /// The path stands at report time number `time`.
  void record(std::size_t time, const BalancePath& path) {
    LaneArray pv(1, count_);
    if (study_.has_liabilities()) value_liabilities(time, path, pv);
    if (study_.world->has_curve()) record_rates(time, path);
    record_prices_and_spreads(time, path);
    record_balance(time, path.projection(0), pv, block_.assets_value, block_.surplus, block_.funding_ratio);
    if (block_.current_surplus.rows() > 0) {
      record_balance(time, path.projection(1), pv, block_.current_assets_value, block_.current_surplus,
                     block_.current_funding_ratio);
    }
  }

  void record_horizon(const BalancePath& path) {
    block_.asset_return = LaneArray(study_.assets.size(), count_);
    path.horizon_return().simple_return(block_.asset_return);
    if (!study_.config.views.empty()) block_.horizon_zero_rate = horizon_zero_rates(model_, path);
    if (study_.has_liabilities()) block_.horizon_liability = horizon_liability(model_, path);
  }

  EvaluateBlock take() { return std::move(block_); }

 private:
  void record_balance(std::size_t time, const Projection& projection, const LaneArray& pv, LaneArray& assets,
                      LaneArray& surplus, LaneArray& funding_ratio) {
    std::copy_n(projection.assets(), pv.lanes(), assets.row(time));
    balance_measures(projection.assets(), projection.shortfall(), pv.row(0), pv.lanes(), surplus.row(time),
                     funding_ratio.row(time));
  }

  void value_liabilities(std::size_t time, const BalancePath& path, LaneArray& pv) {
    LaneArray value(model_.liabilities().valuer(study_.report_steps[time])->rows(), count_);
    const bool all_measures = study_.config.output.key_rate_durations;
    double* dv01 = all_measures ? block_.liability_dv01.row(time) : nullptr;
    path.liabilities().value(path.market(), value, dv01);
    std::size_t lanes = pv.lanes();
    std::copy_n(value.row(LiabilityValuer::kPv), lanes, pv.row(0));
    std::copy_n(value.row(LiabilityValuer::kPv), lanes, block_.liability_pv.row(time));
    std::copy_n(value.row(LiabilityValuer::kMacaulay), lanes, block_.liability_duration.row(time));
    if (all_measures) record_measures(time, path, value);
  }

  void record_measures(std::size_t time, const BalancePath& path, const LaneArray& value) {
    const std::size_t lanes = value.lanes(), nodes = study_.config.measures.key_rates.size();
    std::copy_n(value.row(LiabilityValuer::kConvexity), lanes, block_.liability_convexity.row(time));
    std::copy_n(value.row(LiabilityValuer::kModified), lanes, block_.liability_modified_duration.row(time));
    const double *pv = value.row(LiabilityValuer::kPv), *dv01 = block_.liability_dv01.row(time);
    double* effective = block_.liability_effective_duration.row(time);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      effective[lane] =
          pv[lane] == 0.0 ? std::numeric_limits<double>::quiet_NaN() : dv01[lane] / kBasisPoint / pv[lane];
    }
    if (study_.liabilities.needs_inflation()) {
      std::copy_n(value.row(LiabilityValuer::kKeyRates + nodes), lanes, block_.liability_inflation_duration.row(time));
    }
    std::copy_n(value.row(LiabilityValuer::kKeyRates), nodes * lanes,
                block_.liability_key_rate_duration.row(time * nodes));
    for (std::size_t i = 0; i < study_.liabilities.size(); ++i) {
      path.liabilities().value_one(path.market(), i, block_.pv_by_liability[i].row(time));
    }
  }

  void record_prices_and_spreads(std::size_t time, const BalancePath& path) {
    const World& world = *study_.world;
    if (world.has_inflation()) {
      std::copy_n(path.world().price_index(), block_.price_index.lanes(), block_.price_index.row(time));
    }
    if (world.spreads() == 0) return;
    const LaneArray& spreads = path.world().spreads();
    std::copy_n(spreads.data(), world.spreads() * spreads.lanes(), block_.credit_spread.row(time * world.spreads()));
  }

  void record_rates(std::size_t time, const BalancePath& path) {
    const LaneArray& curve = path.world().curve();
    if (study_.config.output.zero_rates) {
      std::copy_n(curve.data(), curve.rows() * curve.lanes(), block_.zero_rate.row(time * curve.rows()));
    }
    LaneArray rates(model_.reported_rates().size(), curve.lanes());
    model_.reported_rates().evaluate(curve, rates);
    std::copy_n(rates.row(0), count_, block_.short_rate.row(time));
    std::copy_n(rates.row(1), count_, block_.ten_year_rate.row(time));
  }

  const BalanceModel& model_;
  const PreparedStudy& study_;
  std::size_t count_;
  EvaluateBlock block_;
};

/// Scenarios begin to end - 1 by this process alone.
void evaluate_blocks(const BalanceModel& model, const std::vector<ProjectionParameters>& projected,
                     const DrawSource& source, std::uint64_t begin, std::uint64_t end, ResultsFile& file,
                     const std::function<void()>& after_block) {
  const PreparedStudy& study = model.study();
  ordered_blocks(
      std::size_t((end - begin + kBlockScenarios - 1) / kBlockScenarios),
      [&](std::size_t number) {
        std::uint64_t first = begin + number * kBlockScenarios;
        auto count = std::size_t(std::min<std::uint64_t>(kBlockScenarios, end - first));
        BlockRecorder recorder(model, projected.size(), first, count);
        BalancePath path(model, source, first, count, study.steps, projected);
        std::size_t time = 0;
        for (int step = 0;; path.step(), ++step) {
          if (step == study.report_steps[time]) recorder.record(time++, path);
          if (step == study.risk_steps) recorder.record_horizon(path);
          if (step == study.steps) break;
        }
        return recorder.take();
      },
      [&](std::size_t, EvaluateBlock& block) {
        file.append(block);
        after_block();
      });
}

/// How many blocks each rank does in the next round, from how long this one took: rounds are long enough for waiting
/// not to matter, and short enough for a signal to be heeded soon.
std::size_t next_round(std::size_t blocks, double seconds) {
  constexpr double kRound = 4.0;
  const double wanted = double(blocks) * std::clamp(kRound / std::max(seconds, 1e-3), 0.25, 4.0);
  return std::max<std::size_t>(1, std::size_t(wanted));
}

}  // namespace

void evaluate(const BalanceModel& model, const std::vector<NamedPortfolio>& portfolios, std::uint64_t begin,
              std::uint64_t end, ResultsFile& file, Ranks& ranks, const std::function<void()>& after_block) {
  std::vector<ProjectionParameters> projected;
  for (const NamedPortfolio& portfolio : portfolios) projected.push_back(model.projection(portfolio.weights));
  const DrawSource source = model.study().draws(Sequence::evaluate);
  if (ranks.alone()) return evaluate_blocks(model, projected, source, begin, end, file, after_block);
  const std::uint64_t done_before = begin - file.appended();
  std::size_t blocks_each = of_root(ranks, 2 + 2 * std::size_t(threads()));
  for (std::uint64_t first = begin; first < end;) {
    const auto started = std::chrono::steady_clock::now();
    const std::uint64_t left = (end - first + kBlockScenarios - 1) / kBlockScenarios;
    const std::uint64_t blocks = std::min<std::uint64_t>(left, blocks_each * ranks.size());
    const RankPart part = part_of(ranks, blocks);
    auto scenario = [&](std::uint64_t block) { return std::min(end, first + block * kBlockScenarios); };
    run_together(ranks, [&] {
      evaluate_blocks(model, projected, source, scenario(part.begin), scenario(part.end), file, [] {});
    });
    first = scenario(blocks);
    file.advance_to(first - done_before);
    after_block();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    blocks_each = of_root(ranks, next_round(blocks_each, took.count()));
  }
}

HorizonScenarios read_horizon(const ResultsFile& file, const std::string& scratch) {
  constexpr std::uint64_t step = 64 * kBlockScenarios;
  hdf5::Dataset returns = file.dataset("asset_return");
  HorizonScenarios set;
  set.scenarios = file.scenarios();
  set.assets = std::size_t(returns.shape().at(1));
  set.asset_return = LargeArray(set.scenarios * set.assets, scratch);
  for (std::uint64_t first = 0; first < set.scenarios; first += step) {
    const std::uint64_t count = std::min(step, set.scenarios - first);
    returns.read_rows(first, count, set.asset_return.data() + first * set.assets);
    set.asset_return.release(first * set.assets, count * set.assets);
  }
  if (file.holds("horizon_zero_rate")) set.zero_rates = file.dataset("horizon_zero_rate").read_doubles();
  if (file.holds("horizon_liability")) set.liability = file.dataset("horizon_liability").read_doubles();
  return set;
}

}  // namespace ballast

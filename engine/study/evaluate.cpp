#include "engine/study/evaluate.h"

#include <algorithm>

#include "scenarios/base/parallel.h"

namespace ballast {
namespace {

/// Where one block's values go, in the evaluation and in the block that is written.
class BlockRecorder {
 public:
  BlockRecorder(const BalanceModel& model, Evaluation& evaluation, std::uint64_t first, std::size_t count)
      : model_(model), study_(model.study()), all_(evaluation), count_(count) {
    std::size_t times = study_.report_steps.size();
    block_.first_scenario = first;
    block_.scenarios = count;
    for (LaneArray* rows : {&block_.assets_value, &block_.surplus, &block_.funding_ratio})
      *rows = LaneArray(times, count);
    const OutputParameters& output = study_.config.output;
    if (output.zero_rates) block_.zero_rate = LaneArray(times * study_.world->tenors().size(), count);
    if (!study_.has_liabilities()) return;
    block_.liability_pv = LaneArray(times, count);
    block_.liability_duration = LaneArray(times, count);
    if (output.key_rate_durations) {
      block_.liability_convexity = LaneArray(times, count);
      block_.liability_key_rate_duration = LaneArray(times * study_.config.measures.key_rates.size(), count);
      for (std::size_t i = 0; i < study_.liabilities.size(); ++i) block_.pv_by_liability.emplace_back(times, count);
    }
  }

  /// The path stands at report time number `time`.
  void record(std::size_t time, const BalancePath& path) {
    LaneArray pv(1, count_);
    if (study_.has_liabilities()) value_liabilities(time, path, pv);
    if (study_.world->has_curve()) record_rates(time, path);
    LaneArray surplus(1, count_), funding_ratio(1, count_);
    for (std::size_t p = 0; p < all_.portfolios.size(); ++p) {
      const Projection& projection = path.projection(p);
      balance_measures(projection.assets(), projection.shortfall(), pv.row(0), pv.lanes(), surplus.row(0),
                       funding_ratio.row(0));
      PortfolioValues& values = all_.portfolios[p];
      keep(projection.assets(), values.assets, time);
      keep(surplus.row(0), values.surplus, time);
      keep(funding_ratio.row(0), values.funding_ratio, time);
      if (p == 0) {
        std::copy_n(projection.assets(), pv.lanes(), block_.assets_value.row(time));
        std::copy_n(surplus.row(0), pv.lanes(), block_.surplus.row(time));
        std::copy_n(funding_ratio.row(0), pv.lanes(), block_.funding_ratio.row(time));
      }
    }
  }

  void record_horizon(const BalancePath& path) {
    store_horizon(model_, path, block_.first_scenario, count_, all_.horizon);
    block_.asset_return = LaneArray(all_.horizon.assets, count_);
    path.horizon_return().simple_return(block_.asset_return);
    if (all_.horizon.liability.empty()) return;
    block_.horizon_liability = LaneArray(1, count_);
    std::copy_n(all_.horizon.liability.data() + block_.first_scenario, count_, block_.horizon_liability.row(0));
  }

  EvaluateBlock take() { return std::move(block_); }

 private:
  void keep(const double* lanes, ReportValues& into, std::size_t time) {
    std::copy_n(lanes, count_, into.at(time) + block_.first_scenario);
  }

  void value_liabilities(std::size_t time, const BalancePath& path, LaneArray& pv) {
    LaneArray value(model_.liabilities().valuer(study_.report_steps[time])->rows(), count_);
    path.liabilities().value(path.market(), value);
    std::size_t lanes = pv.lanes();
    std::copy_n(value.row(LiabilityValuer::kPv), lanes, pv.row(0));
    std::copy_n(value.row(LiabilityValuer::kPv), lanes, block_.liability_pv.row(time));
    std::copy_n(value.row(LiabilityValuer::kMacaulay), lanes, block_.liability_duration.row(time));
    keep(value.row(LiabilityValuer::kPv), all_.liability_pv, time);
    keep(value.row(LiabilityValuer::kMacaulay), all_.liability_duration, time);
    if (study_.config.output.key_rate_durations) {
      std::size_t nodes = study_.config.measures.key_rates.size();
      std::copy_n(value.row(LiabilityValuer::kConvexity), lanes, block_.liability_convexity.row(time));
      std::copy_n(value.row(LiabilityValuer::kKeyRates), nodes * lanes,
                  block_.liability_key_rate_duration.row(time * nodes));
      for (std::size_t i = 0; i < study_.liabilities.size(); ++i) {
        path.liabilities().value_one(path.market(), i, block_.pv_by_liability[i].row(time));
      }
    }
  }

  void record_rates(std::size_t time, const BalancePath& path) {
    if (const LaneArray& curve = path.world().curve(); study_.config.output.zero_rates) {
      std::copy_n(curve.data(), curve.rows() * curve.lanes(), block_.zero_rate.row(time * curve.rows()));
    }
    LaneArray rate(1, count_);
    for (auto [years, into] :
         {std::pair{study_.step_years(), &all_.short_rate}, std::pair{10.0, &all_.ten_year_rate}}) {
      const LaneArray& curve = path.world().curve();
      LinearWeights w = linear_weights(study_.world->tenors(), years);
      const double* lower = curve.row(std::size_t(w.lower));
      const double* upper = w.weight_upper > 0 ? curve.row(std::size_t(w.lower) + 1) : lower;
      for (std::size_t lane = 0; lane < count_; ++lane) {
        rate(0, lane) = (1 - w.weight_upper) * lower[lane] + w.weight_upper * upper[lane];
      }
      keep(rate.row(0), *into, time);
    }
  }

  const BalanceModel& model_;
  const PreparedStudy& study_;
  Evaluation& all_;
  std::size_t count_;
  EvaluateBlock block_;
};

}  // namespace

Evaluation evaluate(const BalanceModel& model, const std::vector<NamedPortfolio>& portfolios, ResultsFile& file) {
  const PreparedStudy& study = model.study();
  auto scenarios = std::uint64_t(study.config.scenarios.count);
  std::size_t times = study.report_steps.size();
  Evaluation all;
  all.horizon.scenarios = scenarios;
  all.horizon.assets = study.assets.size();
  all.horizon.asset_return.resize(scenarios * all.horizon.assets);
  if (study.has_liabilities()) {
    all.horizon.liability.resize(scenarios);
    all.liability_pv = all.liability_duration = ReportValues(times, scenarios);
  }
  if (study.world->has_curve()) all.short_rate = all.ten_year_rate = ReportValues(times, scenarios);
  std::vector<std::vector<double>> weights;
  for (const NamedPortfolio& portfolio : portfolios) {
    weights.push_back(portfolio.weights);
    ReportValues empty(times, scenarios);
    all.portfolios.push_back({empty, empty, empty});
  }

  PcgSequence sequence(study.config.study.seed, Sequence::evaluate);
  ordered_blocks(
      std::size_t((scenarios + kBlockScenarios - 1) / kBlockScenarios),
      [&](std::size_t number) {
        std::uint64_t first = number * kBlockScenarios;
        auto count = std::size_t(std::min<std::uint64_t>(kBlockScenarios, scenarios - first));
        BlockRecorder recorder(model, all, first, count);
        BalancePath path(model, sequence, first, count, study.steps, weights);
        std::size_t time = 0;
        for (int step = 0;; path.step(), ++step) {
          if (step == study.report_steps[time]) recorder.record(time++, path);
          if (step == study.risk_steps) recorder.record_horizon(path);
          if (step == study.steps) break;
        }
        return recorder.take();
      },
      [&](std::size_t, EvaluateBlock& block) { file.append(block); });
  return all;
}

}  // namespace ballast

#include "engine/output/results_datasets.h"
#include "engine/output/table_builders.h"
#include "engine/output/table_columns.h"

namespace ballast {

ResultTable balance_table(const Results& r) {
  std::vector<BalanceResult> rows;
  if (r.balance) rows.push_back(*r.balance);
  return TableColumns("balance", "balance sheet at the valuation date", rows)
      .number("assets", units::currency, &BalanceResult::assets)
      .number("liability_pv", units::currency, &BalanceResult::liability_pv)
      .number("surplus", units::currency, &BalanceResult::surplus)
      .number("funding_ratio", units::fraction, &BalanceResult::funding_ratio)
      .number("asset_duration", units::years, [](const auto& b) { return or_nan(b.asset_duration); })
      .number("duration_gap", units::years, [](const auto& b) { return or_nan(b.duration_gap); })
      .number("dv01_gap", units::currency, [](const auto& b) { return or_nan(b.dv01_gap); })
      .take();
}

ResultTable liability_table(const Results& r) {
  return TableColumns("liabilities", "liabilities at the valuation date", liabilities_and_total(r))
      .text("liability", &LiabilityResult::name)
      .number("pv", units::currency, &LiabilityResult::pv)
      .number("macaulay_duration", units::years, &LiabilityResult::macaulay_duration)
      .number("modified_duration", units::years, &LiabilityResult::modified_duration)
      .number("convexity", units::years_squared, &LiabilityResult::convexity)
      .number("effective_duration", units::years, &LiabilityResult::effective_duration)
      .number("dv01", units::currency, &LiabilityResult::dv01)
      .number("inflation_duration", units::years, &LiabilityResult::inflation_duration)
      .take();
}

ResultTable key_rate_table(const Results& r) {
  std::vector<TableEntry> rows;
  for (const LiabilityResult& one : liabilities_and_total(r)) {
    for (std::size_t k = 0; k < one.key_rate_durations.size(); ++k) {
      rows.push_back({one.name, "", r.key_rate_tenors.at(k), one.key_rate_durations[k]});
    }
  }
  return TableColumns("key_rates", "key-rate durations of the liabilities", rows)
      .text("liability", &TableEntry::first)
      .number("key_rate", units::years, &TableEntry::at)
      .number("duration", units::years, &TableEntry::value)
      .take();
}

ResultTable cash_flow_table(const Results& r) {
  std::vector<TableEntry> rows;
  for (const LiabilityResult& one : r.liabilities) {
    for (std::size_t k = 0; k < one.flow_times.size(); ++k) {
      rows.push_back({one.name, "", one.flow_times[k], one.flow_amounts.at(k)});
    }
  }
  return TableColumns("cash_flows", "payments of the liabilities", rows)
      .text("liability", &TableEntry::first)
      .number("time", units::years, &TableEntry::at)
      .number("amount", units::currency, &TableEntry::value)
      .take();
}

ResultTable asset_key_rate_table(const Results& r) {
  std::vector<TableEntry> rows;
  if (r.balance) {
    const BalanceResult& b = *r.balance;
    for (std::size_t k = 0; k < b.asset_key_rate_durations.size(); ++k) {
      TableEntry row{"", "", r.key_rate_tenors.at(k), b.asset_key_rate_durations[k]};
      row.further = k < b.key_rate_dv01_gap.size() ? b.key_rate_dv01_gap[k] : kNan;
      rows.push_back(row);
    }
  }
  return TableColumns("asset_key_rates", "key-rate durations of the assets, and the gap", rows)
      .number("key_rate", units::years, &TableEntry::at)
      .number("duration", units::years, &TableEntry::value)
      .number("dv01_gap", units::currency, &TableEntry::further)
      .take();
}

ResultTable asset_table(const Results& r) {
  return TableColumns("assets", "how each asset reacts to rates at the valuation date", r.assets)
      .text("asset", &AssetResult::name)
      .text("duration_source", &AssetResult::duration_source)
      .number("modified_duration", units::years, [](const AssetResult& a) { return or_nan(a.modified_duration); })
      .number("convexity", units::years_squared, [](const AssetResult& a) { return or_nan(a.convexity); })
      .take();
}

/// Of what each portfolio holds at the valuation date.
ResultTable asset_cash_flow_table(const Results& r) {
  struct Payment {
    std::string portfolio, asset;
    double time, amount;
  };
  std::vector<Payment> rows;
  for (const PortfolioResult* held : portfolios(r)) {
    for (std::size_t i = 0; r.balance && i < r.assets.size(); ++i) {
      const AssetResult& asset = r.assets[i];
      const double money = held->weights.at(i) * r.balance->assets;
      for (std::size_t k = 0; money != 0.0 && k < asset.flow_times.size(); ++k) {
        rows.push_back({held->name, asset.name, asset.flow_times[k], money * asset.flow_amounts.at(k)});
      }
    }
  }
  return TableColumns("asset_cash_flows", "payments of the assets that follow the curve, as held today", rows)
      .text("portfolio", &Payment::portfolio)
      .text("asset", &Payment::asset)
      .number("time", units::years, &Payment::time)
      .number("amount", units::currency, &Payment::amount)
      .take();
}

}  // namespace ballast

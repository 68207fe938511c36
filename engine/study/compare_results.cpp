#include "engine/study/compare_results.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "engine/config/yaml_document.h"
#include "engine/output/labels.h"
#include "engine/output/result_table.h"
#include "engine/output/results_provenance.h"
#include "engine/output/shard.h"
#include "engine/output/text_table.h"

namespace ballast {
namespace {

constexpr std::size_t kLabel = 34, kColumn = 22;

/// One run as it is compared.
struct Run {
  std::string name;
  std::vector<ResultTable> tables;
  std::map<std::string, std::string> settings;  ///< text by key path of the resolved study

  const ResultTable* table(std::string_view wanted) const { return find_table(tables, wanted); }
};

/// Every scalar of a study by its key path.
void collect(const YamlNode& node, const std::string& path, std::map<std::string, std::string>& settings) {
  if (node.kind == YamlNode::Kind::scalar) settings[path] = node.text;
  for (std::size_t k = 0; k < node.items.size(); ++k) {
    collect(node.items[k], fmt::format("{}[{}]", path, k), settings);
  }
  for (const YamlEntry& entry : node.entries) {
    collect(entry.value, path.empty() ? entry.key : path + "." + entry.key, settings);
  }
}

Run read_run(const std::string& file) {
  std::error_code ignored;
  const bool folder = std::filesystem::is_directory(file, ignored);
  hdf5::File opened = open_results(folder ? (std::filesystem::path(file) / "results.h5").string() : file);
  refuse_shard(opened);
  Run run{file, read_tables(opened), {}};
  std::vector<Problem> problems;
  collect(read_yaml(file, opened.text_attribute("resolved_config"), problems), "", run.settings);
  return run;
}

/// The first row whose texts are as asked.
std::optional<std::size_t> row_of(const ResultTable& table,
                                  const std::vector<std::pair<const char*, std::string>>& asked) {
  for (std::size_t k = 0; k < table.rows(); ++k) {
    if (std::all_of(asked.begin(), asked.end(),
                    [&](const auto& one) { return table.texts(one.first)[k] == one.second; })) {
      return k;
    }
  }
  return std::nullopt;
}

class Comparison {
 public:
  explicit Comparison(std::vector<Run> runs) : runs_(std::move(runs)) {}

  std::string text() {
    std::vector<std::string> names;
    for (const Run& run : runs_) names.push_back(run.name);
    line("Results", names);
    settings();
    balance();
    for (const char* portfolio : {"optimal", "current"}) weights(portfolio), figures(portfolio), outcome(portfolio);
    return text_;
  }

 private:
  void heading(const std::string& title) { text_ += "\n" + title + "\n"; }

  void line(const std::string& label, const std::vector<std::string>& cells) {
    text_ += left(label, kLabel);
    for (const std::string& cell : cells) {
      text_ += "  " + right(cell.size() > kColumn ? "..." + cell.substr(cell.size() - kColumn + 3) : cell, kColumn);
    }
    text_ += '\n';
  }

  /// A line of what `cell` finds in each run's table; none where no run has it.
  void row(const std::string& label, const char* table, const auto& cell) {
    std::vector<std::string> cells;
    bool any = false;
    for (const Run& run : runs_) {
      const ResultTable* found = run.table(table);
      std::optional<std::string> text;
      if (found) text = cell(*found);
      any = any || text;
      cells.push_back(text.value_or("-"));
    }
    if (any) line(label, cells);
  }

  void settings() {
    std::set<std::string> keys;
    for (const Run& run : runs_) {
      for (const auto& [key, value] : run.settings) keys.insert(key);
    }
    std::string above = std::move(text_);
    text_.clear();
    for (const std::string& key : keys) {
      std::vector<std::string> values;
      for (const Run& run : runs_) {
        auto found = run.settings.find(key);
        values.push_back(found == run.settings.end() ? "-" : found->second);
      }
      const bool same = std::all_of(values.begin(), values.end(), [&](const auto& v) { return v == values[0]; });
      if (!same) line("  " + key, values);
    }
    const std::string differing = std::move(text_);
    text_ = std::move(above);
    heading(differing.empty() ? "The studies are the same" : "In what the studies differ");
    text_ += differing;
  }

  void balance() {
    heading("Balance sheet today");
    auto add = [&](const char* label, const char* column, const auto& shown) {
      row(label, "balance", [&](const ResultTable& t) -> std::optional<std::string> {
        return std::isfinite(t.numbers(column)[0]) ? std::optional(shown(t.numbers(column)[0])) : std::nullopt;
      });
    };
    add("  Assets", "assets", [](double x) { return money(x); });
    add("  Liability PV", "liability_pv", [](double x) { return money(x); });
    add("  Funding Ratio", "funding_ratio", [](double x) { return percent(x); });
    add("  Duration Gap (years)", "duration_gap", [](double x) { return number(x, 2); });
  }

  void weights(const std::string& portfolio) {
    std::vector<std::string> assets;
    for (const Run& run : runs_) {
      const ResultTable* table = run.table("weights");
      for (std::size_t k = 0; table && k < table->rows(); ++k) {
        const std::string& asset = table->texts("asset")[k];
        const bool known = std::find(assets.begin(), assets.end(), asset) != assets.end();
        if (table->texts("portfolio")[k] == portfolio && !known) assets.push_back(asset);
      }
    }
    if (!assets.empty()) heading(portfolio == "optimal" ? "Optimal Weights" : "Current Weights");
    for (const std::string& asset : assets) {
      row("  " + asset, "weights", [&](const ResultTable& t) -> std::optional<std::string> {
        auto k = row_of(t, {{"portfolio", portfolio}, {"asset", asset}});
        return k ? std::optional(percent(t.numbers("weight")[*k])) : std::nullopt;
      });
    }
  }

  void figures(const std::string& portfolio) {
    auto estimate = [&](const std::string& label, const char* table, const std::string& column,
                        const std::vector<std::pair<const char*, std::string>>& asked, bool share) {
      row(label, table, [&](const ResultTable& t) -> std::optional<std::string> {
        auto k = row_of(t, asked);
        if (!k) return std::nullopt;
        const Estimate value{t.numbers(column)[*k], t.numbers(column + "_standard_error")[*k]};
        return share ? percent(value) : number(value, 3);
      });
    };
    estimate("  Expected Return", "portfolios", "expected_return", {{"portfolio", portfolio}}, true);
    estimate("  Volatility", "portfolios", "volatility", {{"portfolio", portfolio}}, true);
    estimate("  Sharpe Ratio", "portfolios", "sharpe", {{"portfolio", portfolio}}, false);
    row("  Tail measured over, in", "risk", [&](const ResultTable& t) -> std::optional<std::string> {
      auto k = row_of(t, {{"portfolio", portfolio}});
      if (!k) return std::nullopt;
      return fmt::format("{}, {}", years(t.numbers("horizon_years")[*k]), tail_label(t.numbers("confidence")[*k]));
    });
    for (auto [of, name] : {std::pair{"return", "of the loss"}, {"surplus", "of the deficit"}}) {
      for (auto [column, measure] : {std::pair{"var", "VaR"}, {"cvar", "CVaR"}}) {
        estimate(fmt::format("  {} {}", measure, name), "risk", column, {{"of", of}, {"portfolio", portfolio}}, true);
      }
    }
  }

  /// The funding ratio and shortfall at the end of the projection.
  void outcome(const std::string& portfolio) {
    auto at_end = [&](const std::string& label, const char* quantity, const char* statistic) {
      row(label, "distributions", [&](const ResultTable& t) -> std::optional<std::string> {
        std::optional<std::string> text;  // times ascend: the last is the end
        for (std::size_t k = 0; k < t.rows(); ++k) {
          const bool wanted = t.texts("quantity")[k] == quantity && t.texts("portfolio")[k] == portfolio &&
                              t.texts("statistic")[k] == statistic;
          if (wanted) text = percent(t.numbers("value")[k], 1);
        }
        return text;
      });
    };
    at_end("  Funding ratio at the end, 5%", "funding_ratio", "q05");
    at_end("  Funding ratio at the end, median", "funding_ratio", "q50");
    at_end("  Shortfall at the end", "shortfall_probability", "mean");
  }

  std::vector<Run> runs_;
  std::string text_;
};

}  // namespace

std::string compare_results(const std::vector<std::string>& files) {
  std::vector<Run> runs;
  for (const std::string& file : files) runs.push_back(read_run(file));
  return Comparison(std::move(runs)).text();
}

}  // namespace ballast

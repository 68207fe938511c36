#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include <fmt/format.h>

#include "engine/output/results_datasets.h"
#include "engine/report/answer_builders.h"
#include "engine/report/answer_table.h"
#include "engine/report/html.h"

namespace ballast {
namespace {

/// More assets than this do not fit beside the other answers: the smallest are added up.
constexpr std::size_t kMostAssets = 12;

struct Holding {
  std::string asset;
  std::vector<double> weights;  ///< one a portfolio
  double size() const {
    double most = 0.0;
    for (double w : weights) most = std::max(most, std::abs(w));
    return most;
  }
};

/// The assets in the study's order; of many, the largest and the sum of the others.
std::vector<Holding> holdings(const ReportData& data, const std::vector<std::string>& portfolios) {
  const ResultTable& table = *data.table("weights");
  std::map<std::string, std::size_t> column;
  for (std::size_t p = 0; p < portfolios.size(); ++p) column[portfolios[p]] = p;
  std::map<std::string, std::size_t> row;
  std::vector<Holding> all;
  for (std::size_t k = 0; k < table.rows(); ++k) {
    const std::string& asset = table.texts("asset")[k];
    if (row.emplace(asset, all.size()).second) all.push_back({asset, std::vector<double>(portfolios.size(), 0.0)});
    all[row[asset]].weights[column[table.texts("portfolio")[k]]] = table.numbers("weight")[k];
  }
  if (all.size() <= kMostAssets) return all;
  std::vector<double> sizes;
  for (const Holding& one : all) sizes.push_back(one.size());
  std::nth_element(sizes.begin(), sizes.begin() + kMostAssets - 1, sizes.end(), std::greater<>());
  const double least = sizes[kMostAssets - 1];
  std::vector<Holding> shown;
  Holding others{"", std::vector<double>(portfolios.size(), 0.0)};
  for (Holding& one : all) {
    if (one.size() > least && shown.size() < kMostAssets - 1) {
      shown.push_back(std::move(one));
    } else {
      for (std::size_t p = 0; p < portfolios.size(); ++p) others.weights[p] += one.weights[p];
    }
  }
  others.asset = fmt::format("{} others", all.size() - shown.size());
  shown.push_back(others);
  return shown;
}

/// The weights as bars, for the eye: the numbers stand beside them.
std::string bars(const Holding& holding, const std::vector<std::string>& portfolios, double most) {
  std::string html = "<td class=\"bars\" aria-hidden=\"true\">";
  for (std::size_t p = 0; p < portfolios.size(); ++p) {
    const double share = most > 0 ? std::min(1.0, std::abs(holding.weights[p]) / most) : 0.0;
    html += fmt::format("<i class=\"{}{}\" style=\"width:{:.1f}%\"></i>", html::text(portfolios[p]),
                        holding.weights[p] < 0 ? " short" : "", 100 * share);
  }
  return html + "</td>";
}

}  // namespace

std::string what_to_hold(const ReportData& data) {
  if (!data.table("weights")) return "";
  const std::vector<std::string> portfolios = portfolios_of(*data.table("weights"));
  const std::vector<Holding> all = holdings(data, portfolios);
  double most = 0.0;
  for (const Holding& one : all) most = std::max(most, one.size());
  AnswerTable answers("Weights, shares of the assets", portfolios, true);
  for (const Holding& one : all) {
    std::vector<AnswerCell> cells;
    for (double weight : one.weights) cells.emplace_back(html::number(weight, units::fraction), "");
    answers.row(one.asset, cells, bars(one, portfolios, most));
  }
  const bool optimal = portfolios[0] == "optimal";
  return fmt::format("<div><h3>{}</h3>\n", optimal ? "What to hold" : "What is held") + answers.take() + "</div>\n";
}

}  // namespace ballast

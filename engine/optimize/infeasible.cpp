#include "engine/optimize/infeasible.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/optimize/linear_program.h"
#include "scenarios/base/error.h"

namespace ballast {
namespace {

/// One thing that can be left out: a row's lower or upper limit (both of an equality), or all bounds of one name.
struct Item {
  std::string text;
  std::vector<std::size_t> rows;
  std::vector<std::size_t> variables;
  bool lower = false;
  bool upper = false;
};

std::vector<Item> row_items(const FeasibleSet& set) {
  std::vector<Item> items;
  for (std::size_t i = 0; i < set.rows.size(); ++i) {
    const LinearConstraint& row = set.rows[i];
    const std::string name = row.name.empty() ? fmt::format("row {}", i + 1) : row.name;
    if (row.lower == row.upper) {
      items.push_back({fmt::format("{}: exactly {:.6g}", name, row.lower - row.shift), {i}, {}, true, true});
      continue;
    }
    if (row.lower > -kNoLimit)
      items.push_back({fmt::format("{}: at least {:.6g}", name, row.lower - row.shift), {i}, {}, true, false});
    if (row.upper < kNoLimit)
      items.push_back({fmt::format("{}: at most {:.6g}", name, row.upper - row.shift), {i}, {}, false, true});
  }
  // Rows that share a name (the pairs that define |w|) are one constraint.
  for (std::size_t a = 0; a < items.size(); ++a) {
    const std::string& name = set.rows[items[a].rows[0]].name;
    for (std::size_t b = a + 1; b < items.size() && !name.empty();) {
      const bool same = set.rows[items[b].rows[0]].name == name && items[b].rows[0] != items[a].rows[0];
      if (!same) {
        ++b;
        continue;
      }
      // A pair that defines |w| says nothing by its numbers; the limit on the sum does.
      if (set.rows[items[b].rows[0]].defines) items[b].text = name;
      items[a].text = set.rows[items[a].rows[0]].defines ? items[b].text : items[a].text;
      items[a].rows.push_back(items[b].rows[0]);
      items[a].lower = items[a].lower || items[b].lower;
      items[a].upper = items[a].upper || items[b].upper;
      items.erase(items.begin() + long(b));
    }
  }
  return items;
}

std::vector<Item> bound_items(const FeasibleSet& set) {
  std::vector<Item> items;
  std::vector<std::string> names;
  for (bool lower : {true, false}) {
    const std::vector<double>& bounds = lower ? set.lower : set.upper;
    const std::vector<std::string>& given = lower ? set.lower_name : set.upper_name;
    for (std::size_t j = 0; j < bounds.size(); ++j) {
      if (lower ? bounds[j] == -kNoLimit : bounds[j] == kNoLimit) continue;
      const bool named = j < given.size() && !given[j].empty();
      const std::string name = named ? given[j] : fmt::format("{} bound of asset_{}", lower ? "lower" : "upper", j + 1);
      auto known = std::find(names.begin(), names.end(), name);
      if (known != names.end()) {
        Item& item = items[std::size_t(known - names.begin())];
        item.variables.push_back(j);
        item.lower = item.lower || lower;
        item.upper = item.upper || !lower;
        continue;
      }
      names.push_back(name);
      const std::string text = fmt::format("{}: at {} {:.6g}", name, lower ? "least" : "most", bounds[j]);
      items.push_back({text, {}, {j}, lower, !lower});
    }
  }
  return items;
}

/// Writes the item's limits into the programme, or takes them out.
void apply(const FeasibleSet& set, const Item& item, bool present, FeasibleSet& now, LinearProgram& programme) {
  for (std::size_t i : item.rows) {
    if (item.lower) now.rows[i].lower = present ? set.rows[i].lower : -kNoLimit;
    if (item.upper) now.rows[i].upper = present ? set.rows[i].upper : kNoLimit;
    programme.set_row(i, now.rows[i].lower, now.rows[i].upper);
  }
  for (std::size_t j : item.variables) {
    if (item.lower) now.lower[j] = present ? set.lower[j] : -kNoLimit;
    if (item.upper) now.upper[j] = present ? set.upper[j] : kNoLimit;
    programme.set_bounds(j, now.lower[j], now.upper[j]);
  }
}

bool is_empty(LinearProgram& programme, const std::vector<double>& zero) {
  return programme.minimise(zero) == LinearProgram::Status::infeasible;
}

/// Bounds and row limits that contradict themselves are not for a linear programme.
std::vector<std::string> crossed_limits(const FeasibleSet& set) {
  for (std::size_t j = 0; j < set.variables(); ++j) {
    if (set.lower[j] <= set.upper[j]) continue;
    std::vector<std::string> both;
    for (const Item& item : bound_items(set)) {
      if (std::find(item.variables.begin(), item.variables.end(), j) != item.variables.end()) both.push_back(item.text);
    }
    return both;
  }
  for (const LinearConstraint& row : set.rows) {
    if (row.lower > row.upper) {
      return {fmt::format("{}: at least {:.6g}", row.name, row.lower - row.shift),
              fmt::format("{}: at most {:.6g}", row.name, row.upper - row.shift)};
    }
  }
  return {};
}

}  // namespace

std::vector<std::string> conflicting_constraints(const FeasibleSet& set) {
  std::vector<std::string> conflict = crossed_limits(set);
  if (!conflict.empty()) return conflict;
  LinearProgram programme(set);
  const std::vector<double> zero(set.variables(), 0.0);
  if (!is_empty(programme, zero)) return conflict;
  FeasibleSet now = set;
  std::vector<Item> items = row_items(set);
  for (Item& item : bound_items(set)) items.push_back(std::move(item));
  // Left out in turn, the user's own rows last to first: what stays tends to be what was written first and what always
  // holds.
  std::vector<Item> needed;
  for (std::size_t k = items.size(); k-- > 0;) {
    apply(set, items[k], false, now, programme);
    if (is_empty(programme, zero)) continue;
    apply(set, items[k], true, now, programme);
    needed.push_back(items[k]);
  }
  for (std::size_t k = needed.size(); k-- > 0;) conflict.push_back(needed[k].text);
  return conflict;
}

void require_feasible(const FeasibleSet& set) {
  const std::vector<std::string> conflict = conflicting_constraints(set);
  if (conflict.empty()) return;
  throw NoSolutionError(
      fmt::format("no weights satisfy the constraints (these conflict: {}) relax or remove one of them",
                  fmt::join(conflict, "; ")));
}

}  // namespace ballast

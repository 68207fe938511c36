#include "scenarios/market/periods.h"

#include <algorithm>

#include <fmt/format.h>

#include "scenarios/base/error.h"
#include "scenarios/market/calendar.h"

namespace ballast {
namespace {

InputError file_error(const std::string& file, std::string message) {
  Problem problem;
  problem.file = file;
  problem.message = std::move(message);
  return InputError(std::move(problem));
}

void check_not_coarser(const std::string& file, int frequency, int periods_per_year) {
  if (frequency >= periods_per_year) return;
  throw file_error(
      file, fmt::format("is {}, but the study needs {} periods ({} steps a year); choose "
                        "`scenarios.steps_per_year: {}`, or a finer history",
                        frequency_name(frequency), frequency_name(periods_per_year), periods_per_year, frequency));
}

/// Rows of one file in one calendar period: [begin, end).
struct Group {
  int period;
  std::size_t begin, end;
};

std::vector<Group> group_by_period(const std::vector<Date>& dates, int periods_per_year, const std::string& file) {
  std::vector<Group> groups;
  for (std::size_t i = 0; i < dates.size(); ++i) {
    int period = period_index(dates[i], periods_per_year);
    if (groups.empty() || groups.back().period != period) {
      if (!groups.empty() && period != groups.back().period + 1) {
        throw file_error(
            file, fmt::format("has no rows in {}; add them", period_name(groups.back().period + 1, periods_per_year)));
      }
      groups.push_back({period, i, i});
    }
    groups.back().end = i + 1;
  }
  return groups;
}

/// Days that may be missing at the start (or end) of a period.
struct Slack {
  int start, end;
};
Slack slack(int frequency, int periods_per_year) {
  if (frequency == 52) return {6, 6};
  return periods_per_year == 52 ? Slack{1, 3} : Slack{4, 4};
}

bool begins_with_period(Date first, int frequency, int period, int periods_per_year) {
  if (frequency == periods_per_year) return true;
  if (frequency < 52) return period_index(first, frequency) == period * (frequency / periods_per_year);
  int period_start = period_end(period - 1, periods_per_year).days + 1;
  return first.days - period_start <= slack(frequency, periods_per_year).start;
}

bool ends_with_period(Date last, int frequency, int period, int periods_per_year) {
  if (frequency == periods_per_year) return true;
  if (frequency < 52) return period_index(last, frequency) == (period + 1) * (frequency / periods_per_year) - 1;
  return period_end(period, periods_per_year).days - last.days <= slack(frequency, periods_per_year).end;
}

std::string left_out(const std::string& file, int period, int periods_per_year, const char* what, Date date) {
  return fmt::format("{}: {} is left out, its {} row is of {}", file, period_name(period, periods_per_year), what,
                     to_string(date));
}

/// Groups of complete periods; those at the ends that are not are noted.
std::vector<Group> return_groups(const ReturnRows& rows, int periods_per_year, std::vector<std::string>& notes) {
  check_not_coarser(rows.file, rows.frequency, periods_per_year);
  std::vector<Group> groups = group_by_period(rows.dates, periods_per_year, rows.file);
  if (!groups.empty()) {
    const Group& first = groups.front();
    bool base_before = rows.base && period_index(*rows.base, periods_per_year) < first.period;
    if (!base_before && !begins_with_period(rows.dates[first.begin], rows.frequency, first.period, periods_per_year)) {
      notes.push_back(left_out(rows.file, first.period, periods_per_year, "first", rows.dates[first.begin]));
      groups.erase(groups.begin());
    }
  }
  if (!groups.empty()) {
    const Group& last = groups.back();
    if (!ends_with_period(rows.dates[last.end - 1], rows.frequency, last.period, periods_per_year)) {
      notes.push_back(left_out(rows.file, last.period, periods_per_year, "last", rows.dates[last.end - 1]));
      groups.pop_back();
    }
  }
  return groups;
}

std::vector<Group> curve_groups(const CurveRows& rows, int periods_per_year, std::vector<std::string>& notes) {
  check_not_coarser(rows.file, rows.frequency, periods_per_year);
  std::vector<Group> groups = group_by_period(rows.dates, periods_per_year, rows.file);
  if (!groups.empty()) {
    const Group& last = groups.back();
    if (!ends_with_period(rows.dates[last.end - 1], rows.frequency, last.period, periods_per_year)) {
      notes.push_back(left_out(rows.file, last.period, periods_per_year, "last", rows.dates[last.end - 1]));
      groups.pop_back();
    }
  }
  return groups;
}

void note_aggregation(const std::string& file, int frequency, int periods_per_year, const char* how,
                      std::vector<std::string>& notes) {
  if (frequency == periods_per_year) return;
  notes.push_back(
      fmt::format("{}: {} rows {} {} periods", file, frequency_name(frequency), how, frequency_name(periods_per_year)));
}

/// Compounds rows [begin, end).
Eigen::RowVectorXd compound(const Eigen::MatrixXd& returns, std::size_t begin, std::size_t end) {
  if (end == begin + 1) return returns.row(Eigen::Index(begin));  // as it was written, to the last bit
  Eigen::RowVectorXd growth = Eigen::RowVectorXd::Ones(returns.cols());
  for (std::size_t i = begin; i < end; ++i) growth.array() *= 1.0 + returns.row(Eigen::Index(i)).array();
  return growth.array() - 1.0;
}

}  // namespace

AlignedPeriods align_calendar_periods(const ReturnRows* returns, const CurveRows* curves, int periods_per_year,
                                      std::vector<std::string>& notes) {
  AlignedPeriods aligned;
  std::vector<Group> return_periods, curve_periods;
  if (returns) {
    return_periods = return_groups(*returns, periods_per_year, notes);
    note_aggregation(returns->file, returns->frequency, periods_per_year, "compounded to", notes);
    if (return_periods.empty()) return aligned;
  }
  if (curves) {
    curve_periods = curve_groups(*curves, periods_per_year, notes);
    note_aggregation(curves->file, curves->frequency, periods_per_year, "reduced to the ends of", notes);
    if (curve_periods.empty()) return aligned;
  }
  // A period needs its return, and the curve at its end and at the end of the one before.
  int first = returns ? return_periods.front().period : curve_periods.front().period + 1;
  int last = returns ? return_periods.back().period : curve_periods.back().period;
  if (returns && curves) {
    int curve_start = curve_periods.front().period;
    if (curve_start >= first && curve_start < last) {
      notes.push_back(fmt::format("{}: periods of returns left out before {}, as their curves are not known: {}",
                                  curves->file, period_name(curve_start + 1, periods_per_year),
                                  curve_start + 1 - first));
    }
    first = std::max(first, curve_start + 1);
    last = std::min(last, curve_periods.back().period);
  }
  if (last < first) return aligned;

  auto curve_row = [&](int period) {
    return curve_periods[std::size_t(period - curve_periods.front().period)].end - 1;
  };
  aligned.start = period_end(first - 1, periods_per_year);
  if (periods_per_year == 52 && curves) aligned.start = curves->dates[curve_row(first - 1)];
  if (curves) aligned.curve_rows.push_back(curve_row(first - 1));
  aligned.returns.resize(last - first + 1, returns ? returns->returns.cols() : 0);
  for (int period = first; period <= last; ++period) {
    Date end = period_end(period, periods_per_year);
    if (curves) aligned.curve_rows.push_back(curve_row(period));
    if (returns) {
      const Group& group = return_periods[std::size_t(period - return_periods.front().period)];
      aligned.returns.row(period - first) = compound(returns->returns, group.begin, group.end);
      if (periods_per_year == 52) end = returns->dates[group.end - 1];
    } else if (periods_per_year == 52) {
      end = curves->dates[curve_row(period)];
    }
    aligned.ends.push_back(end);
  }
  return aligned;
}

AlignedPeriods align_days(const ReturnRows* returns, const CurveRows* curves, std::vector<std::string>& notes) {
  if (returns) check_not_coarser(returns->file, returns->frequency, 252);
  if (curves) check_not_coarser(curves->file, curves->frequency, 252);
  AlignedPeriods aligned;
  std::vector<Date> bounds;  // the start, then the ends
  if (!curves) {
    if (returns->dates.empty()) return aligned;
    bounds = returns->dates;
    bounds.insert(bounds.begin(), returns->base.value_or(Date{returns->dates[0].days - 1}));
  } else if (!returns) {
    bounds = curves->dates;
  } else {
    std::set_intersection(returns->dates.begin(), returns->dates.end(), curves->dates.begin(), curves->dates.end(),
                          std::back_inserter(bounds));
    std::size_t common = bounds.size();
    // The first return starts on the trading day before its date: at most 5 days, over a long week-end.
    auto first_after =
        std::lower_bound(curves->dates.begin(), curves->dates.end(), bounds.empty() ? Date{} : bounds[0]);
    if (!bounds.empty() && bounds[0] == returns->dates[0] && first_after != curves->dates.begin()) {
      Date before = *std::prev(first_after);
      if (returns->base ? before == *returns->base : bounds[0].days - before.days <= 5) {
        bounds.insert(bounds.begin(), before);
      }
    }
    std::size_t unused = returns->dates.size() - common;
    if (unused > 0) {
      notes.push_back(
          fmt::format("{}: {} of {} days have no curve in {}; returns within the common history are "
                      "compounded into the next day's",
                      returns->file, unused, returns->dates.size(), curves->file));
    }
  }
  if (bounds.size() < 2) return aligned;

  aligned.start = bounds[0];
  aligned.ends.assign(bounds.begin() + 1, bounds.end());
  aligned.returns.resize(Eigen::Index(aligned.ends.size()), returns ? returns->returns.cols() : 0);
  if (returns) {
    auto row_after = [&](Date date) {
      return std::size_t(std::upper_bound(returns->dates.begin(), returns->dates.end(), date) - returns->dates.begin());
    };
    for (std::size_t i = 0; i + 1 < bounds.size(); ++i) {
      aligned.returns.row(Eigen::Index(i)) = compound(returns->returns, row_after(bounds[i]), row_after(bounds[i + 1]));
    }
  }
  if (curves) {
    for (Date date : bounds) {
      auto row = std::lower_bound(curves->dates.begin(), curves->dates.end(), date);
      aligned.curve_rows.push_back(std::size_t(row - curves->dates.begin()));
    }
  }
  return aligned;
}

void keep_periods(AlignedPeriods& periods, Eigen::Index first, Eigen::Index count) {
  if (first > 0 && count > 0) periods.start = periods.ends[std::size_t(first - 1)];
  periods.ends = {periods.ends.begin() + first, periods.ends.begin() + first + count};
  periods.returns = Eigen::MatrixXd(periods.returns.middleRows(first, count));
  if (periods.inflation.size() > 0) periods.inflation = Eigen::VectorXd(periods.inflation.segment(first, count));
  if (periods.spreads.size() > 0) periods.spreads = Eigen::MatrixXd(periods.spreads.middleRows(first, count + 1));
  if (!periods.curve_rows.empty()) {
    auto rows = periods.curve_rows.begin() + first;
    periods.curve_rows = std::vector<std::size_t>(rows, rows + count + 1);
  }
}

void align_spreads(const SpreadRows& spreads, int periods_per_year, AlignedPeriods& periods,
                   std::vector<std::string>& notes) {
  if (periods.ends.empty()) return;
  check_not_coarser(spreads.file, spreads.frequency, periods_per_year);
  note_aggregation(spreads.file, spreads.frequency, periods_per_year, "reduced to the ends of", notes);
  /// The row that says what the spread was at a bound of periods; -1: none.
  auto row_at = [&](std::size_t bound) {
    Date at = bound == 0 ? periods.start : periods.ends[bound - 1];
    Date last = at;
    if (periods_per_year < 52) {
      int period = period_index(bound == 0 ? periods.ends[0] : at, periods_per_year) - (bound == 0 ? 1 : 0);
      last = period_end(period, periods_per_year);
      auto row = std::upper_bound(spreads.dates.begin(), spreads.dates.end(), last) - spreads.dates.begin() - 1;
      return row >= 0 && period_index(spreads.dates[std::size_t(row)], periods_per_year) == period ? row : -1;
    }
    auto row = std::upper_bound(spreads.dates.begin(), spreads.dates.end(), last) - spreads.dates.begin() - 1;
    return row >= 0 && at.days - spreads.dates[std::size_t(row)].days <= 5 ? row : std::ptrdiff_t(-1);
  };
  std::vector<std::ptrdiff_t> rows;
  for (std::size_t bound = 0; bound <= periods.ends.size(); ++bound) rows.push_back(row_at(bound));
  auto known = [](std::ptrdiff_t row) { return row >= 0; };
  auto first = std::find_if(rows.begin(), rows.end(), known);
  auto last = std::find_if(rows.rbegin(), std::make_reverse_iterator(first), known).base();  // one past
  if (auto hole = std::find_if_not(first, last, known); hole != last) {
    throw file_error(spreads.file, fmt::format("has no spread near {}; add it",
                                               to_string(periods.ends[std::size_t(hole - rows.begin()) - 1])));
  }
  auto bounds = last - first;
  Eigen::Index count = std::max<Eigen::Index>(0, bounds - 1), all = Eigen::Index(periods.ends.size());
  if (count < all) {
    notes.push_back(
        fmt::format("{}: periods left out, as their credit spreads are not known: {}", spreads.file, all - count));
  }
  keep_periods(periods, count > 0 ? first - rows.begin() : 0, count);
  periods.spreads.resize(count > 0 ? count + 1 : 0, spreads.levels.cols());
  for (Eigen::Index i = 0; i < periods.spreads.rows(); ++i) periods.spreads.row(i) = spreads.levels.row(first[i]);
}

void align_inflation(const ReturnRows& inflation, int periods_per_year, AlignedPeriods& periods,
                     std::vector<std::string>& notes) {
  if (periods.ends.empty()) return;
  std::vector<Group> groups = return_groups(inflation, periods_per_year, notes);
  note_aggregation(inflation.file, inflation.frequency, periods_per_year, "compounded to", notes);
  int first = period_index(periods.ends.front(), periods_per_year);
  int from = groups.empty() ? first : std::max(first, groups.front().period);
  int to =
      groups.empty() ? first - 1 : std::min(period_index(periods.ends.back(), periods_per_year), groups.back().period);
  auto count = Eigen::Index(std::max(0, to - from + 1)), all = Eigen::Index(periods.ends.size());
  if (count < all) {
    notes.push_back(
        fmt::format("{}: periods left out, as their inflation is not known: {}", inflation.file, all - count));
  }
  keep_periods(periods, count > 0 ? from - first : 0, count);
  periods.inflation.resize(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const Group& group = groups[std::size_t(from - groups.front().period + i)];
    periods.inflation[i] = compound(inflation.returns, group.begin, group.end)[0];
  }
}

}  // namespace ballast

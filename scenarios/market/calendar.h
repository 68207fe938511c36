#pragma once

#include <span>
#include <string>

#include "scenarios/base/date.h"

namespace ballast {

/// Calendar periods: years (1 a year), half-years (2), quarters (4), months (12) and ISO weeks (52), numbered without
/// gaps; and trading days (252), which only the rows of a file number.
bool is_known_frequency(int periods_per_year);

const char* frequency_name(int periods_per_year);  ///< "monthly"
const char* period_noun(int periods_per_year);     ///< "month"

/// The frequency nearest to the median gap between ascending dates; at least two dates.
int detect_frequency(std::span<const Date> dates);

/// The number of the period that holds a date. Not for 252.
int period_index(Date date, int periods_per_year);

/// The last calendar day of a period (of a week its Sunday). Not for 252.
Date period_end(int index, int periods_per_year);

/// "2024", "2024-H1", "2024-Q1", "2024-01", or "the week to 2024-01-07". Not for 252.
std::string period_name(int index, int periods_per_year);

}  // namespace ballast

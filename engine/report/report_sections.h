#pragma once

#include <string>
#include <vector>

#include "engine/report/report_data.h"

namespace ballast {

/// A part of the page, with an entry in its navigation.
struct ReportSection {
  std::string id, title;
  std::string html;  ///< empty: the study lacks what it would show
};

/// All sections that the study has data for, in their order. with_charts: leave places for the script to draw in, and
/// fold the tables away.
std::vector<ReportSection> report_sections(const ReportData& data, bool with_charts);

}  // namespace ballast

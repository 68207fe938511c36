#pragma once

#include <string>

#include "engine/output/report_data.h"

namespace ballast {

/// The cards at the top of the page: what the study found, each estimate with its standard error.
std::string headline_html(const ReportData& data);

}  // namespace ballast

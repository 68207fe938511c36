#pragma once

#include <string>

#include "engine/report/report_data.h"

namespace ballast {

/// The top of the page: the answer of the study, and the balance sheet today as cards.
std::string headline_html(const ReportData& data);

}  // namespace ballast

#pragma once

#include <string>

#include "engine/report/report_data.h"

namespace ballast {

/// What a reader wants to know first, as one sentence and three short tables, all of which a laptop's screen shows at
/// once: what to hold, how bad it can get, and how sure that is. Empty where nothing was measured.
std::string answer_html(const ReportData& data);

}  // namespace ballast

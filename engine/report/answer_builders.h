#pragma once

#include <string>

#include "engine/report/report_data.h"

namespace ballast {

/// The parts of the page's answer (report_answer.h), as HTML; each empty where nothing is known of it.

std::string what_to_hold(const ReportData& data);  ///< weights
std::string how_bad(const ReportData& data);       ///< risk and return, with standard errors
std::string how_sure(const ReportData& data);      ///< proof, fresh scenarios, validation, length of the history
/// The mean of the tail of the loss that matters most: of surplus where there are liabilities.
std::string answer_sentence(const ReportData& data);

}  // namespace ballast

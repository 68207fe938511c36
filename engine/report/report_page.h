#pragma once

#include <string>

#include "engine/report/report_data.h"

namespace ballast {

/// The page of results: one HTML file that needs no network and no server. What is to be read (headline figures,
/// tables, provenance) is plain HTML; the charts and the what-if sliders are drawn by the script that the build made of
/// engine/report/page. Built without npm, the page has the tables only.
std::string report_page(const ReportData& data);

/// The page of a results file. shown_path: the name that the page's commands use.
std::string report_page_of(const std::string& results_file, const std::string& shown_path);

}  // namespace ballast

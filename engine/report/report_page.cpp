#include "engine/report/report_page.h"

#include <fmt/format.h>

#include "engine/output/text_table.h"
#include "engine/report/base64.h"
#include "engine/report/html.h"
#include "engine/report/report_assets.h"
#include "engine/report/report_sections.h"
#include "scenarios/io/input_files.h"

namespace ballast {
namespace {

/// A source of Content-Security-Policy that allows this script and no other, so that even text which slipped through
/// unescaped could not run.
std::string hash_source(std::string_view script) {
  std::string bytes, hex = sha256_hex(script);
  for (std::size_t k = 0; k < hex.size(); k += 2) bytes += char(std::stoi(hex.substr(k, 2), nullptr, 16));
  return "'sha256-" + base64(bytes) + "'";
}

/// JSON inside a script element: no '<', so that nothing in it can end the element.
std::string embedded_json(const nlohmann::ordered_json& value) {
  std::string raw = value.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace), safe;
  safe.reserve(raw.size());
  for (char c : raw) {
    if (c == '<') {
      safe += "\\u003c";
    } else {
      safe += c;
    }
  }
  return safe;
}

std::string subtitle(const ReportData& data) {
  std::string text;
  auto add = [&](const std::string& part) { text += (text.empty() ? "" : " · ") + part; };
  if (!data.valuation_date.empty()) add("valued at " + data.valuation_date);
  const auto& study = data.summary.at("study");
  bool own =
      data.summary.value("fresh_scenarios", nlohmann::ordered_json()).is_null() && data.table("balance") == nullptr;
  if (auto n = study.value("scenarios", std::uint64_t(0)); n > 0) {
    add(fmt::format("{} {} scenario{}", count(n), own ? "own" : "fresh", n == 1 ? "" : "s"));
  }
  add(fmt::format("seed {}", study.value("seed", std::uint64_t(0))));
  return text + " · ± is one standard error";
}

}  // namespace

std::string report_page(const ReportData& data) {
  std::string_view script = report_script();
  std::vector<ReportSection> sections = report_sections(data, !script.empty());
  std::string title = html::text(data.study);
  std::string page =
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src "
      "data:; script-src " +
      (script.empty() ? "'none'" : hash_source(script)) +
      "\">\n"
      "<meta name=\"generator\" content=\"ballast\">\n<title>" +
      title + " – Ballast</title>\n<style>";
  page += report_style();
  page += "</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#headline\">Skip to the results</a>\n<header><h1>" +
          title + "</h1><p>" + html::text(subtitle(data)) + "</p></header>\n<nav aria-label=\"Sections\"><ul>";
  for (const ReportSection& section : sections) {
    page += fmt::format("<li><a href=\"#{}\">{}</a></li>", section.id, html::text(section.title));
  }
  page += "</ul></nav>\n<main>\n";
  if (script.empty()) {
    page +=
        "<p class=\"note\">This build of ballast has no charts (npm was not there when it was built): the tables hold "
        "every number.</p>\n";
  }
  for (const ReportSection& section : sections) {
    page += fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-title\"><h2 id=\"{0}-title\">{1}</h2>\n", section.id,
                        html::text(section.title));
    page += section.html + "</section>\n";
  }
  page += "</main>\n<footer><p>Made by ballast. One file, no network: it may be mailed and kept.</p></footer>\n";
  if (!script.empty()) {
    page += "<script id=\"data\" type=\"application/json\">" + embedded_json(data.charts) + "</script>\n<script>";
    page += script;
    page += "</script>\n";
  }
  return page + "</body>\n</html>\n";
}

std::string report_page_of(const std::string& results_file, const std::string& shown_path) {
  return report_page(read_report_data(results_file, shown_path));
}

}  // namespace ballast

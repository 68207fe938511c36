#include "engine/output/report_sections.h"

#include "engine/output/report_headline.h"
#include "engine/output/report_section_builders.h"

namespace ballast {

std::vector<ReportSection> report_sections(const ReportData& data, bool with_charts) {
  SectionWriter w(data, with_charts);
  std::vector<ReportSection> all{
      {"headline", "Headline", headline_html(data)},
      {"weights", "Portfolio", weights_section(w)},
      {"policy", "Policy", policy_section(w)},
      {"what-if", "What if", what_if_section(w)},
      {"balance", "Balance sheet over time", balance_section(w)},
      {"risk", "Risk", risk_section(w)},
      {"cash-flows", "Cash flows", cash_flow_section(w)},
      {"rates", "Interest rates", rates_section(w)},
      {"stress", "Stresses", stress_section(w)},
      {"views", "Views", views_section(w)},
      {"trust", "How far to trust it", trust_section(w)},
      {"provenance", "Where it comes from", provenance_section(w)},
  };
  std::erase_if(all, [](const ReportSection& section) { return section.html.empty(); });
  return all;
}

}  // namespace ballast

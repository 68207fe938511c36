#include "engine/report/report_sections.h"

#include "engine/report/report_headline.h"
#include "engine/report/report_section_builders.h"

namespace ballast {

std::vector<ReportSection> report_sections(const ReportData& data, bool with_charts) {
  SectionWriter w(data, with_charts);
  // In the order of a reader's questions: what to hold, what else could be held, how bad it can get, why, and how sure.
  std::vector<ReportSection> all{
      {"headline", "The answer", headline_html(data)},
      {"what-if", "What if", what_if_section(w)},
      {"weights", "Portfolio", weights_section(w)},
      {"policy", "Policy", policy_section(w)},
      {"risk", "Risk", risk_section(w)},
      {"balance", "Over time", balance_section(w)},
      {"stress", "Stresses", stress_section(w)},
      {"cash-flows", "Cash flows", cash_flow_section(w)},
      {"rates", "Interest rates", rates_section(w)},
      {"views", "Views", views_section(w)},
      {"trust", "How far to trust it", trust_section(w)},
      {"provenance", "Where it comes from", provenance_section(w)},
  };
  std::erase_if(all, [](const ReportSection& section) { return section.html.empty(); });
  return all;
}

}  // namespace ballast

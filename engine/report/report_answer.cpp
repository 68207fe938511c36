#include "engine/report/report_answer.h"

#include "engine/report/answer_builders.h"

namespace ballast {

std::string answer_html(const ReportData& data) {
  const std::string hold = what_to_hold(data), bad = how_bad(data), sure = how_sure(data);
  if (hold.empty() && bad.empty()) return "";
  return answer_sentence(data) + "<div class=\"answers\">\n" + hold + bad + sure + "</div>\n";
}

}  // namespace ballast

#pragma once

#include <string>

#include "engine/report/section_writer.h"

namespace ballast {

/// The sections of the page between headline and end, each "" where the study has nothing for it.

std::string weights_section(const SectionWriter& writer);
std::string policy_section(const SectionWriter& writer);
std::string what_if_section(const SectionWriter& writer);
std::string risk_section(const SectionWriter& writer);
std::string balance_section(const SectionWriter& writer);
std::string cash_flow_section(const SectionWriter& writer);
std::string rates_section(const SectionWriter& writer);
std::string stress_section(const SectionWriter& writer);
std::string views_section(const SectionWriter& writer);
std::string trust_section(const SectionWriter& writer);
std::string provenance_section(const SectionWriter& writer);

}  // namespace ballast

#pragma once

#include <string>

namespace ballast {

/// The JSON Schema (draft-07) of a study, for editors: types, bounds, names of values, defaults and help of every key.
std::string study_schema();

/// configs/REFERENCE.md: a table of the keys of each section.
std::string reference_markdown();

}  // namespace ballast

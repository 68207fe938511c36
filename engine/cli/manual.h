#pragma once

#include <string>
#include <vector>

#include "engine/cli/command_line.h"

namespace ballast {

/// The man page ballast(1), in roff, from the same descriptions as each command's --help.
std::string manual_page(const std::vector<const CommandSpec*>& commands);

/// What bash completes: commands, their options, words such as auto|always|never, and files by their endings.
std::string bash_completion(const std::vector<const CommandSpec*>& commands);

}  // namespace ballast

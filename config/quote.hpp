#pragma once

#include <string>
#include <string_view>

namespace reviews::config {

/// `text` (UTF-8) as a TOML string in double quotes, on one line.
std::string quote(std::string_view text);

} // namespace reviews::config

#pragma once

#include <simdjson.h>

#include <optional>
#include <string>
#include <string_view>

namespace reviews::bench {

/// The member's text; nothing when there is no such member, or no text.
inline std::optional<std::string> optional_text(const simdjson::dom::object& members, const char* name) {
  std::string_view text;
  if (members[name].get(text) != simdjson::SUCCESS)
    return std::nullopt;
  return std::string(text);
}

} // namespace reviews::bench

#pragma once

#include "actors/model/review_json.hpp"
#include "actors/model/timestamp.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// Writes members of a JSON object one after the other. `quoted_name` is what
/// stands before the colon, and may begin with what closes the member before it:
/// `,"offset"`.
namespace reviews::json_write {

inline void append_text(std::string& out, std::string_view quoted_name, std::string_view value) {
  out.append(quoted_name).push_back(':');
  append_json_string(out, value);
}

inline void append_number(std::string& out, std::string_view quoted_name, std::int64_t value) {
  out.append(quoted_name).append(":").append(std::to_string(value));
}

/// In RFC 3339.
inline void append_time(std::string& out, std::string_view quoted_name, timestamp when) {
  out.append(quoted_name).append(":\"");
  append_rfc3339(out, when);
  out.push_back('"');
}

} // namespace reviews::json_write

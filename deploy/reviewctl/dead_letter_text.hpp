#pragma once

#include "deploy/reviewctl/dead_letter.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace reviews::ctl {

/// The heading over `table_row`s, with its line end.
std::string table_heading();

/// One dead letter as a line of a table. `state`: `open`, `replayed` or `dropped`.
std::string table_row(const dead_letter& letter, std::string_view state);

/// One dead letter as a JSON object, without its value: `{"id":"3:17","topic":…}`.
std::string to_json_line(const dead_letter& letter, std::string_view state);

/// All of one dead letter: headers, and at most `bytes_max` bytes of the value, as
/// text where it is printable UTF-8, else as hex.
std::string full_text(const dead_letter& letter, std::string_view state, std::size_t bytes_max);

/// The same as a JSON object; `value_hex` instead of `value` where it is no UTF-8.
std::string full_json(const dead_letter& letter, std::string_view state, std::size_t bytes_max);

/// `text` when a terminal can show it (UTF-8 without control characters but tab
/// and line feed), else `hex:` and its bytes.
std::string shown(std::string_view text);

} // namespace reviews::ctl

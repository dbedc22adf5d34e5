#pragma once

#include <string_view>

/// The parts that list-like fields of HTTP are made of (RFC 9110, section 5.6).
namespace reviews {

/// Without the spaces and tabs around it.
std::string_view trim(std::string_view text) noexcept;

/// Cuts the part before the first `mark` outside of quotes off `rest`, trimmed,
/// and the mark with it.
std::string_view take_until(std::string_view& rest, char mark) noexcept;

/// What stands between quotes; the text itself when it is not quoted.
std::string_view unquote(std::string_view text) noexcept;

} // namespace reviews

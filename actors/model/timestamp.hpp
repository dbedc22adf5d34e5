#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace reviews {

/// A moment in UTC, to the microsecond: what Postgres's timestamptz keeps.
using timestamp = std::chrono::sys_time<std::chrono::microseconds>;

/// Now, by the system's clock.
timestamp now_utc() noexcept;

/// `2026-11-22T17:28:24.000123Z` (RFC 3339, always six digits, always Z).
/// A moment outside years 1..9999, which RFC 3339 cannot write, becomes the
/// nearest one inside.
std::string format_rfc3339(timestamp when);

/// Appends `format_rfc3339(when)`, 27 bytes, to `out` without another allocation.
void append_rfc3339(std::string& out, timestamp when);

/// Reads an RFC 3339 date-time with any offset and up to nine digits of a
/// second's fraction (further than microseconds is cut off). Leap second 60,
/// where one can be (the last of a UTC month), becomes the next second.
/// Nothing when malformed or outside years 1..9999.
std::optional<timestamp> parse_rfc3339(std::string_view text) noexcept;

} // namespace reviews

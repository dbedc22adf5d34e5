#pragma once

#include "actors/model/timestamp.hpp"

#include <optional>
#include <string_view>

namespace reviews::ctl {

/// A moment as an operator writes it: RFC 3339 (`2026-11-22T17:28:24Z`), or how
/// long before `now`: `90s`, `15m`, `2h`, `7d`. Nothing when it is neither.
std::optional<timestamp> parse_moment(std::string_view text, timestamp now);

/// Events a second: `50/s`, `50`, `30/m`; more than 0. Nothing when malformed.
std::optional<double> parse_rate(std::string_view text);

} // namespace reviews::ctl

#pragma once

#include "actors/model/failure.hpp"
#include "config/domain.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace reviews::config {

/// A value as it was written, before anyone knows what it is for.
struct written {
  /// Nothing when it is of a type that no key takes.
  std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>> what;
  std::string shown; ///< How a mistake cites it: `"80x"`.
};

/// The value within the domain; else `invalid` with `expected X, got Y`.
/// What stands for a secret is not cited.
outcome<value> convert(const domain& of, const written& from);

/// As `convert`, from a flag or an environment variable: numbers are written as text.
outcome<value> convert_text(const domain& of, std::string_view from);

/// What one entry of a table becomes: strings as they are, numbers and booleans as text.
outcome<value> convert_entry(const written& from);

/// May be the name of an entry: 1..128 of `A-Z a-z 0-9 . _ -`.
bool is_entry_name(std::string_view name) noexcept;

/// Text in quotes, cut to 64 bytes at a code point, control characters replaced.
std::string cite(std::string_view text);

/// `250ms`, `10s`: the unit that loses nothing.
std::string format_duration(std::int64_t milliseconds);

/// `64KiB`, `100B`: the largest unit that loses nothing.
std::string format_bytes(std::int64_t bytes);

/// The shortest decimal form that reads back as the same number.
std::string format_number(double number);

/// Milliseconds of `10s`, `250ms`, `5m` or `1h`; nothing when malformed or over ten years.
std::optional<std::int64_t> parse_duration(std::string_view text) noexcept;

/// Bytes of `100B`, `64KiB`, `4MiB` or `1GiB`; nothing when malformed or over 1 PiB.
std::optional<std::int64_t> parse_bytes(std::string_view text) noexcept;

} // namespace reviews::config

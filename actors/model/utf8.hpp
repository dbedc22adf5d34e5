#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// What the rules need to know of UTF-8 and Unicode.
namespace reviews::utf8 {

/// Code points in `text`, which must be well-formed UTF-8.
std::size_t count_code_points(std::string_view text) noexcept;

/// True when `text` (well-formed UTF-8) holds nothing but code points with
/// Unicode's property White_Space (PropList.txt), or nothing at all.
bool is_only_white_space(std::string_view text) noexcept;

/// Bytes of the longest prefix that is well-formed UTF-8 (The Unicode
/// Standard, table 3-7): `text.size()` when all of it is.
std::size_t well_formed_prefix(std::string_view text) noexcept;

/// `text` with U+FFFD in place of every byte that is not part of well-formed UTF-8.
std::string replace_ill_formed(std::string_view text);

} // namespace reviews::utf8

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Looks at JSON as text, off the usual path: where a parser's limits are
/// narrower than the grammar of RFC 8259, and where a text goes wrong.
namespace reviews::json_text {

/// Rewrites in place, keeping every byte offset, what RFC 8259's grammar
/// allows and parsers reject: an integer of more than 18 digits is cut to 18
/// characters, a number with fraction or exponent becomes 0.5, an escaped
/// surrogate without its partner becomes `\u0000`. True when anything changed.
/// A text that is not JSON stays one that is not.
bool tame(std::string& json);

/// True when arrays and objects nest deeper than `levels_max` in a text whose
/// strings are closed.
bool nests_deeper_than(std::string_view json, std::size_t levels_max) noexcept;

/// Why a text that a parser rejected is not JSON of at most `levels_max`
/// levels in UTF-8: `json: expected X, got Y at byte N`, counted from 0. Quotes nothing.
std::string explain(std::string_view json, std::size_t levels_max);

} // namespace reviews::json_text

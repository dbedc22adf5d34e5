#pragma once

#include "config/domain.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace reviews::config {

/// `text` follows the rule, is UTF-8 and holds no control characters.
bool obeys(text_rule rule, std::string_view text) noexcept;

/// Well-formed UTF-8 (RFC 3629).
bool is_utf8(std::string_view text) noexcept;

/// The pieces between the separators without surrounding blanks; none of an empty text.
std::vector<std::string> split(std::string_view text, char separator);

/// Edits that turn one text into the other (Levenshtein).
std::size_t distance(std::string_view from, std::string_view to);

/// The candidate that `text` was probably meant to be; empty when none comes close.
std::string nearest(std::string_view text, const std::vector<std::string>& candidates);

} // namespace reviews::config

#pragma once

#include "actors/model/stored_review.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace reviews {

/// A place among a vendor's reviews as clients carry it from page to page: 32
/// characters of base64url (RFC 4648, section 5), opaque to them.
std::string to_cursor(const review_place& place);

/// Reads what `to_cursor` wrote; nothing for any other text.
std::optional<review_place> parse_cursor(std::string_view text);

} // namespace reviews

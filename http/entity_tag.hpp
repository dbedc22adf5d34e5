#pragma once

#include "http/message.hpp"

#include <string>
#include <string_view>

namespace reviews {

/// A strong entity tag (RFC 9110, section 8.8.3) of these bytes, quotes
/// included: the same bytes have the same tag in every process and build.
std::string make_entity_tag(std::string_view bytes);

/// Whether `If-None-Match` (RFC 9110, section 13.1.2) names `tag`, compared
/// weakly, or is `*`. Empty names none; what is malformed is passed over.
bool names_entity_tag(std::string_view if_none_match, std::string_view tag) noexcept;

/// Whether a line of the request's `If-None-Match` does.
bool names_entity_tag(const http_request& request, std::string_view tag) noexcept;

/// Ends a 200 whose body is complete: adds `ETag` and `Cache-Control`, and makes
/// it a 304 without a body when the client has that body already.
/// @param cache_control The header's value.
void finish_cacheable(const http_request& request, http_response& out, std::string_view cache_control);

} // namespace reviews

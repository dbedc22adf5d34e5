#pragma once

#include <string>
#include <string_view>

namespace reviews {

/// A strong entity tag (RFC 9110, section 8.8.3) of these bytes, quotes
/// included: the same bytes have the same tag in every process and build.
std::string make_entity_tag(std::string_view bytes);

/// Whether `If-None-Match` (RFC 9110, section 13.1.2) names `tag`, compared
/// weakly, or is `*`. Empty names none; what is malformed is passed over.
bool names_entity_tag(std::string_view if_none_match, std::string_view tag) noexcept;

} // namespace reviews

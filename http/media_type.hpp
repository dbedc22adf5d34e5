#pragma once

#include "http/message.hpp"

#include <cstdint>
#include <string_view>

namespace reviews {

/// What a Content-Type names, as far as we care.
enum class media_type : std::uint8_t { json, ndjson, unsupported };

/// Reads a Content-Type (RFC 9110, section 8.3): `application/json` or
/// `application/x-ndjson`, any case, any parameters, but a `charset` must be
/// UTF-8 (RFC 8259, section 8.1). Missing or malformed: `unsupported`.
media_type parse_media_type(std::string_view content_type) noexcept;

/// Whether `Accept` (RFC 9110, section 12.5.1) admits `type`, such as
/// `application/json`: the most specific range decides, weight 0 excludes. Empty
/// admits everything; a malformed range is passed over.
bool accepts(std::string_view accept, std::string_view type) noexcept;

/// Whether a request admits `type`: one of its `Accept` lines does, or there is none.
bool admits(const http_request& head, std::string_view type) noexcept;

/// Whether a request admits the coding gzip (`Accept-Encoding`, RFC 9110, section 12.5.3).
bool admits_gzip(const http_request& head) noexcept;

} // namespace reviews

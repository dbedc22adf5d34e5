#pragma once

#include <cstdint>
#include <string_view>

namespace reviews {

/// What a Content-Type names, as far as we care.
enum class media_type : std::uint8_t { json, ndjson, unsupported };

/// Reads a Content-Type (RFC 9110, section 8.3): `application/json` or
/// `application/x-ndjson`, any case, any parameters, but a `charset` must be
/// UTF-8 (RFC 8259, section 8.1). Missing or malformed: `unsupported`.
media_type parse_media_type(std::string_view content_type) noexcept;

/// Whether `Accept` (RFC 9110, section 12.5.1) admits `application/json`: the
/// most specific range decides, weight 0 excludes. Empty admits everything; a
/// malformed range is passed over.
bool accepts_json(std::string_view accept) noexcept;

} // namespace reviews

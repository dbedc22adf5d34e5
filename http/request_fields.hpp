#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/review_record.hpp"
#include "http/message.hpp"

#include <string>
#include <string_view>

namespace reviews {

/// Reads an `Idempotency-Key`: an sf-string (RFC 8941, section 3.3.3) without
/// parameters, or the same text bare. 1..255 printable ASCII characters, once
/// unquoted; else `invalid`.
outcome<std::string> parse_idempotency_key(std::string_view value);

/// The W3C Trace Context of a request, as far as it is valid: `traceparent`
/// (version-traceid-parentid-flags, lower-case hex, no all-zero id, not version
/// ff; exactly one), and with it a printable `tracestate` of at most 512 bytes, its
/// field lines joined (Trace Context, sections 3.2 and 3.3). `traceparent` is a
/// view into the request.
trace_context trace_context_of(const http_request& request);

/// Whether a client's `X-Request-Id` is fit to be used: 1..128 characters that
/// are a URI reference (RFC 3986, section 4.1) as they stand, since it becomes
/// a problem's `instance`; without `%`, `#`, `[`, `]` and `//`.
bool is_sane_request_id(std::string_view value) noexcept;

} // namespace reviews

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reviews {

/// The methods of RFC 9110, section 9, and PATCH (RFC 5789). Anything else is `other`.
enum class http_method : std::uint8_t {
  get,
  head,
  post,
  put,
  patch,
  delete_,
  options,
  connect,
  trace,
  other
};

inline constexpr std::size_t http_method_count = 10;

/// Reads a method; the case matters (RFC 9110, section 9.1).
http_method parse_method(std::string_view text) noexcept;

/// The method as sent; `_OTHER` for `other` (OpenTelemetry's HTTP conventions).
std::string_view to_string(http_method method) noexcept;

/// One field line of a request's head.
struct header_field {
  std::string_view name;
  std::string_view value;
};

/// A request as an endpoint sees it. Every view lives until the request is
/// answered: do not keep one beyond the call it came with.
struct http_request {
  http_method method = http_method::other;
  std::string_view path;  ///< As sent, percent-encoded, without query.
  std::string_view query; ///< As sent, without the question mark.
  std::string_view body;  ///< Unpacked and without chunk framing.
  std::string_view request_id;
  bool is_draining = false; ///< The process is about to end: take in nothing new.
  std::vector<header_field> fields;
  /// What stood in the places of a route's `{name}`, percent-decoded.
  std::vector<std::pair<std::string_view, std::string>> parameters;

  /// The first field of that name (any case); empty when there is none.
  std::string_view header(std::string_view name) const noexcept;

  /// How many field lines have that name (any case).
  std::size_t header_count(std::string_view name) const noexcept;

  /// The value of a route's parameter; empty when there is none.
  std::string_view parameter(std::string_view name) const noexcept;

  /// The first value of a query parameter, percent-decoded. Returns false when
  /// it is absent; `+` means a plus sign, as in RFC 3986.
  bool query_parameter(std::string_view name, std::string& value) const;
};

class response_stream;

/// A response as an endpoint fills it. The session adds Date, Content-Length,
/// X-Request-Id, CORS and Connection.
struct http_response {
  unsigned status = 200;
  /// Must outlive the response: a literal. Empty: no Content-Type.
  std::string_view content_type = "application/json";
  std::string headers; ///< Further complete field lines, each with its CRLF.
  std::string body;
  bool close = false; ///< End the connection after this response.
  /// What the body goes on with after `body`; then there is no Content-Length.
  std::shared_ptr<response_stream> stream;

  /// Appends a field line. `value` must hold no CR, LF or NUL.
  void add_header(std::string_view name, std::string_view value);

  /// Back to an empty 200; keeps the buffers.
  void clear();
};

/// Whether two texts are equal but for the case of ASCII letters.
bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept;

/// Decodes `%XX` (RFC 3986, section 2.1). Returns false on a malformed one.
bool percent_decode(std::string_view text, std::string& out);

} // namespace reviews

#pragma once

#include "http/message.hpp"

#include <string>
#include <string_view>

namespace reviews {

/// What the session knows about a response beside the response itself.
struct response_frame {
  std::string_view request_id;
  std::string_view cors_headers; ///< Complete field lines, or empty.
  bool keep_alive = true;
  bool is_http_1_0 = false; ///< Then keeping the connection alive must be said.
  bool is_stream = false;   ///< Chunked, or up to the close with HTTP/1.0.
};

/// Appends the status line and the header of `response`, with Date (RFC 9110,
/// section 6.6.1), Content-Type, Content-Length, X-Request-Id and Connection.
void append_response_head(std::string& out, const http_response& response, const response_frame& frame);

/// Appends `bytes` as one chunk (RFC 9112, section 7.1), unless empty, and the
/// end of the body if it is the last one.
void append_chunk(std::string& out, std::string_view bytes, bool is_last);

} // namespace reviews

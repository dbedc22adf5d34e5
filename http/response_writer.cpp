#include "http/response_writer.hpp"

#include "http/problem.hpp"

#include <array>
#include <charconv>
#include <ctime>

namespace reviews {

namespace {

// IMF-fixdate, made once a second and thread.
std::string_view http_date() {
  thread_local std::time_t made_at = -1;
  thread_local std::array<char, 40> text;
  thread_local std::size_t length = 0;
  const auto now = std::time(nullptr);
  if (now != made_at) {
    std::tm utc{};
    gmtime_r(&now, &utc);
    length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    made_at = now;
  }
  return {text.data(), length};
}

void append_number(std::string& out, std::size_t value) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

} // namespace

void append_response_head(std::string& out, const http_response& response, const response_frame& frame) {
  out += "HTTP/1.1 ";
  append_number(out, response.status);
  out.append(" ").append(reason_of(response.status)).append("\r\nDate: ").append(http_date());
  if (!response.content_type.empty() && response.status != 204)
    out.append("\r\nContent-Type: ").append(response.content_type);
  if (frame.is_stream) {
    if (!frame.is_http_1_0)
      out += "\r\nTransfer-Encoding: chunked";
  } else if (response.status != 204 && response.status != 304) {
    out += "\r\nContent-Length: ";
    append_number(out, response.body.size());
  }
  out.append("\r\nX-Request-Id: ").append(frame.request_id).append("\r\n");
  out.append(response.headers).append(frame.cors_headers);
  if (!frame.keep_alive)
    out += "Connection: close\r\n";
  else if (frame.is_http_1_0)
    out += "Connection: keep-alive\r\n";
  out += "\r\n";
}

void append_chunk(std::string& out, std::string_view bytes, bool is_last) {
  if (!bytes.empty()) {
    std::array<char, 20> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), bytes.size(), 16).ptr;
    out.append(digits.data(), end).append("\r\n").append(bytes).append("\r\n");
  }
  if (is_last)
    out += "0\r\n\r\n";
}

} // namespace reviews

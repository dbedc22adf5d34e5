#include "http/cors.hpp"

#include <algorithm>

namespace reviews {

namespace {

bool is_any(const std::vector<std::string>& allowed) {
  return std::ranges::find(allowed, "*") != allowed.end();
}

bool is_allowed(std::string_view origin, const std::vector<std::string>& allowed) {
  return !origin.empty() && (is_any(allowed) || std::ranges::find(allowed, origin) != allowed.end());
}

} // namespace

void append_cors_headers(std::string& out, const http_request& request,
                         const std::vector<std::string>& allowed) {
  if (allowed.empty())
    return;
  const bool any = is_any(allowed);
  if (!any)
    out += "Vary: Origin\r\n";
  const auto origin = request.header("Origin");
  if (!is_allowed(origin, allowed))
    return;
  out.append("Access-Control-Allow-Origin: ").append(any ? "*" : origin).append("\r\n");
  out += "Access-Control-Expose-Headers: ETag, Location, Link, Preference-Applied, Retry-After, RateLimit, "
         "RateLimit-Policy, X-Request-Id\r\n";
}

void write_options(http_response& out, const http_request& request, const std::string& allow,
                   const std::vector<std::string>& allowed) {
  out.status = 204;
  out.content_type = {};
  out.add_header("Allow", allow);
  if (request.header("Access-Control-Request-Method").empty() ||
      !is_allowed(request.header("Origin"), allowed))
    return;
  out.add_header("Access-Control-Allow-Methods", allow);
  out.add_header("Access-Control-Allow-Headers",
                 "Content-Type, Content-Encoding, Idempotency-Key, "
                 "If-None-Match, Last-Event-ID, Prefer, X-Request-Id, traceparent, tracestate");
  out.add_header("Access-Control-Max-Age", "600");
}

} // namespace reviews

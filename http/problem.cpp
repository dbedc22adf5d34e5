#include "http/problem.hpp"

#include "actors/model/json_write.hpp"

#include <algorithm>
#include <array>

namespace reviews {

namespace {

using namespace json_write;

struct row {
  problem_kind kind;
  unsigned status;
  std::string_view name;
  std::string_view type;
  std::string_view title;
};

constexpr std::array<row, problem_kind_count> rows = {{
    {problem_kind::bad_request, 400, "bad_request", "/problems/bad-request", "Malformed request"},
    {problem_kind::not_json, 400, "not_json", "/problems/not-json", "Not JSON"},
    {problem_kind::not_found, 404, "not_found", "/problems/not-found", "Not found"},
    {problem_kind::method_not_allowed, 405, "method_not_allowed", "/problems/method-not-allowed",
     "Method not allowed"},
    {problem_kind::not_acceptable, 406, "not_acceptable", "/problems/not-acceptable", "Not acceptable"},
    {problem_kind::request_timeout, 408, "request_timeout", "/problems/request-timeout", "Request timeout"},
    {problem_kind::length_required, 411, "length_required", "/problems/length-required", "Length required"},
    {problem_kind::content_too_large, 413, "content_too_large", "/problems/content-too-large",
     "Content too large"},
    {problem_kind::uri_too_long, 414, "uri_too_long", "/problems/uri-too-long", "URI too long"},
    {problem_kind::unsupported_media_type, 415, "unsupported_media_type", "/problems/unsupported-media-type",
     "Unsupported media type"},
    {problem_kind::expectation_failed, 417, "expectation_failed", "/problems/expectation-failed",
     "Expectation failed"},
    {problem_kind::not_a_review, 422, "not_a_review", "/problems/not-a-review", "Not a review"},
    {problem_kind::not_a_vendor_id, 422, "not_a_vendor_id", "/problems/not-a-vendor-id", "Not a vendor id"},
    {problem_kind::rate_limited, 429, "rate_limited", "/problems/rate-limited", "Too many requests"},
    {problem_kind::header_too_large, 431, "header_too_large", "/problems/header-too-large",
     "Request header fields too large"},
    {problem_kind::internal, 500, "internal", "/problems/internal", "Internal error"},
    {problem_kind::not_implemented, 501, "not_implemented", "/problems/not-implemented", "Not implemented"},
    {problem_kind::overloaded, 503, "overloaded", "/problems/overloaded", "Overloaded"},
    {problem_kind::unavailable, 503, "unavailable", "/problems/unavailable", "Unavailable"},
    {problem_kind::shutting_down, 503, "shutting_down", "/problems/shutting-down", "Shutting down"},
    {problem_kind::outcome_unknown, 504, "outcome_unknown", "/problems/outcome-unknown", "Outcome unknown"},
    {problem_kind::version_not_supported, 505, "version_not_supported", "/problems/version-not-supported",
     "HTTP version not supported"},
}};

static_assert([] {
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].kind != static_cast<problem_kind>(i))
      return false;
  return true;
}());

const row& row_of(problem_kind kind) noexcept {
  return rows[static_cast<std::size_t>(kind)];
}

void append_errors(std::string& out, const std::vector<violation>& errors) {
  out += R"(,"errors":[)";
  for (std::size_t i = 0; i < errors.size(); ++i) {
    append_text(out, i == 0 ? R"({"pointer")" : R"(,{"pointer")", errors[i].pointer);
    append_text(out, R"(,"detail")", errors[i].detail);
    out.push_back('}');
  }
  out.push_back(']');
}

} // namespace

std::string_view to_string(problem_kind kind) noexcept {
  return row_of(kind).name;
}

unsigned status_of(problem_kind kind) noexcept {
  return row_of(kind).status;
}

problem_kind kind_of(ec code) noexcept {
  switch (code) {
  case ec::overloaded: return problem_kind::overloaded;
  case ec::unavailable:
  case ec::refused: return problem_kind::unavailable;
  case ec::shutting_down: return problem_kind::shutting_down;
  case ec::outcome_unknown: return problem_kind::outcome_unknown;
  case ec::invalid: return problem_kind::not_a_review;
  case ec::poisoned:
  case ec::fenced:
  case ec::offset_gone:
  case ec::broken:
  case ec::stuck: return problem_kind::internal;
  }
  return problem_kind::internal;
}

std::string_view reason_of(unsigned status) noexcept {
  switch (status) {
  case 200: return "OK";
  case 201: return "Created";
  case 202: return "Accepted";
  case 204: return "No Content";
  case 207: return "Multi-Status";
  case 304: return "Not Modified";
  case 400: return "Bad Request";
  case 404: return "Not Found";
  case 405: return "Method Not Allowed";
  case 406: return "Not Acceptable";
  case 408: return "Request Timeout";
  case 411: return "Length Required";
  case 413: return "Content Too Large";
  case 414: return "URI Too Long";
  case 415: return "Unsupported Media Type";
  case 417: return "Expectation Failed";
  case 422: return "Unprocessable Content";
  case 429: return "Too Many Requests";
  case 431: return "Request Header Fields Too Large";
  case 500: return "Internal Server Error";
  case 501: return "Not Implemented";
  case 503: return "Service Unavailable";
  case 504: return "Gateway Timeout";
  case 505: return "HTTP Version Not Supported";
  default: return {};
  }
}

void append_problem(std::string& out, problem_kind kind, std::string_view detail, std::string_view instance,
                    const std::vector<violation>& errors) {
  const auto& r = row_of(kind);
  append_text(out, R"({"type")", r.type);
  append_text(out, R"(,"title")", r.title);
  out.append(R"(,"status":)").append(std::to_string(r.status));
  if (!detail.empty())
    append_text(out, R"(,"detail")", detail);
  append_text(out, R"(,"instance")", instance);
  if (!errors.empty())
    append_errors(out, errors);
  out.push_back('}');
}

void write_problem(http_response& out, problem_kind kind, std::string_view detail, std::string_view instance,
                   const std::vector<violation>& errors) {
  out.status = status_of(kind);
  out.content_type = "application/problem+json";
  out.body.clear();
  append_problem(out.body, kind, detail, instance, errors);
}

void write_problem(http_response& out, const failure& why, std::string_view instance) {
  const auto kind = kind_of(why.code);
  write_problem(out, kind, why.detail, instance);
  if (status_of(kind) == 503)
    add_retry_after(out, why.retry_after);
  if (why.code == ec::shutting_down)
    out.close = true;
}

void add_retry_after(http_response& out, std::chrono::seconds after) {
  out.add_header("Retry-After", std::to_string(std::max<std::chrono::seconds::rep>(after.count(), 1)));
}

} // namespace reviews

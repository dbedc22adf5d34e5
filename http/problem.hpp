#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/review.hpp"
#include "http/message.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reviews {

/// Everything we refuse a request for; one row of the table in `problem.cpp` each.
enum class problem_kind : std::uint8_t {
  bad_request,            ///< 400: not HTTP as RFC 9112 has it, or a field or parameter that cannot be read.
  not_json,               ///< 400: not JSON, or not UTF-8.
  not_found,              ///< 404
  method_not_allowed,     ///< 405
  not_acceptable,         ///< 406
  request_timeout,        ///< 408
  length_required,        ///< 411
  content_too_large,      ///< 413
  uri_too_long,           ///< 414
  unsupported_media_type, ///< 415
  expectation_failed,     ///< 417
  not_a_review,           ///< 422: JSON, but breaks the rules.
  not_a_vendor_id,        ///< 422: breaks the rule of `vendor_id`.
  rate_limited,           ///< 429
  header_too_large,       ///< 431
  internal,               ///< 500
  not_implemented,        ///< 501
  overloaded,             ///< 503
  unavailable,            ///< 503
  shutting_down,          ///< 503
  outcome_unknown,        ///< 504
  version_not_supported,  ///< 505
};

inline constexpr std::size_t problem_kind_count = 22;

/// The stable name, as the metrics' `reason` spells it: `not_json`, …
std::string_view to_string(problem_kind kind) noexcept;

/// The status code that answers `kind`.
unsigned status_of(problem_kind kind) noexcept;

/// The kind for a failure's code: the one table from failures to HTTP.
problem_kind kind_of(ec code) noexcept;

/// The reason phrase of a status line (RFC 9110, section 15); empty when unknown.
std::string_view reason_of(unsigned status) noexcept;

/// Appends a problem (RFC 9457) as a JSON object: `type` (a stable relative
/// reference such as `/problems/overloaded`), `title`, `status`, `detail`,
/// `instance` and, when there are any, `errors`.
/// @param detail Valid UTF-8; empty: left out.
void append_problem(std::string& out, problem_kind kind, std::string_view detail, std::string_view instance,
                    const std::vector<violation>& errors = {});

/// Makes `out` a problem response; headers already in `out` stay.
void write_problem(http_response& out, problem_kind kind, std::string_view detail, std::string_view instance,
                   const std::vector<violation>& errors = {});

/// The problem of a failure, with `Retry-After` (at least 1 s) where the status is 503.
void write_problem(http_response& out, const failure& why, std::string_view instance);

/// Adds `Retry-After` in seconds; 1 when `after` is less.
void add_retry_after(http_response& out, std::chrono::seconds after);

} // namespace reviews

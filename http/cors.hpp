#pragma once

#include "http/message.hpp"
#include "http/router.hpp"

#include <string>
#include <vector>

namespace reviews {

/// Appends the CORS header lines (Fetch Standard, section 3.3) that let a page
/// of the request's `Origin` read the response; nothing when it may not.
/// @param allowed Origins; `*` stands for any; empty: CORS is off.
void append_cors_headers(std::string& out, const http_request& request,
                         const std::vector<std::string>& allowed);

/// Answers OPTIONS: 204 with `Allow`, and, when it is a preflight of an allowed
/// origin, with what that origin may send. Only for servers with CORS on.
void write_options(http_response& out, const http_request& request, const std::string& allow,
                   const std::vector<std::string>& allowed);

} // namespace reviews

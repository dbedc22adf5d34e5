#pragma once

#include "http/message.hpp"

#include <chrono>

namespace reviews {

/// How long the client would have us wait with the answer: the preference `wait`
/// (RFC 7240, section 4.3) of all `Prefer` fields together, the first of that
/// name. 0 when there is none; also one that is malformed, which the RFC has us
/// ignore, or longer than an hour's digits can say.
std::chrono::seconds preferred_wait(const http_request& request) noexcept;

} // namespace reviews

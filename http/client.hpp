#pragma once

#include "actors/model/failure.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace reviews {

/// A server reached by plain HTTP/1.1.
struct http_origin {
  std::string host;      ///< A name or an address, without the brackets of IPv6.
  std::string port;      ///< In digits.
  std::string authority; ///< As in the URL: the value of `Host` (RFC 9112, section 3.2).
};

/// Reads `http://host[:port]` with or without a `/` at its end. `invalid` for
/// anything else: another scheme, a user, a path.
outcome<http_origin> parse_http_origin(std::string_view url);

/// One POST.
struct http_post {
  std::string target;          ///< `/v1/reviews`
  std::string content_type;    ///< `application/json`
  std::string idempotency_key; ///< The value of `Idempotency-Key`; empty: none.
  std::string body;
  std::uint64_t token = 0; ///< Comes back with the answer.
};

/// What a server said to a POST. The body lives for the call only.
struct http_answer {
  int status = 0;
  std::chrono::seconds retry_after{0}; ///< `Retry-After` in seconds; 0 when absent or a date.
  std::string_view body;
};

/// What `post_all` posts, and who hears of the answers. Called from the one
/// thread that runs `post_all`; it must not block.
class http_post_source {
public:
  using time_point = std::chrono::steady_clock::time_point;

  enum class verdict : std::uint8_t {
    post,     ///< `out` is filled: send it now.
    wait,     ///< Nothing to send before `decision::until` or the next answer.
    finished, ///< Nothing to send ever again.
  };

  struct decision {
    verdict what = verdict::finished;
    time_point until{};
  };

  virtual ~http_post_source() = default;

  /// Called when a connection is free. `out` holds an older post, whose buffers may be reused.
  virtual decision next(time_point now, http_post& out) = 0;

  /// Each post is answered exactly once. Failures: `unavailable` (no connection:
  /// surely not sent), `outcome_unknown` (sent, perhaps partly, and no answer came).
  virtual void answered(std::uint64_t token, time_point now, const outcome<http_answer>& answer) = 0;

  /// Called ten times a second.
  virtual void tick(time_point now) = 0;
};

/// Bounds of a client.
struct http_client_params {
  std::size_t connections = 64;                      ///< At least 1; each has one post under way.
  std::chrono::milliseconds connect_timeout{5'000};  ///< Of one attempt to connect.
  std::chrono::milliseconds request_timeout{15'000}; ///< From sending to the end of the answer.
  std::size_t answer_bytes_max = 4u << 20;           ///< A longer body is `outcome_unknown`.
};

/// Posts what `source` hands out over kept-alive connections, in this thread,
/// until the source has finished and everything is answered.
///
/// A connection that the server closed while it was idle is opened anew and
/// the post sent again once, unseen by the source: posts must be safe to repeat.
/// Fails with `unavailable` when the host's name cannot be resolved.
outcome<void> post_all(const http_origin& where, const http_client_params& params, http_post_source& source);

} // namespace reviews

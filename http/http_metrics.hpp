#pragma once

#include "http/message.hpp"
#include "http/problem.hpp"

#include <prometheus/registry.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>

namespace reviews {

/// The durations of one route, by method and status. Made by `http_metrics`.
class route_meter;

/// The metrics of HTTP servers: `http_server_request_duration_seconds`
/// {http_request_method, http_route, http_response_status_code},
/// `http_server_active_requests`, `http_server_connections`,
/// `http_server_connections_rejected_total`, `http_server_bodies_bytes`, `http_server_answers_bytes` and
/// `reviews_rejected_total{reason}`. Labels are bounded: a route is its template, an unknown method `_OTHER`,
/// a request of no route has the empty one. Thread-safe; every child is looked up once and then kept.
class http_metrics {
public:
  /// @param registry Must outlive this and every scrape.
  explicit http_metrics(prometheus::Registry& registry);
  ~http_metrics();
  http_metrics(const http_metrics&) = delete;
  http_metrics& operator=(const http_metrics&) = delete;

  /// The meter of a route's template; the same one for the same template. Lives as long as this.
  route_meter& route(std::string_view pattern);

  /// Makes the series of a method and status exist before the first request.
  void prepare(route_meter& route, http_method method, unsigned status);

  /// One answered request; of a stream, once its head is out.
  void observe(route_meter& route, http_method method, unsigned status, std::chrono::nanoseconds duration);

  void request_began() noexcept;
  void request_ended() noexcept;
  void connection_opened() noexcept;
  void connection_closed() noexcept;

  /// Bytes of bodies on their way or unpacked, of all connections together.
  void set_bodies_bytes(std::size_t bytes) noexcept;

  /// Bytes of answers that their clients have not taken yet.
  void set_answers_bytes(std::size_t bytes) noexcept;

  /// A connection beyond `connections-max` was told 503.
  void connection_rejected() noexcept;

  /// `count` reviews were turned down.
  void review_rejected(problem_kind why, std::size_t count = 1) noexcept;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace reviews

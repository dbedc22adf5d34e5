#pragma once

#include "actors/model/failure.hpp"
#include "http/params.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace boost::asio {
class io_context;
}

namespace reviews {

class http_metrics;
class router;

/// An HTTP/1.1 server on one address. Runs on an `io_context` that any number
/// of threads run; each connection has its own strand. Every wait has a
/// deadline, every buffer a limit.
///
/// Connections beyond `connections_max` are accepted, answered 503 with
/// `Retry-After` at their first request and closed; at most 64 of these at a
/// time, further ones wait in the kernel's backlog.
class http_server {
public:
  /// @param io Must outlive this.
  /// @param params Checked by `config/` before.
  /// @param routes What is served; not changed any more.
  /// @param metrics May be null; else must outlive this.
  /// @param table The settings' name in errors: `http` or `management`.
  http_server(boost::asio::io_context& io, http_params params, router routes, http_metrics* metrics,
              std::string table = "http");

  /// Stops. Call it when nobody runs `io` any more: it drops requests that still wait.
  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  /// Listens and begins to accept. `refused` when the address is not one of
  /// ours or the port is taken: `http.port: expected a free port, got 8080 in use`.
  outcome<void> start();

  /// The port listened on; 0 before `start`.
  std::uint16_t port() const noexcept;

  /// From now on endpoints see `is_draining`, and every connection ends with
  /// its next response. Streams end: a client that takes nothing of one has a second.
  /// Keeps listening and answering. Thread-safe.
  void begin_drain();

  /// Stops listening, closes idle connections, lets requests under way finish
  /// and then ends their connections. Returns at once; `active_requests` and
  /// `connections` tell the progress. Thread-safe.
  void stop();

  /// Another limit a client address, requests a second; 0: none. Thread-safe.
  void set_rate_limit(double per_second);

  /// Requests whose head has come and whose response has not gone. Thread-safe.
  std::size_t active_requests() const noexcept;

  /// Those of them that came before `begin_drain` and are no stream: while
  /// draining it only falls, also when clients go on asking. Thread-safe.
  std::size_t admitted_requests() const noexcept;

  /// Open connections. Thread-safe.
  std::size_t connections() const noexcept;

private:
  class impl;
  std::shared_ptr<impl> impl_;
};

} // namespace reviews

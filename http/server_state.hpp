#pragma once

#include "http/http_metrics.hpp"
#include "http/params.hpp"
#include "http/rate_limiter.hpp"
#include "http/router.hpp"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace reviews {

class session;

/// The open sessions of a server, for the sweep of deadlines and for its end. Thread-safe.
class session_registry {
public:
  using place = std::list<session*>::iterator;

  place add(session& s);
  void remove(place at);
  std::size_t size() const noexcept { return size_.load(std::memory_order_relaxed); }

  /// Calls `visit` with every session for which `pick` is true; `pick` must be quick.
  void for_each(const std::function<bool(const session&)>& pick,
                const std::function<void(session&)>& visit) const;

private:
  mutable std::mutex mutex_;
  std::list<session*> sessions_;
  std::atomic<std::size_t> size_{0};
};

/// What the sessions of one server share. Lives as long as the last of them.
struct server_state {
  server_state(http_params p, router r, http_metrics* m);

  /// The meter of a route, or of no route (null). Null without metrics.
  route_meter* meter_of(const route* r) const;

  const http_params params;
  const router routes;
  http_metrics* metrics; ///< Null as well once the server is gone, whose metrics may go next.
  /// The longest wait for a client to take a response: `body_timeout`.
  const std::chrono::milliseconds write_timeout;
  rate_limiter limiter;
  session_registry sessions;
  std::atomic<bool> is_draining{false};
  std::atomic<bool> is_stopping{false};
  std::atomic<std::size_t> active_requests{0};
  std::atomic<std::size_t> admitted_requests{0}; ///< Those of them that a drain waits for.

  /// Every connection ends with its next response.
  bool is_ending() const noexcept {
    return is_draining.load(std::memory_order_relaxed) || is_stopping.load(std::memory_order_relaxed);
  }

  /// Bytes that the connections hold together, `bodies_bytes_max` at most.
  struct room {
    void (http_metrics::*show)(std::size_t) noexcept;
    std::atomic<std::size_t> bytes{0};
  };
  room bodies{&http_metrics::set_bodies_bytes};   ///< On their way, or unpacked.
  room answers{&http_metrics::set_answers_bytes}; ///< Not yet taken by their clients.

  /// Takes room for `bytes`; false when there is none.
  [[nodiscard]] bool try_hold(room& in, std::size_t bytes) noexcept;
  void let_go(room& of, std::size_t bytes) noexcept;

private:
  std::unordered_map<const route*, route_meter*> meters_;
};

} // namespace reviews

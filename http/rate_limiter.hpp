#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace reviews {

/// A client as the limiter counts it: an IPv4 address (mapped), or the first 64
/// bits of an IPv6 address, which is what one host is commonly given.
using client_address = std::array<std::uint8_t, 16>;

/// A token bucket for each client address. Time is an argument, so tests own
/// the clock. Thread-safe. Holds at most `clients_max` buckets: beyond, buckets
/// that have filled up again are dropped; with none of these, newcomers share one.
class rate_limiter {
public:
  using time_point = std::chrono::steady_clock::time_point;

  static constexpr std::size_t clients_max = 65'536;

  /// @param per_second Requests a second, and the burst (at least 1); 0: no limit.
  explicit rate_limiter(double per_second);

  /// Sets another rate; what clients have used up stays used up.
  void set_rate(double per_second);

  /// Costs no lock: what a request without a limit pays.
  bool is_enabled() const noexcept { return is_enabled_.load(std::memory_order_relaxed); }

  /// Takes one request. Returns 0 s when it may pass, else how long to wait.
  std::chrono::duration<double> take(const client_address& client, time_point now);

  /// The quota of the `RateLimit-Policy`: `requests` in `window`.
  struct quota {
    std::uint64_t requests = 0;
    std::chrono::seconds window{1};
  };
  quota policy() const;

private:
  struct bucket {
    double tokens = 0;
    time_point filled_at;
  };
  struct hash {
    std::size_t operator()(const client_address& address) const noexcept;
  };

  bucket& bucket_of(const client_address& client, time_point now);
  void drop_full(time_point now);
  double burst() const noexcept;
  double tokens_at(const bucket& b, time_point now) const noexcept;

  mutable std::mutex mutex_;
  double per_second_;
  std::atomic<bool> is_enabled_;
  std::unordered_map<client_address, bucket, hash> buckets_;
  bucket shared_;
  time_point next_drop_{};
};

} // namespace reviews

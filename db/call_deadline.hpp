#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace reviews {

/// Ends a blocking libpq call that outlives its limit, by shutting its socket
/// down: libpq then reports a broken connection. For a server that holds the
/// connection open and says nothing, which no timeout of Postgres or TCP covers.
class call_deadline {
public:
  /// Watches `socket`, which stays the caller's: a duplicate is kept, so that a
  /// number used anew for another socket is never touched. Throws
  /// `std::system_error` when no descriptor or thread is left.
  explicit call_deadline(int socket);
  ~call_deadline();
  call_deadline(const call_deadline&) = delete;
  call_deadline& operator=(const call_deadline&) = delete;

  /// Bounds the calls made while it lives.
  class scope {
  public:
    explicit scope(call_deadline& owner) : owner_(owner) {}
    ~scope() { owner_.disarm(); }
    scope(const scope&) = delete;
    scope& operator=(const scope&) = delete;

  private:
    call_deadline& owner_;
  };

  /// From now on at most `limit`. One scope at a time.
  [[nodiscard]] scope arm(std::chrono::milliseconds limit);

private:
  using clock = std::chrono::steady_clock;

  void disarm();
  void watch();

  int socket_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<clock::time_point> due_; // empty: no call under way
  bool is_ending_ = false;
  std::thread watcher_;
};

} // namespace reviews

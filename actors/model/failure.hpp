#pragma once

#include <boost/system/result.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace reviews {

/// Why something did not happen. Each code says what its caller does next.
enum class ec : std::uint8_t {
  overloaded = 1,  ///< A window is full; nothing was done. Retry later.
  unavailable,     ///< A server is out of reach; nothing was done. Retry.
  outcome_unknown, ///< No answer in time: done or not. Retry with the same id.
  shutting_down,   ///< This process drains; nothing was done. Retry elsewhere.
  invalid,         ///< This input can never succeed.
  poisoned,        ///< A row in the batch can never be stored: split it.
  fenced,          ///< Somebody else moved the partition's offset.
  refused,         ///< A server refuses for good: credentials, rights, missing topic or table.
  offset_gone,     ///< The stored offset lies outside the log's range.
  broken,          ///< This component must be built anew by its supervisor.
  stuck,           ///< As `broken`, found by the watchdog: free of charge to the budget of restarts.
};

/// The stable name of a code, as logs and metrics spell it: `overloaded`, …
std::string_view to_string(ec code) noexcept;

/// A code with its explanation: `subject: expected X, got Y`, no personal data.
struct failure {
  ec code = ec::broken;
  std::string detail;
  /// When a retry makes sense; 0 when nobody can say.
  std::chrono::seconds retry_after{0};
  /// With `unavailable`: the server answered that this one call took too long or met a
  /// lock; others may succeed right now.
  bool is_server_there = false;
};

/// Thrown by `outcome::value()` on a failure: a mistake of ours.
class bad_outcome : public std::logic_error {
public:
  explicit bad_outcome(const failure& what) : std::logic_error(what.detail) {}
};

[[noreturn]] inline void throw_exception_from_error(const failure& what, const boost::source_location&) {
  throw bad_outcome(what);
}

/// Either a value or a `failure`. Pure code and adapters return it; they do not throw.
template <class T>
using outcome = boost::system::result<T, failure>;

} // namespace reviews

#pragma once

#include "deploy/reviewctl/latency_histogram.hpp"

#include <boost/json/object.hpp>

#include <chrono>
#include <cstddef>

namespace reviews::bench {

/// What the kernel has charged a process with.
struct process_usage {
  double cpu_seconds = 0; ///< User and system, of all threads, those that ended included.
  std::size_t rss_bytes = 0;
  std::size_t peak_rss_bytes = 0;
};

/// The usage of another process; all 0 when there is no such process.
process_usage usage_of(std::size_t pid);

/// Counts time and CPU of this process from its construction on.
class measure {
public:
  measure();

  /// Since construction.
  double seconds() const;

  /// Prints one line of JSON: `count`, and since construction `seconds` and
  /// `cpu_seconds`, then `peak_rss_bytes` of the process and what `more` holds.
  void print(std::size_t count, const boost::json::object& more = {}) const;

private:
  std::chrono::steady_clock::time_point began_;
  double cpu_before_;
};

/// `p50_ms`, `p99_ms`, `max_ms`.
boost::json::object describe(const ctl::latency_histogram& latencies);

} // namespace reviews::bench

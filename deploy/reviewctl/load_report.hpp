#pragma once

#include "deploy/reviewctl/load_run.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace reviews::ctl {

/// What a load run has come to.
struct load_report {
  load_counts counts;
  latency_histogram latencies;
  std::chrono::duration<double> elapsed{0};
  std::chrono::duration<double> cpu{0}; ///< User and system, of this process.
  std::uint64_t seed = 0;
};

/// A summary to read.
std::string to_text(const load_report& report);

/// The same as one JSON object on one line; latencies in microseconds.
std::string to_json(const load_report& report);

} // namespace reviews::ctl

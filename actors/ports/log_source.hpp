#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/partition_log.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

namespace reviews {

/// Looks at the topic's log from outside, as often as asked. Blocking; one owner.
class log_source {
public:
  virtual ~log_source() = default;

  /// Every partition's log, index = partition; blocks up to `timeout`. One that nobody
  /// answers for has the leader -1 and begin and end as seen last (0 when never). Fails with
  /// `unavailable`, or `refused` (no such topic, no rights, bad credentials).
  virtual outcome<std::vector<partition_log>> look(std::chrono::milliseconds timeout) = 0;
};

using log_source_ptr = std::unique_ptr<log_source>;

/// Builds a source that connects at its first look.
using log_source_factory = std::function<log_source_ptr()>;

} // namespace reviews

#pragma once

#include <cstdint>
#include <vector>

namespace reviews {

/// One partition's log as its brokers tell.
struct partition_log {
  std::int64_t begin = 0;   ///< The first offset kept.
  std::int64_t end = 0;     ///< The offset of the next record.
  std::int32_t leader = -1; ///< The broker in charge; -1: none.
  std::vector<std::int32_t> replicas;
  std::vector<std::int32_t> in_sync; ///< Replicas that have all that was acknowledged.
};

} // namespace reviews

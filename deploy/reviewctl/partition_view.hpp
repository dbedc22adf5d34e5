#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/timestamp.hpp"
#include "actors/ports/consumer_client.hpp"
#include "deploy/reviewctl/servers.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace reviews::ctl {

/// How far one partition has come, by Kafka and by Postgres.
struct partition_view {
  std::int32_t partition = -1;
  offset_range log;
  std::optional<std::int64_t> stored; ///< `next_offset` in Postgres, which decides.
  std::optional<timestamp> stored_at; ///< When it was last moved.
  /// What the group has committed to Kafka, for lag tools.
  std::optional<std::int64_t> committed;

  /// Where the consumer goes on: the stored offset, else the log's beginning.
  std::int64_t position() const { return stored.value_or(log.begin); }

  /// Offsets of the log that are not stored; 0 where the position lies beyond its end.
  std::int64_t lag() const;

  /// Offsets that retention removed before they were stored.
  std::int64_t gone_count() const;

  /// True when the position lies outside the log: the consumer stops such a partition.
  bool is_outside() const { return position() < log.begin || position() > log.end; }
};

/// Every partition of the topic, index = partition. The log's ends are read after
/// the stored offsets, so that none seems to lie beyond its end.
outcome<std::vector<partition_view>> view_partitions(const server_settings& servers);

} // namespace reviews::ctl

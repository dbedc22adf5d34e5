#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/timestamp.hpp"
#include "actors/ports/consumer_client.hpp"
#include "kafka/params.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace reviews::kafka {

/// A topic to be.
struct topic_layout {
  std::string name;
  std::int32_t partitions = 6;          ///< At least 1.
  std::int16_t replication_factor = -1; ///< -1: the broker's default.
  /// The topic's own settings: `cleanup.policy`, `min.insync.replicas`, …
  std::map<std::string, std::string> config;
};

/// Creates the topic unless it exists (then nothing of it is changed) and waits
/// until the brokers know it. Blocks up to `timeout`. Fails with `invalid` (a
/// number or setting that brokers do not take), `refused` (rights,
/// credentials) or `unavailable`.
outcome<void> ensure_topic(const kafka_params& params, const topic_layout& layout,
                           std::chrono::milliseconds timeout);

/// The range of every partition of `topic`, index = partition. Blocks up to
/// `timeout`. Fails with `refused` (no such topic, rights, credentials) or `unavailable`.
outcome<std::vector<offset_range>> ranges_of(const kafka_params& params, const std::string& topic,
                                             std::chrono::milliseconds timeout);

/// Which brokers hold a partition.
struct partition_home {
  std::int32_t leader = -1; ///< -1: none, nobody reads or writes it now.
  std::vector<std::int32_t> replicas;
  std::vector<std::int32_t> in_sync; ///< Replicas that have all that was acknowledged.
};

/// Where every partition of `topic` lies, index = partition. Fails as `ranges_of`.
outcome<std::vector<partition_home>> homes_of(const kafka_params& params, const std::string& topic,
                                              std::chrono::milliseconds timeout);

/// The first offset of each partition (index) whose record was written in the
/// millisecond of `when` or later; none where there is no such record. Fails as `ranges_of`.
outcome<std::vector<std::optional<std::int64_t>>> offsets_since(const kafka_params& params,
                                                                const std::string& topic, timestamp when,
                                                                std::chrono::milliseconds timeout);

} // namespace reviews::kafka

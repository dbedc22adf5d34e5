#pragma once

#include "actors/model/failure.hpp"
#include "kafka/params.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace reviews::kafka {

/// A member of a consumer group, as its coordinator knows it.
struct group_member {
  std::string member_id;
  std::string client_id;
  std::string instance_id;              ///< `group.instance.id`; empty: not static.
  std::string host;                     ///< `/10.0.0.7`, as the broker saw it.
  std::vector<std::int32_t> partitions; ///< Of the topic asked for.
};

/// A consumer group at one moment.
struct group_description {
  std::string state; ///< `Stable`, `Empty`, `PreparingRebalance`, …; `Dead`: no such group.
  std::vector<group_member> members;
};

/// Asks the coordinator who is in `params.group_id` and has which partitions of
/// `params.topic`. A static member that was stopped counts until its session is
/// over. Blocks up to `timeout`. Fails with `refused` or `unavailable`.
outcome<group_description> describe_group(const kafka_params& params, std::chrono::milliseconds timeout);

/// What `params.group_id` has committed to Kafka of the first `partitions`
/// partitions of `params.topic`: for lag tools only, Postgres decides. None where
/// nothing is committed. Blocks up to `timeout`. Fails with `refused` or `unavailable`.
outcome<std::vector<std::optional<std::int64_t>>>
committed_offsets(const kafka_params& params, std::size_t partitions, std::chrono::milliseconds timeout);

} // namespace reviews::kafka

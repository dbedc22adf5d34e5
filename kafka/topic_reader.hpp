#pragma once

#include "actors/model/failure.hpp"
#include "kafka/params.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace reviews::kafka {

/// A record as `read_topic` shows it; the views live for the call of the visitor only.
struct topic_record {
  std::int32_t partition = -1;
  std::int64_t offset = -1;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
};

/// Walks every partition of `topic` from its beginning to its end as of the
/// call (`read_committed`, outside any group), the partitions mixed, each in
/// the order of its offsets. Blocks until done.
///
/// Memory is bounded by librdkafka's queue (128 MiB unless `kafka.consumer` says
/// otherwise). Returns the number of records visited. Fails with `unavailable`
/// when nothing arrives for `stall_timeout`, `refused`, or `offset_gone` when
/// retention overtook the walk.
outcome<std::uint64_t> read_topic(const kafka_params& params, const std::string& topic,
                                  const std::function<void(const topic_record&)>& visit,
                                  std::chrono::milliseconds stall_timeout);

} // namespace reviews::kafka

#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/timestamp.hpp"
#include "actors/ports/consumer_client.hpp"
#include "kafka/params.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reviews::kafka {

/// A record as `read_topic` shows it; the views live for the call of the visitor only.
struct topic_record {
  std::int32_t partition = -1;
  std::int64_t offset = -1;
  std::optional<std::string_view> key;
  std::optional<std::string_view> value;
  timestamp written_at{};                ///< To the millisecond; the epoch where the log knows none.
  const fetched_record* whole = nullptr; ///< Copies it with its headers, for those who need them.
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

/// Walks a part of each partition (index = partition; no part beyond those
/// given), otherwise as `read_topic`. A `visit` that returns false ends the walk
/// of that record's partition. What begins before the log fails with `offset_gone`.
outcome<std::uint64_t> read_ranges(const kafka_params& params, const std::string& topic,
                                   std::vector<offset_range> ranges,
                                   const std::function<bool(const topic_record&)>& visit,
                                   std::chrono::milliseconds stall_timeout);

} // namespace reviews::kafka

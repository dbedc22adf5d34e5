#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/timestamp.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace reviews {

/// The channel on which each consumer tells once a second what it does.
inline constexpr std::string_view consumer_channel = "reviews_consumers";

/// What a consumer does with a partition.
enum class partition_state : std::uint8_t {
  starting, ///< Given to it; nothing is fetched yet.
  running,
  paused,  ///< The last attempt failed and is made again.
  stopped, ///< For good, with an alert.
};

/// The name that notices and events have for it: `running`, …
std::string_view to_string(partition_state state) noexcept;

/// One partition as its consumer sees it.
struct partition_report {
  std::int32_t partition = -1;
  std::string actor; ///< `consumer-1`; empty: none has it yet.
  partition_state state = partition_state::starting;
  std::string reason; ///< A failure's code when paused or stopped, else empty.
};

/// What one consumer process tells of itself.
struct consumer_report {
  std::string topic;
  std::string group;
  std::string consumer; ///< As in `batch_handler`.
  timestamp at{};       ///< By its clock; the notices of one report share it.
  std::size_t rebalances = 0;
  std::vector<partition_report> partitions;
};

/// The report as JSON, in as many payloads as keep each within `notice_bytes_max`; at least one.
std::vector<std::string> to_payloads(const consumer_report& report);

/// Reads one payload, which may be a part of a report. `invalid` when it is none.
outcome<consumer_report> parse_consumer_report(std::string_view payload);

} // namespace reviews

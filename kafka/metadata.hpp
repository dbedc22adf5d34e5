#pragma once

#include "actors/model/failure.hpp"
#include "actors/ports/consumer_client.hpp"

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace reviews::kafka {

/// The number of partitions of `topic`, asked from a broker. A topic that the
/// brokers do not know is asked for again until `timeout` is over, as a new
/// topic takes a moment to be known everywhere; then `refused`.
outcome<std::int32_t> partition_count(rd_kafka_t* client, const std::string& topic,
                                      std::chrono::milliseconds timeout);

/// First kept and next offset of a partition, asked from its leader; with
/// `read_committed` the next offset is that of the first open transaction.
outcome<offset_range> range_of(rd_kafka_t* client, const std::string& topic, std::int32_t partition,
                               std::chrono::milliseconds timeout);

/// `timeout` as librdkafka wants it: at least 0, as an int.
int to_int(std::chrono::milliseconds timeout) noexcept;

} // namespace reviews::kafka

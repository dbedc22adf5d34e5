#pragma once

#include "actors/model/failure.hpp"
#include "actors/ports/consumer_client.hpp"
#include "kafka/holders.hpp"
#include "kafka/topics.hpp"

#include <librdkafka/rdkafka.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace reviews::kafka {

/// What a broker knows of `topic` alone, which is `topics[0]` of the answer and
/// has at least one partition. A topic that the brokers do not know is asked for
/// again until `timeout` is over, as a new topic takes a moment to be known
/// everywhere; then `refused`.
outcome<metadata_ptr> topic_metadata(rd_kafka_t* client, const std::string& topic,
                                     std::chrono::milliseconds timeout);

/// Where the partitions of a topic lie, index = partition.
std::vector<partition_home> homes_in(const rd_kafka_metadata_topic_t& told);

/// The number of partitions of `topic`; fails as `topic_metadata`.
outcome<std::int32_t> partition_count(rd_kafka_t* client, const std::string& topic,
                                      std::chrono::milliseconds timeout);

/// First kept and next offset of a partition, asked from its leader; with
/// `read_committed` the next offset is that of the first open transaction.
outcome<offset_range> range_of(rd_kafka_t* client, const std::string& topic, std::int32_t partition,
                               std::chrono::milliseconds timeout);

/// `timeout` as librdkafka wants it: at least 0, as an int.
int to_int(std::chrono::milliseconds timeout) noexcept;

} // namespace reviews::kafka

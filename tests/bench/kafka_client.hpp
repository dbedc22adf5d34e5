#pragma once

#include "kafka/holders.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <utility>

namespace reviews::bench {

/// Settings of librdkafka (CONFIGURATION.md).
using kafka_settings = std::initializer_list<std::pair<const char*, std::string>>;

/// A client that reports by events of the given kinds. Throws std::runtime_error on what librdkafka refuses.
kafka::client_ptr make_kafka_client(rd_kafka_type_t type, kafka_settings settings, int events);

/// The producer of the contract: acks=all, idempotence, murmur2_random.
kafka::client_ptr make_producer(const std::string& bootstrap, const std::string& linger_ms);

/// The topic's partitions. Throws std::runtime_error when the broker does not say within 10 s.
std::int32_t partition_count(rd_kafka_t* client, const std::string& topic);

/// A consumer outside any group that reads all partitions of the topic from their beginning, read_committed.
kafka::client_ptr make_reader(const std::string& bootstrap, const std::string& topic);

} // namespace reviews::bench

#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace reviews {

/// How to reach Kafka. `producer` and `consumer` go to librdkafka as they are
/// (librdkafka CONFIGURATION.md), but for the settings that the promises rest on
/// or that are set elsewhere: those cannot be overridden, see `settings.cpp`.
struct kafka_params {
  std::string bootstrap_servers = "localhost:9092";
  std::string topic = "reviews.v1";
  std::string dlq_topic = "reviews.v1.dlq";
  std::string group_id = "reviews-writer";
  std::string group_instance_id; ///< Static membership (KIP-345); empty: none.
  std::map<std::string, std::string> producer;
  std::map<std::string, std::string> consumer;
  /// Bounds of librdkafka's own queues, per partition, from `backpressure`.
  std::size_t partition_records_max = 4'000;
  std::size_t partition_bytes_max = 8u << 20;
};

} // namespace reviews

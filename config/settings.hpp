#pragma once

#include "actors/model/log.hpp"
#include "actors/params.hpp"
#include "db/params.hpp"
#include "http/params.hpp"
#include "kafka/params.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace reviews {

/// Where the management endpoints (`/livez`, `/metrics`, …) listen.
struct management_params {
  std::string host = "0.0.0.0";
  std::uint16_t port = 8081; ///< 0: any free one.
};

/// What the log shows and how.
struct log_params {
  log::level level = log::level::info;
  log::format format = log::format::json;
};

/// Everything that can be set on reviews-producer. The initial values are the defaults.
struct producer_settings {
  http_params http;
  management_params management{"0.0.0.0", 8081};
  kafka_params kafka; ///< Of the group its `group_id` only, whose stored offsets are read.
  /// For reads only. A read is short: one that is not makes others wait.
  database_params database{.statement_timeout = std::chrono::milliseconds(3'000)};
  publisher_params backpressure; ///< Of the whole process: each publisher gets its share.
  reader_params reads;           ///< Of the whole process.
  feed_params feed;
  std::size_t publishers = 1;        ///< Publisher actors, each with its own Kafka client.
  std::size_t readers = 2;           ///< Reader actors, each with its own database connection.
  std::size_t scheduler_threads = 1; ///< Shared by sessions and actors. One is the cheapest: see tests/bench.
  supervision_params supervision;
  std::chrono::milliseconds drain_timeout{25'000}; ///< From SIGTERM to the end, at most.
  log_params log;
};

/// Everything that can be set on reviews-consumer. The initial values are the defaults.
struct consumer_settings {
  management_params management{"0.0.0.0", 8082};
  kafka_params kafka; ///< `partition_records_max` and `partition_bytes_max` follow `backpressure`.
  database_params database;
  std::size_t consumers = 2; ///< Partition consumers, which share the assigned partitions.
  std::size_t writers = 2;   ///< Writer actors, each with its own database connection.
  std::size_t scheduler_threads = 2;
  partition_params backpressure; ///< Of each partition.
  batch_params batch;
  supervision_params supervision;
  std::chrono::milliseconds stuck_after{90'000};   ///< A partition with work, without any sign of life.
  std::chrono::milliseconds drain_timeout{25'000}; ///< From SIGTERM to the end, at most.
  log_params log;
};

} // namespace reviews

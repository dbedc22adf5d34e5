#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace reviews {

/// Largest size of a pool of actors: more would only wait for each other.
inline constexpr std::size_t pool_size_max = 64;

/// Bounds of one publisher. Window sizes are those of the process divided by
/// the number of publishers.
struct publisher_params {
  std::size_t in_flight_reviews_max = 10'000;  ///< Awaiting acknowledgement; at least 1.
  std::size_t in_flight_bytes_max = 32u << 20; ///< Payload bytes of those; at least one batch.
};

/// Bounds of the desk in front of the readers.
struct reader_params {
  std::size_t in_flight_max = 1'000; ///< Reads asked for and not yet answered; at least 1.
};

/// When a batch goes to the database.
struct batch_params {
  std::size_t records_max = 1'000;     ///< 1..10000.
  std::size_t bytes_max = 4u << 20;    ///< Payload bytes; at least one record.
  std::chrono::milliseconds linger{5}; ///< Longest wait of the oldest record.
};

/// What a partition may hold between Kafka and the database.
struct partition_params {
  std::size_t records_max = 4'000;  ///< Decoded, not yet stored; at least batch.records_max.
  std::size_t bytes_max = 8u << 20; ///< Payload bytes of those; at least batch.bytes_max.
};

/// Bytes of the review events kept for listeners.
inline constexpr std::size_t feed_history_bytes_max = 4u << 20;

/// Bounds of the feed of events and of those who wait for a commit.
struct feed_params {
  std::size_t listeners_max = 2'000;           ///< Of events, at once; at least 1.
  std::size_t waiters_max = 10'000;            ///< For commits, at once; at least 1.
  std::size_t history = 1'024;                 ///< Review events kept for listeners; at least 1.
  std::chrono::milliseconds heartbeat{15'000}; ///< Longest silence towards a listener.
};

/// Restart behaviour of a supervisor, and the pause between retries.
struct supervision_params {
  std::chrono::milliseconds backoff_min{100};
  std::chrono::milliseconds backoff_max{10'000};
  std::size_t restarts_max = 20; ///< Within the period, of all children together.
  std::chrono::seconds restarts_period{60};
};

} // namespace reviews

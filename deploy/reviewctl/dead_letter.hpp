#pragma once

#include "actors/model/record.hpp"
#include "actors/model/timestamp.hpp"
#include "deploy/reviewctl/topic_index.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace reviews::ctl {

/// Headers by which `reviewctl dlq` keeps the life of a dead letter.
namespace dlq_header {

/// Of a replayed record: how often it has failed before. The consumer keeps it.
inline constexpr std::string_view attempts = "reviews.dlq.attempts";
/// Of a replayed record: `topic/partition/offset` where it first stood.
inline constexpr std::string_view origin = "reviews.dlq.origin";
/// Of a replayed record, once a failure, oldest first: `topic/partition/offset reason`.
inline constexpr std::string_view failure = "reviews.dlq.failure";
/// Of a marker: `replayed` or `dropped`.
inline constexpr std::string_view resolved = "reviews.dlq.resolved";
/// Of a marker: the offset of its dead letter, which is in the same partition.
inline constexpr std::string_view offset = "reviews.dlq.offset";

} // namespace dlq_header

/// Failures that a replayed record names; older ones are left out, but the first.
inline constexpr std::size_t dead_letter_failures_max = 10;

/// A dead letter, read from its record. What its headers do not say is empty or -1.
struct dead_letter {
  log_place id; ///< In the dead-letter topic.
  timestamp written_at{};
  std::string topic; ///< Where its record stands.
  log_place origin;  ///< In that topic.
  std::string reason;
  std::string message;
  std::string stage;
  std::uint64_t attempts = 1; ///< How often the record has failed, this time included.
  /// The record was too large for the dead-letter topic: its value is not here.
  std::optional<std::uint64_t> dropped_value_bytes;
  record what;
};

/// Reads the last failure from the headers, as of one that comes twice the last counts.
dead_letter read_dead_letter(log_place id, timestamp written_at, record what);

/// The vendor, when the record's key may be one; else `-`.
std::string vendor_of(const dead_letter& letter);

/// The record to write to the topic once more: key, value and headers as they
/// were before it failed, and what it has been through in `reviews.dlq.*`.
record make_replay(const dead_letter& letter);

/// Says of a dead letter that nothing is left to do about it. Kafka cannot
/// delete single records: the marker stands behind its letter in the same
/// partition, so retention never removes it first.
struct resolution {
  log_place letter;
  std::string verdict; ///< `replayed` or `dropped`.
};

record make_marker(const resolution& what);

/// The marker that a record of partition `partition` is; none for a dead letter,
/// whatever headers its first writer gave it.
std::optional<resolution> read_marker(std::int32_t partition, const record& what);

} // namespace reviews::ctl

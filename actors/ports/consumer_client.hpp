#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/record.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace reviews {

/// A record as fetched. The views live for the call of the visitor only.
class fetched_record {
public:
  virtual ~fetched_record() = default;
  virtual std::int64_t offset() const = 0;
  virtual std::optional<std::string_view> key() const = 0;
  virtual std::optional<std::string_view> value() const = 0;
  /// A copy of key, value and headers, for a dead letter.
  virtual record copy() const = 0;
};

/// What one pull brought.
struct pulled {
  std::size_t records_count = 0;
  /// Why fetching stopped, if it did: `offset_gone`, `refused`, `unavailable`, `broken`.
  std::optional<failure> problem;
};

/// The fetched records of one started partition, bounded by the client's
/// settings. Owned by one partition consumer; safe to outlive its stop (it
/// then pulls nothing).
class partition_queue {
public:
  virtual ~partition_queue() = default;

  /// Sets what to call, from a thread of the client's, when the queue turns
  /// from empty to not empty. It must not block. Not called any more once
  /// the queue is destroyed or another callback (perhaps empty) is set.
  virtual void on_ready(std::function<void()> wake) = 0;

  /// Hands over up to `records_max` records in the order of their offsets;
  /// never blocks. Fewer than asked for means that the queue was empty.
  virtual pulled pull(std::size_t records_max, const std::function<void(const fetched_record&)>& visit) = 0;

  /// The log's end as last seen by a fetch (its high watermark); -1 before the first one.
  virtual std::int64_t end_offset() const = 0;

  /// Records from `stored_offset` on have been fetched: pulled already, or waiting here. The log's end
  /// alone does not tell: it also counts what nobody can read, such as a transaction's marker.
  virtual bool holds_work(std::int64_t stored_offset) const = 0;
};

/// The group gave us these partitions; nothing is fetched before `start`.
struct partitions_assigned {
  std::vector<std::int32_t> partitions;
};

/// The group takes these back. Answer with `release` when nothing of them is
/// under way any more. `lost`: they are somebody else's already.
struct partitions_revoked {
  std::vector<std::int32_t> partitions;
  bool lost = false;
};

/// Something worth a log line, or, `refused` or `broken`, the end of this client.
struct consumer_problem {
  failure what;
};

using consumer_event = std::variant<partitions_assigned, partitions_revoked, consumer_problem>;

/// First kept and next offset of a partition's log.
struct offset_range {
  std::int64_t begin = 0;
  std::int64_t end = 0;
};

/// A member of the consumer group, subscribed to one topic: cooperative-sticky,
/// no auto commit, read_committed. Owned and called by one actor; only the
/// wake-up comes from another thread.
class consumer_client {
public:
  virtual ~consumer_client() = default;

  /// Sets what to call when `take_events` has something; see `producer_client::on_deliveries`.
  virtual void on_events(std::function<void()> wake) = 0;

  /// Events since the last call; never blocks. Call it at least once a second
  /// while idle too: it also tells the group that we are alive
  /// (`max.poll.interval.ms`, KIP-62).
  virtual std::vector<consumer_event> take_events() = 0;

  /// Starts to fetch an assigned partition at `from`, or, when empty, at the
  /// log's beginning. Starting a started one moves it; its old queue dies.
  virtual outcome<std::shared_ptr<partition_queue>> start(std::int32_t partition,
                                                          std::optional<std::int64_t> from) = 0;

  /// Stops fetching a partition that stays assigned.
  virtual void stop(std::int32_t partition) = 0;

  /// Confirms a `partitions_revoked`: the group may give them to others.
  virtual void release(const std::vector<std::int32_t>& partitions) = 0;

  /// Tells Kafka the next offset of a partition, for lag tools; not waited for.
  virtual void commit(const std::vector<std::pair<std::int32_t, std::int64_t>>& next_offsets) = 0;

  /// The log's range, asked from the broker; blocks up to `timeout`.
  virtual outcome<offset_range> range_of(std::int32_t partition, std::chrono::milliseconds timeout) = 0;

  /// The topic's number of partitions; blocks up to `timeout`. `unavailable`, or
  /// `refused` (no such topic, no rights, bad credentials).
  virtual outcome<std::int32_t> partition_count(std::chrono::milliseconds timeout) = 0;

  /// Leaves the group (a static member stays in it for its session), waits at most `timeout`.
  virtual void close(std::chrono::milliseconds timeout) = 0;
};

using consumer_client_ptr = std::unique_ptr<consumer_client>;
using consumer_client_factory = std::function<outcome<consumer_client_ptr>()>;

} // namespace reviews

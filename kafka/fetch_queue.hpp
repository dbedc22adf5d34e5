#pragma once

#include "actors/ports/consumer_client.hpp"
#include "kafka/fetch_reminder.hpp"
#include "kafka/holders.hpp"
#include "kafka/wake_up.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace reviews::kafka {

/// librdkafka's queue of one started partition. Shared by its consumer, which
/// pulls, and the client, which closes it; a closed one pulls nothing and
/// touches librdkafka no more, so it may outlive the client.
///
/// Records come one by one (`rd_kafka_consume_queue`): librdkafka 2.0's batch
/// call can lose records when a rebalance pauses the partition meanwhile (its
/// release notes say so). For the same reason offsets that went by already are
/// dropped: after a pause librdkafka may fetch some again.
class fetch_queue final : public partition_queue {
public:
  /// Takes `queue` over, already cut off from the client's own queue.
  /// @param from First offset wanted; -1: whatever comes first.
  fetch_queue(rd_kafka_t* client, queue_ptr queue, std::shared_ptr<const fetch_reminder> reminder,
              std::string topic, std::int32_t partition, std::int64_t from);
  ~fetch_queue() override;

  void on_ready(std::function<void()> wake) override;

  /// `visit` must not call the client that this queue comes from.
  pulled pull(std::size_t records_max, const std::function<void(const fetched_record&)>& visit) override;

  std::int64_t end_offset() const override;
  bool holds_work(std::int64_t stored_offset) const override;

  /// Called by the client before it stops the partition or goes. Waits for a pull under way.
  void close();

private:
  bool take(const rd_kafka_message_t& message, const std::function<void(const fetched_record&)>& visit);
  std::optional<failure> problem_of(const rd_kafka_message_t& message) const;

  mutable std::mutex mutex_; ///< Guards the two below against `close`.
  rd_kafka_t* client_;
  queue_ptr queue_;                                      ///< Null once closed.
  const std::shared_ptr<const fetch_reminder> reminder_; ///< Works as long as the client.
  fetch_reminder::taken taken_;
  const std::string topic_;
  const std::int32_t partition_;
  const bool starts_at_begin_;
  std::int64_t next_offset_;
  wake_up wake_up_;
};

} // namespace reviews::kafka

#pragma once

#include "actors/actor_pool.hpp"
#include "actors/interfaces.hpp"
#include "actors/metrics.hpp"
#include "actors/model/backoff.hpp"
#include "actors/params.hpp"
#include "actors/ports/consumer_client.hpp"

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reviews {

/// Wakes GROUP CONSUMER: its client has events.
struct group_events_ready {};

/// Wakes GROUP CONSUMER once a second: the group wants to hear from us, lag is shown, offsets are told.
struct group_tick {};

/// Wakes GROUP CONSUMER: the pause before a partition is taken up again is over.
struct partition_retry {
  std::int32_t partition = -1;
  std::uint64_t epoch = 0;
};

using group_consumer_private_actor =
    group_consumer_actor::extend<caf::reacts_to<group_events_ready>, caf::reacts_to<group_tick>,
                                 caf::reacts_to<partition_retry>>;

/// What the group consumer is given at its start.
struct group_consumer_setup {
  consumer_client_factory make_client;
  supervision_params retry;
  std::chrono::milliseconds answer_timeout{60'000};
  /// Longest wait for consumers to finish what is under way at a revocation.
  std::chrono::milliseconds release_timeout{10'000};
  pool_ptr<writer_actor> writers;
  /// A partition's consumer is number partition mod size; the group consumer alone changes the size.
  pool_ptr<partition_consumer_actor> consumers;
  consumer_metrics* metrics = nullptr;
  /// Called at the first assignment: the group is joined.
  std::function<void()> on_joined;
  /// Called when the group or its servers refuse us for good; the process cannot go on.
  std::function<void(const failure&)> on_refused;
};

/// The member of the consumer group. For each partition it is given it asks
/// WRITER for the stored offset, has the client fetch from there, and hands
/// the queue to a consumer. Blocks a little at times: spawn it detached.
class group_consumer_state {
public:
  static inline const char* name = "group_consumer";
  using pointer = group_consumer_private_actor::pointer;

  explicit group_consumer_state(pointer self) : self_(self) {}
  ~group_consumer_state();
  void init(group_consumer_setup setup);
  group_consumer_private_actor::behavior_type make_behavior();

private:
  struct assignment {
    assignment(backoff pause) : pauses(std::move(pause)) {}

    std::uint64_t epoch = 0;
    std::shared_ptr<partition_queue> queue;
    std::optional<std::int64_t> stored_offset; ///< None: not read yet, or nothing is stored.
    bool is_offset_read = false;
    std::optional<std::int64_t> told_offset; ///< What Kafka was told last.
    std::optional<std::int64_t> log_begin;   ///< As seen last.
    std::optional<std::size_t> holder;       ///< The consumer that was given it last.
    bool is_moving = false;                  ///< Its holder releases it for another consumer.
    std::int64_t end_offset = -1;            ///< The log's end, as seen last.
    std::uint64_t signs_of_life = 0;         ///< Attempts in vain.
    bool is_stopped = false;                 ///< For good, with an alert.
    std::optional<ec> trouble;               ///< Why the last attempt failed, until one succeeds.
    backoff pauses;
    /// Of the stored offset. Kept until it is known, so that a retry prefers another writer.
    actor_pool<writer_actor>::task reading;

    /// The first offset that is not stored; none while nobody knows.
    std::optional<std::int64_t> next_to_store() const;
  };

  void take_events();
  void handle(const partitions_assigned& what);
  void handle(const partitions_revoked& what);
  void handle(const consumer_problem& what);
  void begin(std::int32_t partition);
  void start(std::int32_t partition, assignment& mine, std::optional<std::int64_t> from);
  void retry_later(std::int32_t partition, assignment& mine, const failure& why);
  void stop_for_good(std::int32_t partition, assignment& mine, const failure& why);
  std::string account_of_gap(std::int32_t partition, const assignment& mine);
  void release(std::vector<std::int32_t> partitions, std::function<void()> then);
  void ask_to_release(std::size_t index, std::vector<std::int32_t> partitions, std::function<void()> then);
  void share_among(std::size_t count);
  void moved(std::int32_t partition, std::uint64_t epoch);
  void answer_resizes();
  void forget(const std::vector<std::int32_t>& partitions);
  void tell_offsets();
  void look_at_log(std::int32_t partition, assignment& mine, bool is_look_due);
  void show_lag();
  void show_nothing(std::int32_t partition);
  void count_rebalance();
  std::vector<partition_sight> sights() const;
  partitions_reported report() const;
  void leave();
  assignment* find(std::int32_t partition, std::uint64_t epoch);

  pointer self_;
  group_consumer_setup setup_;
  consumer_client_ptr client_;
  std::map<std::int32_t, assignment> assignments_;
  std::uint64_t last_epoch_ = 0;
  std::uint64_t ticks_ = 0;
  bool is_broker_answering_ = true; ///< To a look at a log's range.
  std::size_t rebalances_ = 0;
  std::size_t releases_count_ = 0; ///< Asked of consumers and not over.
  std::vector<caf::response_promise> resize_promises_;
  std::optional<caf::response_promise> drain_promise_;
  bool is_draining_ = false;
};

/// Starts the GROUP CONSUMER; it ends with the failure when no client can be built.
group_consumer_private_actor::behavior_type
group_consumer(group_consumer_private_actor::stateful_pointer<group_consumer_state> self,
               const group_consumer_setup& setup);

} // namespace reviews

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::group_events_ready)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::group_tick)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::partition_retry)

#pragma once

#include "actors/actor_pool.hpp"
#include "actors/interfaces.hpp"
#include "actors/metrics.hpp"
#include "actors/model/backoff.hpp"
#include "actors/model/commit_notice.hpp"
#include "actors/model/partition_flow.hpp"
#include "actors/model/review_json.hpp"
#include "actors/params.hpp"

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace reviews {

/// Wakes PARTITION CONSUMER: a queue has records, or is to be looked at again.
struct partition_ready {
  std::int32_t partition = -1;
  std::uint64_t epoch = 0;
};

/// Wakes PARTITION CONSUMER: a pause or a linger of a partition is over.
struct partition_due {
  std::int32_t partition = -1;
  std::uint64_t epoch = 0;
  std::uint64_t generation = 0; ///< An older one than the partition's is stale.
};

using partition_consumer_private_actor =
    partition_consumer_actor::extend<caf::reacts_to<partition_ready>, caf::reacts_to<partition_due>>;

/// What a partition consumer is given at its start.
struct partition_consumer_setup {
  std::size_t index = 0; ///< In the pool.
  /// What notices say of who stores; each batch adds its writer.
  batch_handler by;
  batch_params batch;
  partition_params partition;
  supervision_params retry; ///< Its backoff paces retries.
  /// Longest wait for WRITER or for the dead-letter PUBLISHER.
  std::chrono::milliseconds answer_timeout{60'000};
  pool_ptr<writer_actor> writers; ///< A batch goes to the one that has the least to do.
  address_ptr<publisher_actor> dead_letters;
  address_ptr<group_consumer_actor> group;
  consumer_metrics* metrics = nullptr;
};

/// The actor that carries the records of its partitions to the database: takes
/// from a partition's queue what it has room for, decodes, and has one piece
/// at a time under way a partition. The answer is the credit: what is full
/// does not take.
class partition_consumer_state {
public:
  static inline const char* name = "partition_consumer";
  using pointer = partition_consumer_private_actor::pointer;

  explicit partition_consumer_state(pointer self) : self_(self) {}
  ~partition_consumer_state();
  void init(partition_consumer_setup setup);
  partition_consumer_private_actor::behavior_type make_behavior();

private:
  enum class step { idle, publishing, storing, pausing, failed };

  struct lane {
    lane(const flow_limits& limits, backoff pause) : flow(limits), pauses(std::move(pause)) {}

    std::uint64_t epoch = 0;
    std::shared_ptr<partition_queue> queue;
    partition_flow flow;
    std::optional<std::int64_t> stored_offset;
    step doing = step::idle;
    bool is_releasing = false;
    bool may_have_more = true; ///< The queue was left before it was empty.
    std::uint64_t generation = 0;
    bool is_timer_armed = false;
    std::optional<failure> problem; ///< Of the queue; told when all that is held is stored.
    backoff pauses;
    std::chrono::steady_clock::time_point asked_at{};
    /// Of the batch under way. Kept through the pause of one that was not stored, so that other partitions
    /// prefer another writer, as its retry does.
    actor_pool<writer_actor>::task writing;
    partition_metrics* metrics = nullptr;
  };

  struct release {
    caf::response_promise promise;
    std::set<std::int32_t> waiting_for;
  };

  void begin(const consume_partition& what);
  void change(const set_limits& what);
  caf::result<partitions_released> end(const std::vector<std::int32_t>& partitions);
  void take(std::int32_t partition, lane& mine);
  void accept(std::int32_t partition, lane& mine, const fetched_record& got);
  void advance(std::int32_t partition, lane& mine);
  void publish_dead_letters(std::int32_t partition, lane& mine, flow_piece& piece);
  void dead_letters_published(std::int32_t partition, lane& mine,
                              const std::vector<outcome<receipt>>& results);
  void store(std::int32_t partition, lane& mine, flow_piece& piece);
  void stored(std::int32_t partition, lane& mine, const review_batch& batch, const batch_counts& counts);
  void not_stored(std::int32_t partition, lane& mine, const failure& why);
  void condemn(std::int32_t partition, lane& mine, const failure& why);
  void pause(std::int32_t partition, lane& mine, const failure& why);
  void fail(std::int32_t partition, lane& mine, failure why);
  void wake_later(std::int32_t partition, lane& mine, std::chrono::milliseconds delay);
  void stop_or_advance(std::int32_t partition, lane& mine);
  void remove(std::int32_t partition);
  void pardon(std::int32_t partition, std::int64_t before);
  static void show_lag(const lane& mine);
  lane* find(std::int32_t partition, std::uint64_t epoch);
  std::chrono::steady_clock::time_point now() const;

  pointer self_;
  partition_consumer_setup setup_;
  review_decoder decoder_;
  timestamp took_at_{}; ///< When the records of the last pull were taken: one look at the clocks a pull.
  partition_flow::time_point pulled_at_{}; ///< The same by the actors' clock.
  std::map<std::int32_t, lane> lanes_;
  std::vector<release> releases_;
  /// Records the database refused for good, to be dead-lettered whenever read
  /// again, until the stored offset has passed them.
  std::map<std::pair<std::int32_t, std::int64_t>, std::string> condemned_;
  /// Records that lie in the dead-letter topic already and are not to be written
  /// there again when read again, until the stored offset has passed them.
  std::set<std::pair<std::int32_t, std::int64_t>> buried_;
};

/// Starts a PARTITION CONSUMER and tells the group consumer so.
partition_consumer_private_actor::behavior_type
partition_consumer(partition_consumer_private_actor::stateful_pointer<partition_consumer_state> self,
                   const partition_consumer_setup& setup);

} // namespace reviews

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::partition_ready)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::partition_due)

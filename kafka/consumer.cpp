#include "kafka/consumer.hpp"

#include "actors/model/log.hpp"
#include "kafka/client_config.hpp"
#include "kafka/fetch_queue.hpp"
#include "kafka/fetch_reminder.hpp"
#include "kafka/kafka_error.hpp"
#include "kafka/metadata.hpp"
#include "kafka/partition_list.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>

namespace reviews::kafka {
namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

/// When members made by one factory were fenced: by a coordinator that took
/// over with an older list of members, that happens once; by another process
/// with our `group.instance.id`, again as soon as we are back.
class fencings {
public:
  /// Notes one. True when the one before it was less than `again_within` ago.
  bool note_and_tell_if_again(clock::time_point now) {
    const bool is_again = last_ && now - *last_ < again_within;
    last_ = now;
    return is_again;
  }

private:
  /// Longer than two processes take to fence each other in turn; coordinators
  /// change less often.
  static constexpr std::chrono::seconds again_within{30};
  std::optional<clock::time_point> last_;
};

class consumer final : public consumer_client {
public:
  consumer(client_ptr client, std::string topic, std::shared_ptr<fencings> fenced)
      : client_(std::move(client)), topic_(std::move(topic)), fencings_(std::move(fenced)),
        reminder_(std::make_shared<const fetch_reminder>(client_.get())),
        queue_(rd_kafka_queue_get_consumer(client_.get())) {}

  ~consumer() override { close(2s); }

  outcome<void> subscribe() {
    rd_kafka_poll_set_consumer(client_.get());
    const auto topics = make_partition_list(topic_, std::vector{RD_KAFKA_PARTITION_UA});
    if (const auto err = rd_kafka_subscribe(client_.get(), topics.get()))
      return to_failure(err, topic_, "a subscription");
    return {};
  }

  void on_events(std::function<void()> wake) override {
    if (queue_)
      wake_up_.set(queue_.get(), std::move(wake));
    if (!pending_.empty())
      wake_up_.call_now();
  }

  std::vector<consumer_event> take_events() override {
    drain();
    return std::exchange(pending_, {});
  }

  outcome<std::shared_ptr<partition_queue>> start(std::int32_t partition,
                                                  std::optional<std::int64_t> from) override {
    if (!queue_ || !assigned_.contains(partition) || revoking_.contains(partition))
      return failure{ec::unavailable,
                     subject(partition) + ": expected to be assigned to this member, got none of it"};
    if (started_.contains(partition))
      stop(partition);
    if (leaving_.contains(partition))
      return failure{ec::unavailable, subject(partition) + ": expected no rebalance under way, got one"};
    queue_ptr records(rd_kafka_queue_get_partition(client_.get(), topic_.c_str(), partition));
    if (!records)
      return failure{ec::unavailable, subject(partition) + ": expected a partition's queue, got none"};
    // Before anything is fetched, or the first records would land in the group's queue.
    rd_kafka_queue_forward(records.get(), nullptr);
    auto list = make_partition_list(topic_, std::vector{partition});
    list->elems[0].offset = from.value_or(RD_KAFKA_OFFSET_BEGINNING);
    if (error_ptr error{rd_kafka_incremental_assign(client_.get(), list.get())})
      return assignment_failure(*error, subject(partition));
    auto queue = std::make_shared<fetch_queue>(client_.get(), std::move(records), reminder_, topic_,
                                               partition, from.value_or(-1));
    started_.emplace(partition, queue);
    return std::shared_ptr<partition_queue>(std::move(queue));
  }

  void stop(std::int32_t partition) override {
    const auto i = started_.find(partition);
    if (i == started_.end())
      return;
    i->second->close();
    started_.erase(i);
    leaving_.insert(partition);
    drain_and_tell();
    if (revoking_.empty() && !leaving_.empty()) // else this would confirm the revocation
      unassign_leaving();
  }

  void release(const std::vector<std::int32_t>& partitions) override {
    for (const auto partition : partitions) {
      if (const auto i = started_.find(partition); i != started_.end()) {
        i->second->close();
        started_.erase(i);
        leaving_.insert(partition);
      }
      assigned_.erase(partition);
    }
    const bool was_revoking = !revoking_.empty();
    for (const auto partition : partitions)
      revoking_.erase(partition);
    if (was_revoking && revoking_.empty())
      unassign_leaving();
  }

  void commit(const std::vector<std::pair<std::int32_t, std::int64_t>>& next_offsets) override {
    if (!queue_ || next_offsets.empty())
      return;
    partitions_ptr list(rd_kafka_topic_partition_list_new(static_cast<int>(next_offsets.size())));
    for (const auto& [partition, offset] : next_offsets)
      rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), partition)->offset = offset;
    if (const auto err = rd_kafka_commit(client_.get(), list.get(), 1))
      log_commit(err);
  }

  outcome<offset_range> range_of(std::int32_t partition, std::chrono::milliseconds timeout) override {
    if (!queue_)
      return closed();
    return kafka::range_of(client_.get(), topic_, partition, timeout);
  }

  outcome<std::int32_t> partition_count(std::chrono::milliseconds timeout) override {
    if (!queue_)
      return closed();
    refusal_.reset();
    auto answer = kafka::partition_count(client_.get(), topic_, timeout);
    if (answer || answer.error().code != ec::unavailable)
      return answer;
    // Brokers that refuse us look like brokers out of reach, but for their error events.
    drain_and_tell();
    return refusal_ ? outcome<std::int32_t>(*refusal_) : answer;
  }

  void close(std::chrono::milliseconds timeout) override {
    if (!queue_)
      return;
    wake_up_.clear(queue_.get());
    for (auto& [partition, queue] : started_)
      queue->close();
    started_.clear();
    const bool has_left = leave(clock::now() + timeout);
    queue_.reset();
    if (!has_left) // rd_kafka_destroy would wait for the group without end
      rd_kafka_destroy_flags(client_.release(), RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
    client_.reset();
  }

private:
  std::string subject(std::int32_t partition) const {
    return topic_ + " partition " + std::to_string(partition);
  }

  failure closed() const {
    return {ec::shutting_down, topic_ + ": expected an open client, got a closed one"};
  }

  static failure assignment_failure(const rd_kafka_error_t& error, const std::string& subject) {
    failure what =
        to_failure(rd_kafka_error_code(&error), subject, "an assignment", rd_kafka_error_string(&error));
    if (what.code != ec::broken)
      what.code = ec::unavailable;
    return what;
  }

  /// Leaves the group; true when that was over in time.
  bool leave(clock::time_point deadline) {
    queue_ptr farewell(rd_kafka_queue_new(client_.get()));
    if (error_ptr error{rd_kafka_consumer_close_queue(client_.get(), farewell.get())})
      return false; // fatal: nothing to leave
    if (!revoking_.empty())
      unassign_leaving();
    while (!rd_kafka_consumer_closed(client_.get()) && clock::now() < deadline) {
      event_ptr event(rd_kafka_queue_poll(farewell.get(), 20));
      if (event && rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_REBALANCE)
        error_ptr{rd_kafka_incremental_unassign(client_.get(), make_partition_list(topic_, leaving_).get())};
    }
    return rd_kafka_consumer_closed(client_.get()) != 0;
  }

  void drain() {
    while (queue_) {
      event_ptr event(rd_kafka_queue_poll(queue_.get(), 0));
      if (!event)
        return;
      switch (rd_kafka_event_type(event.get())) {
      case RD_KAFKA_EVENT_REBALANCE: take_rebalance(event.get()); break;
      case RD_KAFKA_EVENT_ERROR: take_error(event.get()); break;
      case RD_KAFKA_EVENT_OFFSET_COMMIT: log_commit(rd_kafka_event_error(event.get())); break;
      default: break;
      }
    }
  }

  /// Outside of `take_events`: the queue's own wake-up would come too late.
  void drain_and_tell() {
    drain();
    if (!pending_.empty())
      wake_up_.call_now();
  }

  void take_rebalance(rd_kafka_event_t* event) {
    auto partitions = partition_numbers(rd_kafka_event_topic_partition_list(event));
    if (rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
      assigned_.insert(partitions.begin(), partitions.end());
      const auto nothing = make_partition_list(topic_, std::vector<std::int32_t>{});
      if (error_ptr error{rd_kafka_incremental_assign(client_.get(), nothing.get())})
        pending_.emplace_back(consumer_problem{assignment_failure(*error, topic_)});
      pending_.emplace_back(partitions_assigned{std::move(partitions)});
      return;
    }
    revoking_.insert(partitions.begin(), partitions.end());
    if (partitions.empty())
      unassign_leaving();
    else
      pending_.emplace_back(
          partitions_revoked{std::move(partitions), rd_kafka_assignment_lost(client_.get()) != 0});
  }

  /// Takes stopped partitions out of librdkafka's assignment. While it waits
  /// for a revocation to be confirmed, this confirms it.
  void unassign_leaving() {
    const auto list = make_partition_list(topic_, leaving_);
    leaving_.clear();
    if (error_ptr error{rd_kafka_incremental_unassign(client_.get(), list.get())})
      log::warning("kafka_unassign_failed",
                   {{"reason", std::string_view(rd_kafka_error_string(error.get()))}});
  }

  void take_error(rd_kafka_event_t* event) {
    const auto err = rd_kafka_event_error(event);
    const char* text = rd_kafka_event_error_string(event);
    const bool is_fatal = rd_kafka_event_error_is_fatal(event) || err == RD_KAFKA_RESP_ERR__FATAL;
    failure what = is_fatal ? fatal_failure(client_.get(), topic_)
                            : to_failure(err, topic_, "a working member", text ? text : "");
    if (!is_fatal && what.code != ec::refused)
      what.code = ec::unavailable; // librdkafka goes on by itself
    if (err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
      what.code = ec::unavailable; // brokers that start up say so too; partition_count asks twice
    if (is_fatal && what.code == ec::refused && !is_fenced_again())
      what.code = ec::broken; // a new member may do
    if (what.code == ec::refused)
      refusal_ = what;
    pending_.emplace_back(consumer_problem{std::move(what)});
  }

  bool is_fenced_again() {
    if (!is_fenced_again_)
      is_fenced_again_ = fencings_->note_and_tell_if_again(clock::now());
    return *is_fenced_again_;
  }

  void log_commit(rd_kafka_resp_err_t err) const {
    if (err && err != RD_KAFKA_RESP_ERR__NO_OFFSET)
      log::warning("kafka_commit_failed", {{"reason", std::string_view(rd_kafka_err2name(err))}});
  }

  client_ptr client_;
  std::string topic_;
  std::shared_ptr<fencings> fencings_;
  std::shared_ptr<const fetch_reminder> reminder_;
  std::optional<bool> is_fenced_again_; ///< Empty until this member was fenced.
  queue_ptr queue_;                     ///< The group's queue; null once closed.
  wake_up wake_up_;
  std::vector<consumer_event> pending_;
  std::set<std::int32_t> assigned_; ///< By the group, those being revoked included.
  std::set<std::int32_t> revoking_; ///< Revoked, `release` awaited.
  std::set<std::int32_t> leaving_;  ///< Stopped, still in librdkafka's assignment.
  std::map<std::int32_t, std::shared_ptr<fetch_queue>> started_;
  std::optional<failure> refusal_; ///< Why brokers do not let us in, as last heard.
};

} // namespace

consumer_client_factory make_consumer_factory(kafka_params params) {
  auto fenced = std::make_shared<fencings>();
  return [params = std::move(params), fenced]() -> outcome<consumer_client_ptr> {
    constexpr int events = RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_OFFSET_COMMIT;
    auto client = make_client(params, role::consumer, events);
    if (!client)
      return client.error();
    auto result = std::make_unique<consumer>(std::move(*client), params.topic, fenced);
    if (auto subscribed = result->subscribe(); !subscribed)
      return subscribed.error();
    return consumer_client_ptr(std::move(result));
  };
}

} // namespace reviews::kafka

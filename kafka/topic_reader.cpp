#include "kafka/topic_reader.hpp"

#include "kafka/client_config.hpp"
#include "kafka/kafka_error.hpp"
#include "kafka/message.hpp"
#include "kafka/metadata.hpp"
#include "kafka/partition_list.hpp"
#include "kafka/topics.hpp"

#include <utility>
#include <vector>

namespace reviews::kafka {
namespace {

using clock = std::chrono::steady_clock;
using visitor = std::function<bool(const topic_record&)>;

timestamp time_of(const rd_kafka_message_t& message) {
  rd_kafka_timestamp_type_t type = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE;
  const auto milliseconds = rd_kafka_message_timestamp(&message, &type);
  return timestamp(std::chrono::milliseconds(
      type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || milliseconds < 0 ? 0 : milliseconds));
}

class topic_walk {
public:
  topic_walk(rd_kafka_t* client, const std::string& topic, std::vector<offset_range> ranges)
      : client_(client), topic_(topic), ranges_(std::move(ranges)), is_done_(ranges_.size(), false) {}

  /// Starts every partition that holds something.
  outcome<void> begin() {
    partitions_ptr list(rd_kafka_topic_partition_list_new(static_cast<int>(ranges_.size())));
    for (std::size_t p = 0; p < ranges_.size(); ++p) {
      is_done_[p] = ranges_[p].begin >= ranges_[p].end;
      if (!is_done_[p]) {
        rd_kafka_topic_partition_list_add(list.get(), topic_.c_str(), static_cast<std::int32_t>(p))->offset =
            ranges_[p].begin;
        ++open_count_;
      }
    }
    if (open_count_ == 0)
      return {};
    if (const auto err = rd_kafka_assign(client_, list.get()))
      return to_failure(err, topic_, "partitions to read");
    return {};
  }

  bool is_done() const { return open_count_ == 0; }
  std::uint64_t visited_count() const { return visited_count_; }

  outcome<void> take(const rd_kafka_message_t& message, const visitor& visit) {
    const auto p = static_cast<std::size_t>(message.partition);
    if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      if (p < ranges_.size() && message.offset >= ranges_[p].end)
        finish(p);
      return {};
    }
    if (message.err)
      return take_error(message);
    if (p >= ranges_.size() || is_done_[p])
      return {};
    bool goes_on = message.offset + 1 < ranges_[p].end;
    if (message.offset < ranges_[p].end) {
      const message_view whole(message);
      goes_on =
          visit({message.partition, message.offset, whole.key(), whole.value(), time_of(message), &whole}) &&
          goes_on;
      ++visited_count_;
    }
    if (!goes_on)
      finish(p);
    return {};
  }

private:
  void finish(std::size_t p) {
    if (is_done_[p])
      return;
    is_done_[p] = true;
    --open_count_;
    const auto list = make_partition_list(topic_, std::vector{static_cast<std::int32_t>(p)});
    rd_kafka_pause_partitions(client_, list.get());
  }

  outcome<void> take_error(const rd_kafka_message_t& message) const {
    if (message.err == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
      return {}; // librdkafka looks for the group's coordinator, which nothing here is asked of
    const char* text = rd_kafka_message_errstr(&message);
    auto what = to_failure(message.err, topic_, "records", text ? text : "");
    if (what.code == ec::unavailable)
      return {}; // librdkafka tries again; the stall time bounds it
    return what;
  }

  rd_kafka_t* client_;
  const std::string& topic_;
  std::vector<offset_range> ranges_;
  std::vector<bool> is_done_;
  std::size_t open_count_ = 0;
  std::uint64_t visited_count_ = 0;
};

outcome<void> walk_to_end(topic_walk& walk, rd_kafka_t* client, const std::string& topic,
                          const visitor& visit, std::chrono::milliseconds stall_timeout) {
  queue_ptr queue(rd_kafka_queue_get_consumer(client));
  auto progress_at = clock::now();
  while (!walk.is_done()) {
    message_ptr message(rd_kafka_consume_queue(queue.get(), 100));
    const bool is_record = message && !message->err;
    if (!is_record && clock::now() - progress_at > stall_timeout)
      return failure{ec::unavailable, topic + ": expected records in " +
                                          std::to_string(stall_timeout.count()) + " ms, got none"};
    if (message)
      if (auto taken = walk.take(*message, visit); !taken)
        return taken;
    if (is_record) // a visitor may take its time
      progress_at = clock::now();
  }
  return {};
}

} // namespace

outcome<std::uint64_t> read_topic(const kafka_params& params, const std::string& topic,
                                  const std::function<void(const topic_record&)>& visit,
                                  std::chrono::milliseconds stall_timeout) {
  auto ranges = ranges_of(params, topic, stall_timeout);
  if (!ranges)
    return ranges.error();
  const auto go_on = [&visit](const topic_record& each) {
    visit(each);
    return true;
  };
  return read_ranges(params, topic, std::move(*ranges), go_on, stall_timeout);
}

outcome<std::uint64_t> read_ranges(const kafka_params& params, const std::string& topic,
                                   std::vector<offset_range> ranges, const visitor& visit,
                                   std::chrono::milliseconds stall_timeout) {
  auto client = make_client(params, role::reader, 0);
  if (!client)
    return client.error();
  rd_kafka_poll_set_consumer(client->get());
  topic_walk walk(client->get(), topic, std::move(ranges));
  auto result = walk.begin();
  if (result)
    result = walk_to_end(walk, client->get(), topic, visit, stall_timeout);
  rd_kafka_assign(client->get(), nullptr);
  rd_kafka_destroy_flags(client->release(), RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE);
  if (!result)
    return result.error();
  return walk.visited_count();
}

} // namespace reviews::kafka

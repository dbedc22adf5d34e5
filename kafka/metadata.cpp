#include "kafka/metadata.hpp"

#include "kafka/call.hpp"
#include "kafka/kafka_error.hpp"

#include <algorithm>
#include <limits>
#include <thread>

namespace reviews::kafka {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

namespace {

/// One question. An error of the topic is the answer's, one of the request `err`'s.
outcome<metadata_ptr> ask(rd_kafka_t* client, const std::string& topic, std::chrono::milliseconds timeout,
                          rd_kafka_resp_err_t& err) {
  topic_ptr handle(rd_kafka_topic_new(client, topic.c_str(), nullptr));
  const rd_kafka_metadata_t* raw = nullptr;
  err = rd_kafka_metadata(client, 0, handle.get(), &raw, to_int(timeout));
  metadata_ptr metadata(raw);
  if (!err)
    err = metadata->topic_cnt == 1 ? metadata->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
  if (!err && metadata->topics[0].partition_cnt == 0)
    err = RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE;
  if (err)
    return to_failure(err, topic, "the topic's metadata");
  return metadata;
}

} // namespace

int to_int(std::chrono::milliseconds timeout) noexcept {
  return static_cast<int>(
      std::clamp<std::chrono::milliseconds::rep>(timeout.count(), 0, std::numeric_limits<int>::max()));
}

outcome<metadata_ptr> topic_metadata(rd_kafka_t* client, const std::string& topic,
                                     std::chrono::milliseconds timeout) {
  const auto deadline = clock::now() + timeout;
  for (;;) {
    auto err = RD_KAFKA_RESP_ERR_NO_ERROR;
    auto answer = ask(client, topic, time_left(deadline), err);
    const bool may_change = err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
                            err == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
                            err == RD_KAFKA_RESP_ERR__TRANSPORT;
    if (!may_change || time_left(deadline) < 200ms)
      return answer;
    std::this_thread::sleep_for(100ms);
  }
}

std::vector<partition_home> homes_in(const rd_kafka_metadata_topic_t& told) {
  std::vector<partition_home> homes(static_cast<std::size_t>(told.partition_cnt));
  for (int i = 0; i < told.partition_cnt; ++i) {
    const auto& each = told.partitions[i];
    if (each.id < 0 || each.id >= told.partition_cnt)
      continue;
    homes[static_cast<std::size_t>(each.id)] = {each.leader,
                                                {each.replicas, each.replicas + each.replica_cnt},
                                                {each.isrs, each.isrs + each.isr_cnt}};
  }
  return homes;
}

outcome<std::int32_t> partition_count(rd_kafka_t* client, const std::string& topic,
                                      std::chrono::milliseconds timeout) {
  const auto metadata = topic_metadata(client, topic, timeout);
  if (!metadata)
    return metadata.error();
  return (*metadata)->topics[0].partition_cnt;
}

outcome<offset_range> range_of(rd_kafka_t* client, const std::string& topic, std::int32_t partition,
                               std::chrono::milliseconds timeout) {
  const auto deadline = clock::now() + timeout;
  for (;;) {
    offset_range range;
    const auto err = rd_kafka_query_watermark_offsets(client, topic.c_str(), partition, &range.begin,
                                                      &range.end, to_int(time_left(deadline)));
    if (!err)
      return range;
    auto what = to_failure(err, topic + " partition " + std::to_string(partition), "the log's range");
    // Its leader moves, or a new topic has none yet or is not known to all brokers yet.
    const bool may_pass = what.code == ec::unavailable || err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART ||
                          err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC ||
                          err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
    if (!may_pass || time_left(deadline) < 200ms)
      return what;
    std::this_thread::sleep_for(100ms);
  }
}

} // namespace reviews::kafka

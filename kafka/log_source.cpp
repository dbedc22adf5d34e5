#include "kafka/log_source.hpp"

#include "kafka/call.hpp"
#include "kafka/client_config.hpp"
#include "kafka/kafka_error.hpp"
#include "kafka/metadata.hpp"
#include "kafka/topics.hpp"

#include <utility>

namespace reviews::kafka {
namespace {

using clock = std::chrono::steady_clock;

/// The offset of every partition, index = partition, at one end of its log.
outcome<std::vector<std::int64_t>> offsets_at(rd_kafka_t* client, const std::string& topic, std::size_t count,
                                              std::int64_t end, clock::time_point deadline) {
  partitions_ptr list(rd_kafka_topic_partition_list_new(static_cast<int>(count)));
  for (std::size_t i = 0; i < count; ++i)
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), static_cast<std::int32_t>(i))->offset = end;
  // It takes the ends of a log for times, as the protocol does (ListOffsets: -1 and -2).
  if (const auto err = rd_kafka_offsets_for_times(client, list.get(), to_int(time_left(deadline))))
    return to_failure(err, topic, "the ends of the log");
  std::vector<std::int64_t> result(count);
  for (int i = 0; i < list->cnt; ++i) {
    const auto& each = list->elems[i];
    if (each.err)
      return to_failure(each.err, topic, "the ends of the log");
    result[static_cast<std::size_t>(each.partition)] = each.offset;
  }
  return result;
}

class kafka_log_source final : public log_source {
public:
  kafka_log_source(kafka_params params, std::string topic)
      : params_(std::move(params)), topic_(std::move(topic)) {}

  outcome<std::vector<partition_log>> look(std::chrono::milliseconds timeout) override {
    const auto deadline = clock::now() + timeout;
    if (!client_) {
      auto made = make_client(params_, role::admin, RD_KAFKA_EVENT_ERROR);
      if (!made)
        return made.error();
      client_ = std::move(*made);
    }
    auto seen = look_by(deadline);
    if (!seen)
      return explain(client_.get(), seen.error());
    forget_errors(client_.get());
    return seen;
  }

private:
  outcome<std::vector<partition_log>> look_by(clock::time_point deadline) {
    const auto metadata = topic_metadata(client_.get(), topic_, time_left(deadline));
    if (!metadata)
      return metadata.error();
    auto homes = homes_in((*metadata)->topics[0]);
    const auto begins = offsets_at(client_.get(), topic_, homes.size(), RD_KAFKA_OFFSET_BEGINNING, deadline);
    if (!begins)
      return begins.error();
    const auto ends = offsets_at(client_.get(), topic_, homes.size(), RD_KAFKA_OFFSET_END, deadline);
    if (!ends)
      return ends.error();
    std::vector<partition_log> result;
    for (std::size_t i = 0; i < homes.size(); ++i) {
      auto& home = homes[i];
      result.push_back(
          {(*begins)[i], (*ends)[i], home.leader, std::move(home.replicas), std::move(home.in_sync)});
    }
    return result;
  }

  kafka_params params_;
  std::string topic_;
  client_ptr client_;
};

} // namespace

log_source_factory make_log_source_factory(kafka_params params, std::string topic) {
  return [params = std::move(params), topic = std::move(topic)] {
    return std::make_unique<kafka_log_source>(params, topic);
  };
}

} // namespace reviews::kafka

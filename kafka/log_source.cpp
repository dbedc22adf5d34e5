#include "kafka/log_source.hpp"

#include "kafka/call.hpp"
#include "kafka/client_config.hpp"
#include "kafka/kafka_error.hpp"
#include "kafka/metadata.hpp"
#include "kafka/topics.hpp"

#include <map>
#include <utility>

namespace reviews::kafka {
namespace {

using clock = std::chrono::steady_clock;

/// The offset of each of these partitions, in their order, at one end of its log.
outcome<std::vector<std::int64_t>> offsets_at(rd_kafka_t* client, const std::string& topic,
                                              const std::vector<std::int32_t>& partitions, std::int64_t end,
                                              clock::time_point deadline) {
  partitions_ptr list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions.size())));
  for (const auto each : partitions)
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), each)->offset = end;
  // It takes the ends of a log for times, as the protocol does (ListOffsets: -1 and -2).
  if (const auto err = rd_kafka_offsets_for_times(client, list.get(), to_int(time_left(deadline))))
    return to_failure(err, topic, "the ends of the log");
  std::vector<std::int64_t> result;
  for (const auto partition : partitions) {
    const auto* each = rd_kafka_topic_partition_list_find(list.get(), topic.c_str(), partition);
    if (each->err)
      return to_failure(each->err, topic, "the ends of the log");
    result.push_back(each->offset);
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
    seen_.resize(homes.size());
    std::map<std::int32_t, std::vector<std::int32_t>> led; // by their leader
    for (std::size_t i = 0; i < homes.size(); ++i) {
      auto& home = homes[i];
      seen_[i].leader = -1; // until it has answered
      seen_[i].replicas = std::move(home.replicas);
      seen_[i].in_sync = std::move(home.in_sync);
      if (home.leader >= 0)
        led[home.leader].push_back(static_cast<std::int32_t>(i));
    }
    // Each on its own, within its share of the time: who does not answer hides nobody else.
    auto left = static_cast<int>(led.size());
    for (const auto& [leader, partitions] : led)
      if (auto asked = ask(leader, partitions, clock::now() + time_left(deadline) / left--); !asked)
        return asked.error();
    return seen_;
  }

  /// Fails only as nobody's absence would explain.
  outcome<void> ask(std::int32_t leader, const std::vector<std::int32_t>& partitions,
                    clock::time_point deadline) {
    const auto begins = offsets_at(client_.get(), topic_, partitions, RD_KAFKA_OFFSET_BEGINNING, deadline);
    const auto ends =
        begins ? offsets_at(client_.get(), topic_, partitions, RD_KAFKA_OFFSET_END, deadline) : begins;
    if (!ends && ends.error().code == ec::refused)
      return ends.error();
    if (!ends)
      return {};
    for (std::size_t i = 0; i < partitions.size(); ++i) {
      auto& seen = seen_[static_cast<std::size_t>(partitions[i])];
      seen.begin = (*begins)[i];
      seen.end = (*ends)[i];
      seen.leader = leader;
    }
    return {};
  }

  kafka_params params_;
  std::string topic_;
  client_ptr client_;
  std::vector<partition_log> seen_; ///< Index = partition.
};

} // namespace

log_source_factory make_log_source_factory(kafka_params params, std::string topic) {
  return [params = std::move(params), topic = std::move(topic)] {
    return std::make_unique<kafka_log_source>(params, topic);
  };
}

} // namespace reviews::kafka

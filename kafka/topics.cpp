#include "kafka/topics.hpp"

#include "kafka/call.hpp"
#include "kafka/client_config.hpp"
#include "kafka/kafka_error.hpp"
#include "kafka/metadata.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace reviews::kafka {
namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

using new_topic_ptr = std::unique_ptr<rd_kafka_NewTopic_t, destroyer<rd_kafka_NewTopic_destroy>>;
using options_ptr = std::unique_ptr<rd_kafka_AdminOptions_t, destroyer<rd_kafka_AdminOptions_destroy>>;

outcome<new_topic_ptr> make_new_topic(const topic_layout& layout) {
  if (layout.partitions < 1)
    return failure{ec::invalid,
                   layout.name + ": expected at least 1 partition, got " + std::to_string(layout.partitions)};
  std::array<char, 512> text{};
  new_topic_ptr topic(rd_kafka_NewTopic_new(layout.name.c_str(), layout.partitions, layout.replication_factor,
                                            text.data(), text.size()));
  if (!topic)
    return failure{ec::invalid, layout.name + ": expected a topic that can be created, got " + text.data()};
  for (const auto& [name, value] : layout.config)
    if (const auto err = rd_kafka_NewTopic_set_config(topic.get(), name.c_str(), value.c_str()))
      return to_failure(err, layout.name + " " + name, "a topic setting");
  return topic;
}

/// Hears what the brokers say of the one topic asked for.
outcome<void> result_of(rd_kafka_event_t* event, const std::string& name) {
  if (const auto err = rd_kafka_event_error(event)) {
    const char* text = rd_kafka_event_error_string(event);
    return to_failure(err, name, "the topic to be created", text ? text : "");
  }
  std::size_t count = 0;
  const auto** topics =
      rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto err = rd_kafka_topic_result_error(topics[i]);
    const char* text = rd_kafka_topic_result_error_string(topics[i]);
    if (err && err != RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
      return to_failure(err, name, "the topic to be created", text ? text : "");
  }
  return {};
}

outcome<void> create(rd_kafka_t* client, const topic_layout& layout, clock::time_point deadline) {
  auto topic = make_new_topic(layout);
  if (!topic)
    return topic.error();
  queue_ptr queue(rd_kafka_queue_new(client));
  options_ptr options(rd_kafka_AdminOptions_new(client, RD_KAFKA_ADMIN_OP_CREATETOPICS));
  std::array<char, 256> text{};
  const auto timeout = std::max(to_int(time_left(deadline)), 1);
  rd_kafka_AdminOptions_set_request_timeout(options.get(), timeout, text.data(), text.size());
  rd_kafka_AdminOptions_set_operation_timeout(options.get(), timeout, text.data(), text.size());
  std::array<rd_kafka_NewTopic_t*, 1> topics = {topic->get()};
  rd_kafka_CreateTopics(client, topics.data(), topics.size(), options.get(), queue.get());
  event_ptr event(rd_kafka_queue_poll(queue.get(), timeout + 1000));
  if (!event)
    return failure{ec::unavailable, layout.name + ": expected an answer to its creation in time, got none"};
  return result_of(event.get(), layout.name);
}

/// A client and what it was told of a topic.
struct known_topic {
  client_ptr client;
  metadata_ptr metadata;
  std::int32_t partitions = 0;
};

outcome<known_topic> look_up(const kafka_params& params, role r, const std::string& topic,
                             clock::time_point deadline) {
  auto client = make_client(params, r, RD_KAFKA_EVENT_ERROR);
  if (!client)
    return client.error();
  auto metadata = topic_metadata(client->get(), topic, time_left(deadline));
  if (!metadata)
    return explain(client->get(), metadata.error());
  const auto partitions = (*metadata)->topics[0].partition_cnt;
  return known_topic{std::move(*client), std::move(*metadata), partitions};
}

} // namespace

outcome<void> ensure_topic(const kafka_params& params, const topic_layout& layout,
                           std::chrono::milliseconds timeout) {
  const auto deadline = clock::now() + timeout;
  auto client = make_client(params, role::admin, RD_KAFKA_EVENT_ERROR);
  if (!client)
    return client.error();
  if (auto created = create(client->get(), layout, deadline); !created)
    return explain(client->get(), created.error());
  if (auto known = partition_count(client->get(), layout.name, time_left(deadline)); !known)
    return explain(client->get(), known.error());
  return {};
}

outcome<std::vector<offset_range>> ranges_of(const kafka_params& params, const std::string& topic,
                                             std::chrono::milliseconds timeout) {
  const auto deadline = clock::now() + timeout;
  const auto known = look_up(params, role::reader, topic, deadline);
  if (!known)
    return known.error();
  std::vector<offset_range> result;
  for (std::int32_t partition = 0; partition < known->partitions; ++partition) {
    const auto range = range_of(known->client.get(), topic, partition, time_left(deadline));
    if (!range)
      return explain(known->client.get(), range.error());
    result.push_back(*range);
  }
  return result;
}

outcome<std::vector<partition_home>> homes_of(const kafka_params& params, const std::string& topic,
                                              std::chrono::milliseconds timeout) {
  const auto deadline = clock::now() + timeout;
  const auto known = look_up(params, role::admin, topic, deadline);
  if (!known)
    return known.error();
  return homes_in(known->metadata->topics[0]);
}

outcome<std::vector<std::optional<std::int64_t>>> offsets_since(const kafka_params& params,
                                                                const std::string& topic, timestamp when,
                                                                std::chrono::milliseconds timeout) {
  const auto deadline = clock::now() + timeout;
  const auto known = look_up(params, role::reader, topic, deadline);
  if (!known)
    return known.error();
  // The log cuts times off to the millisecond: rather one record more than one left out.
  const auto since = std::chrono::floor<milliseconds>(when.time_since_epoch()).count();
  partitions_ptr list(rd_kafka_topic_partition_list_new(known->partitions));
  for (std::int32_t partition = 0; partition < known->partitions; ++partition)
    rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), partition)->offset =
        std::max<std::int64_t>(since, 0);
  if (const auto err =
          rd_kafka_offsets_for_times(known->client.get(), list.get(), to_int(time_left(deadline))))
    return explain(known->client.get(), to_failure(err, topic, "offsets of a time"));
  std::vector<std::optional<std::int64_t>> found(static_cast<std::size_t>(known->partitions));
  for (int i = 0; i < list->cnt; ++i) {
    const auto& each = list->elems[i];
    if (each.err)
      return to_failure(each.err, topic, "offsets of a time");
    if (each.offset >= 0)
      found[static_cast<std::size_t>(each.partition)] = each.offset;
  }
  return found;
}

} // namespace reviews::kafka

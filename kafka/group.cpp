#include "kafka/group.hpp"

#include "kafka/call.hpp"
#include "kafka/client_config.hpp"
#include "kafka/kafka_error.hpp"
#include "kafka/metadata.hpp"

#include <array>

namespace reviews::kafka {
namespace {

using clock = std::chrono::steady_clock;
using options_ptr = std::unique_ptr<rd_kafka_AdminOptions_t, destroyer<rd_kafka_AdminOptions_destroy>>;

std::string text_of(const char* text) {
  return text ? text : "";
}

group_member member_of(const rd_kafka_MemberDescription_t* from, const std::string& topic) {
  group_member member{text_of(rd_kafka_MemberDescription_consumer_id(from)),
                      text_of(rd_kafka_MemberDescription_client_id(from)),
                      text_of(rd_kafka_MemberDescription_group_instance_id(from)),
                      text_of(rd_kafka_MemberDescription_host(from)),
                      {}};
  const auto* assignment = rd_kafka_MemberDescription_assignment(from);
  const auto* list = assignment ? rd_kafka_MemberAssignment_partitions(assignment) : nullptr;
  for (int i = 0; list && i < list->cnt; ++i)
    if (topic == list->elems[i].topic)
      member.partitions.push_back(list->elems[i].partition);
  return member;
}

outcome<group_description> description_of(rd_kafka_event_t* event, const kafka_params& params) {
  if (const auto err = rd_kafka_event_error(event))
    return to_failure(err, params.group_id, "the group's description",
                      text_of(rd_kafka_event_error_string(event)));
  std::size_t count = 0;
  const auto** groups = rd_kafka_DescribeConsumerGroups_result_groups(
      rd_kafka_event_DescribeConsumerGroups_result(event), &count);
  if (count != 1)
    return failure{ec::broken, params.group_id + ": expected one description, got " + std::to_string(count)};
  if (const auto* error = rd_kafka_ConsumerGroupDescription_error(groups[0]))
    return to_failure(rd_kafka_error_code(error), params.group_id, "the group's description",
                      rd_kafka_error_string(error));
  group_description result{
      rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupDescription_state(groups[0])), {}};
  for (std::size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(groups[0]); ++i)
    result.members.push_back(member_of(rd_kafka_ConsumerGroupDescription_member(groups[0], i), params.topic));
  return result;
}

} // namespace

outcome<group_description> describe_group(const kafka_params& params, std::chrono::milliseconds timeout) {
  const auto deadline = clock::now() + timeout;
  auto client = make_client(params, role::admin, RD_KAFKA_EVENT_ERROR);
  if (!client)
    return client.error();
  queue_ptr queue(rd_kafka_queue_new(client->get()));
  options_ptr options(rd_kafka_AdminOptions_new(client->get(), RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS));
  std::array<char, 256> text{};
  const auto limit = to_int(time_left(deadline));
  rd_kafka_AdminOptions_set_request_timeout(options.get(), limit, text.data(), text.size());
  std::array<const char*, 1> groups = {params.group_id.c_str()};
  rd_kafka_DescribeConsumerGroups(client->get(), groups.data(), groups.size(), options.get(), queue.get());
  event_ptr event(rd_kafka_queue_poll(queue.get(), limit + 1000));
  auto answer =
      event ? description_of(event.get(), params)
            : failure{ec::unavailable, params.group_id + ": expected its description in time, got none"};
  if (!answer)
    return explain(client->get(), answer.error());
  return answer;
}

outcome<std::vector<std::optional<std::int64_t>>>
committed_offsets(const kafka_params& params, std::size_t partitions, std::chrono::milliseconds timeout) {
  auto client = make_client(params, role::reader, RD_KAFKA_EVENT_ERROR);
  if (!client)
    return client.error();
  partitions_ptr list(rd_kafka_topic_partition_list_new(static_cast<int>(partitions)));
  for (std::size_t partition = 0; partition < partitions; ++partition)
    rd_kafka_topic_partition_list_add(list.get(), params.topic.c_str(), static_cast<std::int32_t>(partition));
  if (const auto err = rd_kafka_committed(client->get(), list.get(), to_int(timeout)))
    return explain(client->get(), to_failure(err, params.group_id, "committed offsets"));
  std::vector<std::optional<std::int64_t>> found(partitions);
  for (int i = 0; i < list->cnt; ++i) {
    const auto& each = list->elems[i];
    if (each.err)
      return to_failure(each.err, params.group_id, "committed offsets");
    if (each.offset >= 0)
      found[static_cast<std::size_t>(each.partition)] = each.offset;
  }
  return found;
}

} // namespace reviews::kafka

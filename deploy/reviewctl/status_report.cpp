#include "deploy/reviewctl/status_report.hpp"

#include "deploy/reviewctl/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>

namespace reviews::ctl {

namespace json = boost::json;

namespace {

std::string joined(const std::vector<std::int32_t>& numbers) {
  std::string text;
  for (const auto number : numbers)
    text += (text.empty() ? "" : ",") + std::to_string(number);
  return text.empty() ? "-" : text;
}

std::string text_of(std::optional<std::int64_t> offset) {
  return offset ? std::to_string(*offset) : "-";
}

json::value value_of(std::optional<std::int64_t> offset) {
  return offset ? json::value(*offset) : json::value(nullptr);
}

/// What an operator knows a member by.
std::string name_of(const kafka::group_member& member) {
  return member.instance_id.empty() ? member.member_id : member.instance_id;
}

std::int64_t sum_lag(const pipeline_status& status) {
  std::int64_t sum = 0;
  for (const auto& each : status.partitions)
    sum += each.lag_records;
  return sum;
}

std::chrono::seconds longest_lag(const pipeline_status& status) {
  std::chrono::seconds longest{0};
  for (const auto& each : status.partitions)
    longest = std::max(longest, each.lag_time);
  return longest;
}

std::string row_of(const partition_status& each) {
  const auto& view = each.view;
  return padded(std::to_string(view.partition), 11) +
         padded(each.owner ? "#" + std::to_string(*each.owner + 1) : "-", 7) +
         padded(std::to_string(each.home.leader), 8) + padded(joined(each.home.replicas), 10) +
         padded(joined(each.home.in_sync), 9) + padded(std::to_string(view.log.begin), 11) +
         padded(std::to_string(view.log.end), 11) + padded(text_of(view.stored), 13) +
         padded(text_of(view.committed), 11) + padded(std::to_string(each.lag_records), 9) +
         padded(std::to_string(each.lag_time.count()) + " s", 9) +
         padded(std::to_string(each.dead_letters_count), 14) + (each.trouble.empty() ? "ok" : each.trouble) +
         "\n";
}

json::object fields_of(const partition_status& each, const std::vector<kafka::group_member>& members) {
  const auto& view = each.view;
  return {{"partition", view.partition},
          {"owner", each.owner ? json::value(members[*each.owner].member_id) : json::value(nullptr)},
          {"leader", each.home.leader},
          {"replicas", json::array(each.home.replicas.begin(), each.home.replicas.end())},
          {"in_sync", json::array(each.home.in_sync.begin(), each.home.in_sync.end())},
          {"begin", view.log.begin},
          {"end", view.log.end},
          {"next_offset", value_of(view.stored)},
          {"committed", value_of(view.committed)},
          {"lag_records", each.lag_records},
          {"lag_seconds", each.lag_time.count()},
          {"dead_letters", each.dead_letters_count},
          {"trouble", each.trouble}};
}

} // namespace

std::string to_text(const pipeline_status& status) {
  const auto& members = status.group.members;
  auto text = "topic " + status.topic + ", group " + status.group_id + ": " + status.group.state + ", " +
              std::to_string(members.size()) + " members\n";
  for (std::size_t i = 0; i < members.size(); ++i)
    text += "  #" + std::to_string(i + 1) + " " + name_of(members[i]) + " (" + members[i].client_id +
            ") at " + members[i].host + ": " + std::to_string(members[i].partitions.size()) + " partitions\n";
  text += "\n" + padded("partition", 11) + padded("owner", 7) + padded("leader", 8) + padded("replicas", 10) +
          padded("in_sync", 9) + padded("begin", 11) + padded("end", 11) + padded("next_offset", 13) +
          padded("committed", 11) + padded("lag", 9) + padded("behind", 9) + padded("dead_letters", 14) +
          "state\n";
  for (const auto& each : status.partitions)
    text += row_of(each);
  return text + "\nlag " + std::to_string(sum_lag(status)) + " records, the oldest of " +
         std::to_string(longest_lag(status).count()) + " s; " + std::to_string(status.dead_letters_count) +
         " open dead letters; " +
         (status.stands_still() ? "something stands still: see state\n" : "all moves\n");
}

std::string to_json(const pipeline_status& status) {
  json::array members;
  for (const auto& each : status.group.members)
    members.push_back({{"member_id", each.member_id},
                       {"client_id", each.client_id},
                       {"instance_id", each.instance_id},
                       {"host", each.host},
                       {"partitions", json::array(each.partitions.begin(), each.partitions.end())}});
  json::array partitions;
  for (const auto& each : status.partitions)
    partitions.push_back(fields_of(each, status.group.members));
  return json::serialize(json::object{{"ok", !status.stands_still()},
                                      {"topic", status.topic},
                                      {"group_id", status.group_id},
                                      {"group_state", status.group.state},
                                      {"members", std::move(members)},
                                      {"partitions", std::move(partitions)},
                                      {"lag_records", sum_lag(status)},
                                      {"lag_seconds", longest_lag(status).count()},
                                      {"dead_letters", status.dead_letters_count}});
}

} // namespace reviews::ctl

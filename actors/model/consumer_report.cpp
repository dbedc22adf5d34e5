#include "actors/model/consumer_report.hpp"

#include "actors/model/commit_notice.hpp"
#include "actors/model/json_members.hpp"
#include "actors/model/json_write.hpp"

#include <boost/json/parse.hpp>

#include <array>

namespace reviews {

namespace {

using namespace json_members;
using namespace json_write;

constexpr std::array<std::string_view, 4> state_names{"starting", "running", "paused", "stopped"};
constexpr std::string_view report_end = "]}";

partition_state read_state(std::string_view name) {
  for (std::size_t i = 0; i < state_names.size(); ++i)
    if (state_names[i] == name)
      return static_cast<partition_state>(i);
  throw std::invalid_argument("state");
}

std::string begin_of(const consumer_report& report) {
  std::string out;
  append_text(out, R"({"topic")", report.topic);
  append_text(out, R"(,"group")", report.group);
  append_text(out, R"(,"consumer")", report.consumer);
  append_number(out, R"(,"at")", report.at.time_since_epoch().count());
  append_number(out, R"(,"rebalances")", static_cast<std::int64_t>(report.rebalances));
  return out.append(R"(,"partitions":[)");
}

std::string text_of(const partition_report& of) {
  std::string out = "[" + std::to_string(of.partition) + ",";
  append_json_string(out, of.actor);
  out.push_back(',');
  append_json_string(out, to_string(of.state));
  out.push_back(',');
  append_json_string(out, of.reason);
  return out.append("]");
}

partition_report read_partition(const boost::json::value& from) {
  const auto& parts = list(from);
  if (parts.size() < 4)
    throw std::invalid_argument("partition");
  partition_report result;
  result.partition = static_cast<std::int32_t>(number(parts[0]));
  result.actor = text(parts[1]);
  result.state = read_state(text(parts[2]));
  result.reason = text(parts[3]);
  return result;
}

consumer_report read_report(const boost::json::value& from) {
  consumer_report result;
  result.topic = text(from, "topic");
  result.group = text(from, "group");
  result.consumer = text(from, "consumer");
  result.at = timestamp(std::chrono::microseconds(number(from, "at")));
  result.rebalances = static_cast<std::size_t>(number(from, "rebalances"));
  for (const auto& each : list(member(from, "partitions")))
    result.partitions.push_back(read_partition(each));
  return result;
}

} // namespace

std::string_view to_string(partition_state state) noexcept {
  return state_names[static_cast<std::size_t>(state)];
}

std::vector<std::string> to_payloads(const consumer_report& report) {
  const auto begin = begin_of(report);
  std::vector<std::string> result{begin};
  bool is_first = true;
  for (const auto& each : report.partitions) {
    const auto text = text_of(each);
    if (!is_first && result.back().size() + 1 + text.size() + report_end.size() > notice_bytes_max) {
      result.push_back(begin);
      is_first = true;
    }
    result.back().append(is_first ? "" : ",").append(text);
    is_first = false;
  }
  for (auto& each : result)
    each += report_end;
  return result;
}

outcome<consumer_report> parse_consumer_report(std::string_view payload) {
  try {
    return read_report(boost::json::parse({payload.data(), payload.size()}));
  } catch (const std::exception& wrong) {
    return failure{
        ec::invalid, std::string("consumer report: expected one, got a fault at ") + wrong.what(), {}};
  }
}

} // namespace reviews

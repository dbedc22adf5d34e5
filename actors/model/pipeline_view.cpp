#include "actors/model/pipeline_view.hpp"

#include "actors/model/json_write.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

namespace reviews {

namespace {

using namespace json_write;

constexpr std::chrono::seconds rate_window{3};
/// No report is under way for longer; one that is older tells of a clock set back.
constexpr std::chrono::minutes report_delay_max{1};

void append_name(std::string& out, const std::string* name) {
  if (name && !name->empty())
    append_json_string(out, *name);
  else
    out += "null";
}

void append_rate(std::string& out, std::string_view quoted_name, double value) {
  std::array<char, 64> digits{};
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, 1).ptr;
  out.append(quoted_name).append(":").append(digits.data(), end);
}

void append_list(std::string& out, std::string_view quoted_name, const std::vector<std::int32_t>& numbers) {
  out.append(quoted_name).append(":[");
  for (std::size_t i = 0; i < numbers.size(); ++i)
    out.append(i == 0 ? "" : ",").append(std::to_string(numbers[i]));
  out.push_back(']');
}

std::string_view reachability(bool is_reachable) {
  return is_reachable ? "reachable" : "unreachable";
}

} // namespace

void growth_rate::note(std::int64_t total, time_point now) {
  if (!seen_.empty() && total < seen_.back().second)
    seen_.clear();
  seen_.emplace_back(now, total);
  while (seen_.size() > 2 && seen_[1].first + rate_window <= now)
    seen_.pop_front();
}

double growth_rate::value() const {
  if (seen_.size() < 2)
    return 0;
  const std::chrono::duration<double> took = seen_.back().first - seen_.front().first;
  return took.count() > 0 ? static_cast<double>(seen_.back().second - seen_.front().second) / took.count()
                          : 0;
}

void pipeline_view::log_seen(std::vector<partition_log> log, time_point now) {
  log_ = std::move(log);
  is_kafka_reachable_ = true;
  published_rate_.note(std::accumulate(log_.begin(), log_.end(), std::int64_t{0},
                                       [](std::int64_t sum, const auto& each) { return sum + each.end; }),
                       now);
}

void pipeline_view::database_changed(bool is_reachable, time_point now) {
  if (is_reachable && !is_database_reachable_)
    for (auto& [name, each] : consumers_)
      each.heard_at = now;
  is_database_reachable_ = is_reachable;
}

void pipeline_view::stored(const commit_notice& what, time_point now) {
  note_offset(what.partition, what.next_offset, now);
  stored_total_ += static_cast<std::int64_t>(what.inserted);
  if (auto found = consumers_.find(what.by.consumer); found != consumers_.end())
    found->second.heard_at = now;
}

void pipeline_view::note_offset(std::int32_t partition, std::int64_t next_offset, time_point now) {
  stored_[partition] = {next_offset, now};
}

void pipeline_view::offsets_read(const std::vector<stored_offset>& offsets, time_point asked_at) {
  for (const auto& each : offsets) {
    auto& known = stored_[each.partition];
    if (known.moved_at < asked_at)
      known.next_offset = each.next_offset;
  }
}

void pipeline_view::reported(const consumer_report& what, time_point now) {
  auto& known = consumers_[what.consumer];
  if (what.at < known.report_at && known.report_at - what.at < report_delay_max)
    return;
  if (known.report_at != what.at)
    known.partitions.clear();
  known.report_at = what.at;
  known.rebalances = what.rebalances;
  known.heard_at = now;
  for (const auto& each : what.partitions)
    known.partitions.insert_or_assign(each.partition, each);
}

void pipeline_view::judge_silence(time_point now) {
  for (auto& [name, each] : consumers_)
    each.is_gone = is_database_reachable_ && each.heard_at + consumer_silence_max < now;
  if (is_database_reachable_)
    std::erase_if(consumers_, [&](const auto& each) { return each.second.heard_at + consumer_memory < now; });
}

pipeline_view::owner pipeline_view::owner_of(std::int32_t partition) const {
  owner result;
  timestamp newest{};
  for (const auto& [name, each] : consumers_) {
    const auto found = each.partitions.find(partition);
    if (each.is_gone || found == each.partitions.end() || (result.name && each.report_at < newest))
      continue;
    result = {&name, &found->second};
    newest = each.report_at;
  }
  return result;
}

void pipeline_view::append_partition(std::string& out, std::int32_t partition,
                                     const partition_log& log) const {
  const auto known = stored_.find(partition);
  const auto stored = known == stored_.end() ? log.begin : known->second.next_offset;
  const auto whose = owner_of(partition);
  append_number(out, R"({"partition")", partition);
  append_number(out, R"(,"log_start")", log.begin);
  append_number(out, R"(,"log_end")", log.end);
  append_number(out, R"(,"stored")", stored);
  append_number(out, R"(,"lag")", std::max<std::int64_t>(log.end - stored, 0));
  append_number(out, R"(,"leader")", log.leader);
  append_list(out, R"(,"replicas")", log.replicas);
  append_list(out, R"(,"in_sync")", log.in_sync);
  out += R"(,"consumer":)";
  append_name(out, whose.name);
  out += R"(,"actor":)";
  append_name(out, whose.what ? &whose.what->actor : nullptr);
  out.append(R"(,"state":")").append(whose.what ? to_string(whose.what->state) : "unassigned");
  append_text(out, R"(","reason")", whose.what ? std::string_view(whose.what->reason) : std::string_view());
  out.push_back('}');
}

void pipeline_view::append_consumers(std::string& out) const {
  for (const auto& [name, each] : consumers_) {
    if (each.is_gone)
      continue;
    append_text(out, out.back() == '[' ? R"({"consumer")" : R"(,{"consumer")", name);
    std::vector<std::int32_t> partitions;
    for (const auto& [partition, what] : each.partitions)
      partitions.push_back(partition);
    append_list(out, R"(,"partitions")", partitions);
    append_number(out, R"(,"rebalances")", static_cast<std::int64_t>(each.rebalances));
    out.push_back('}');
  }
}

std::string pipeline_view::to_json(timestamp at, std::size_t listeners, time_point now) {
  judge_silence(now);
  stored_rate_.note(stored_total_, now);
  std::string out;
  append_time(out, R"({"at")", at);
  append_text(out, R"(,"topic")", topic_);
  append_text(out, R"(,"group")", group_);
  out.append(R"(,"kafka":")").append(reachability(is_kafka_reachable_));
  out.append(R"(","database":")").append(reachability(is_database_reachable_));
  out += R"(","partitions":[)";
  for (std::size_t i = 0; i < log_.size(); ++i) {
    out.append(i == 0 ? "" : ",");
    append_partition(out, static_cast<std::int32_t>(i), log_[i]);
  }
  out += R"(],"consumers":[)";
  append_consumers(out);
  append_rate(out, R"(],"rates":{"stored_per_second")", stored_rate_.value());
  append_rate(out, R"(,"published_per_second")", published_rate_.value());
  append_number(out, R"(},"listeners")", static_cast<std::int64_t>(listeners));
  out.push_back('}');
  return out;
}

} // namespace reviews

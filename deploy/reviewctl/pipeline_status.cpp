#include "deploy/reviewctl/pipeline_status.hpp"

#include "actors/model/review_json.hpp"
#include "kafka/topic_reader.hpp"

#include <algorithm>
#include <variant>

namespace reviews::ctl {

using namespace std::chrono_literals;

namespace {

constexpr auto ask_timeout = 10s;
constexpr auto stall_timeout = 30s;

/// When the producer took the review in; of a record that is none, when it was written.
timestamp taken_in_at(const kafka::topic_record& each, review_decoder& decoder) {
  if (each.value) {
    const auto decoded = decoder.decode_stored(*each.value);
    if (const auto* found = std::get_if<review>(&decoded))
      return found->created_at;
  }
  return each.written_at;
}

void assign_owners(pipeline_status& into) {
  for (std::size_t member = 0; member < into.group.members.size(); ++member)
    for (const auto partition : into.group.members[member].partitions)
      if (partition >= 0 && static_cast<std::size_t>(partition) < into.partitions.size())
        into.partitions[static_cast<std::size_t>(partition)].owner = member;
}

} // namespace

bool pipeline_status::stands_still() const {
  return std::any_of(partitions.begin(), partitions.end(),
                     [](const partition_status& each) { return !each.trouble.empty(); });
}

std::string trouble_of(const partition_status& what, timestamp now, std::chrono::seconds patience) {
  if (what.home.leader < 0)
    return "no leader";
  if (what.view.gone_count() > 0)
    return "offset gone: " + std::to_string(what.view.gone_count()) + " records removed by retention";
  if (what.view.is_outside())
    return "offset beyond the log";
  if (what.lag_records == 0)
    return {};
  if (!what.owner)
    return "no owner";
  const bool has_moved = what.view.stored_at && now - *what.view.stored_at <= patience;
  return what.lag_time > patience && !has_moved ? "stands still" : "";
}

outcome<pipeline_status> pipeline_watch::look() {
  pipeline_status status{servers_.kafka.topic, servers_.kafka.group_id, {}, {}, 0};
  auto homes = kafka::homes_of(servers_.kafka, servers_.kafka.topic, ask_timeout);
  if (!homes)
    return homes.error();
  auto group = kafka::describe_group(servers_.kafka, ask_timeout);
  if (!group)
    return group.error();
  const auto views = view_partitions(servers_);
  if (!views)
    return views.error();
  status.group = std::move(*group);
  for (std::size_t i = 0; i < views->size(); ++i) {
    partition_status each;
    each.view = (*views)[i];
    if (i < homes->size())
      each.home = std::move((*homes)[i]);
    status.partitions.push_back(std::move(each));
  }
  assign_owners(status);
  const auto now = now_utc();
  if (auto looked = look_at_oldest(status.partitions, now); !looked)
    return looked.error();
  if (auto looked = look_at_dead_letters(status); !looked)
    return looked.error();
  for (auto& each : status.partitions)
    each.trouble = trouble_of(each, now, patience_);
  return status;
}

outcome<void> pipeline_watch::look_at_oldest(std::vector<partition_status>& partitions, timestamp now) const {
  std::vector<offset_range> unstored;
  for (const auto& each : partitions)
    unstored.push_back({std::max(each.view.position(), each.view.log.begin), each.view.log.end});
  review_decoder decoder;
  const auto walked = kafka::read_ranges(
      servers_.kafka, servers_.kafka.topic, unstored,
      [&](const kafka::topic_record& oldest) {
        auto& each = partitions[static_cast<std::size_t>(oldest.partition)];
        each.lag_records = each.view.lag();
        const auto age = std::chrono::floor<std::chrono::seconds>(now - taken_in_at(oldest, decoder));
        each.lag_time = std::max(age, 0s);
        return false;
      },
      stall_timeout);
  return walked ? outcome<void>() : outcome<void>(walked.error());
}

outcome<void> pipeline_watch::look_at_dead_letters(pipeline_status& into) {
  auto seen = scan_into(servers_.kafka, letters_seen_, letters_);
  if (!seen)
    return seen.error();
  letters_seen_ = std::move(*seen);
  for (const auto& [partition, count] : letters_.open_by_origin()) {
    into.dead_letters_count += count;
    if (partition >= 0 && static_cast<std::size_t>(partition) < into.partitions.size())
      into.partitions[static_cast<std::size_t>(partition)].dead_letters_count = count;
  }
  return {};
}

} // namespace reviews::ctl

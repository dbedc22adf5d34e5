#include "deploy/reviewctl/partition_view.hpp"

#include "db/verification.hpp"
#include "kafka/group.hpp"
#include "kafka/topics.hpp"

#include <algorithm>

namespace reviews::ctl {

using namespace std::chrono_literals;

namespace {

constexpr auto ask_timeout = 10s;

} // namespace

std::int64_t partition_view::lag() const {
  return std::max<std::int64_t>(log.end - std::max(position(), log.begin), 0);
}

std::int64_t partition_view::gone_count() const {
  return std::max<std::int64_t>(log.begin - position(), 0);
}

outcome<std::vector<partition_view>> view_partitions(const server_settings& servers) {
  auto tables = verification::open(servers.database);
  if (!tables)
    return tables.error();
  const auto offsets = (*tables)->offsets();
  if (!offsets)
    return offsets.error();
  const auto ranges = kafka::ranges_of(servers.kafka, servers.kafka.topic, ask_timeout);
  if (!ranges)
    return ranges.error();
  const auto committed = kafka::committed_offsets(servers.kafka, ranges->size(), ask_timeout);
  if (!committed)
    return committed.error();
  std::vector<partition_view> views(ranges->size());
  for (std::size_t i = 0; i < views.size(); ++i)
    views[i] = {static_cast<std::int32_t>(i), (*ranges)[i], std::nullopt, std::nullopt, (*committed)[i]};
  for (const auto& each : *offsets) {
    const auto index = static_cast<std::size_t>(each.partition);
    if (each.group_id != servers.kafka.group_id || each.topic != servers.kafka.topic || index >= views.size())
      continue;
    views[index].stored = each.next_offset;
    views[index].stored_at = each.updated_at;
  }
  return views;
}

} // namespace reviews::ctl

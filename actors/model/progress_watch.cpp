#include "actors/model/progress_watch.hpp"

#include <utility>

namespace reviews {

std::vector<progress_watch::finding> progress_watch::look(const std::vector<partition_sight>& sights,
                                                          time_point now) {
  std::map<std::int32_t, memory> seen;
  std::vector<finding> result;
  for (const auto& each : sights) {
    auto known = partitions_.find(each.partition);
    auto& mine = seen[each.partition] =
        known != partitions_.end() ? std::move(known->second) : memory{each, now, now};
    result.push_back(judge(each, mine, now));
  }
  partitions_ = std::move(seen);
  return result;
}

progress_watch::finding progress_watch::judge(const partition_sight& sight, memory& of,
                                              time_point now) const {
  const bool has_moved = sight.stored_offset != of.last.stored_offset;
  const bool is_idle = !of.last.has_work || !sight.has_work;
  if (has_moved || is_idle)
    of.moved_at = now;
  if (has_moved || is_idle || sight.epoch != of.last.epoch || sight.signs_of_life != of.last.signs_of_life)
    of.alive_at = now;
  of.last = sight;
  finding result{sight.partition, sight.holder, now - of.moved_at, false};
  if (!sight.is_stopped && now - of.alive_at >= stuck_after_) {
    result.is_stuck = true;
    of.alive_at = now; // whoever takes over has as long
  }
  return result;
}

} // namespace reviews

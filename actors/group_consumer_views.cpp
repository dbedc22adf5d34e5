// What GROUP CONSUMER shows of its partitions: to WATCHDOG, to whoever listens, and their lag.

#include "actors/group_consumer.hpp"

#include <algorithm>
#include <limits>

namespace reviews {

namespace {

constexpr std::chrono::milliseconds look_timeout{500};
constexpr std::uint64_t ticks_a_broker_look = 5;

} // namespace

std::optional<std::int64_t> group_consumer_state::assignment::next_to_store() const {
  return stored_offset || !is_offset_read ? stored_offset : log_begin;
}

// By what was fetched, and by the broker where that does not tell.
void group_consumer_state::look_at_log(std::int32_t partition, assignment& mine, bool is_look_due) {
  const auto fetched_end = mine.queue ? mine.queue->end_offset() : -1;
  mine.end_offset = std::max(fetched_end, mine.end_offset);
  const auto next = mine.next_to_store();
  // Who is full or stopped does not fetch, and so does not see the log grow.
  const bool may_have_grown = is_look_due && (!mine.queue || fetched_end > next.value_or(-1));
  const bool lacks_begin = fetched_end >= 0 && !next;
  if (!is_broker_answering_ || !mine.is_offset_read || (!may_have_grown && !lacks_begin))
    return;
  const auto range = client_->range_of(partition, look_timeout);
  is_broker_answering_ = range.has_value();
  if (range) {
    mine.log_begin = range->begin;
    mine.end_offset = std::max(mine.end_offset, range->end);
  }
}

void group_consumer_state::show_lag() {
  if (!client_)
    return;
  const bool is_look_due = ++ticks_ % ticks_a_broker_look == 0;
  is_broker_answering_ = is_broker_answering_ || is_look_due;
  for (auto& [partition, mine] : assignments_) {
    look_at_log(partition, mine, is_look_due);
    const auto next = mine.next_to_store();
    const bool is_known = next && mine.end_offset >= 0;
    setup_.metrics->of(partition).lag_records.Set(
        is_known ? static_cast<double>(std::max<std::int64_t>(mine.end_offset - *next, 0))
                 : std::numeric_limits<double>::quiet_NaN());
  }
}

// Of one that is not ours any more.
void group_consumer_state::show_nothing(std::int32_t partition) {
  auto& metrics = setup_.metrics->of(partition);
  metrics.paused.Set(0);
  metrics.stopped.Set(0);
  metrics.lag_records.Set(0);
}

std::vector<partition_sight> group_consumer_state::sights() const {
  std::vector<partition_sight> result;
  for (const auto& [partition, mine] : assignments_) {
    // While nobody knows what is stored there may be work: a partition that is not served must show.
    const auto next = mine.next_to_store();
    const bool has_work =
        mine.queue ? mine.queue->holds_work(next.value_or(0)) : !next || mine.end_offset > *next;
    result.push_back({partition, mine.epoch, mine.holder, mine.stored_offset, has_work, mine.signs_of_life,
                      mine.is_stopped});
  }
  return result;
}

partitions_reported group_consumer_state::report() const {
  partitions_reported result{rebalances_, {}};
  for (const auto& [partition, mine] : assignments_) {
    partition_report shown;
    shown.partition = partition;
    if (mine.holder)
      shown.actor = "consumer-" + std::to_string(*mine.holder);
    if (mine.is_stopped)
      shown.state = partition_state::stopped;
    else if (mine.trouble)
      shown.state = partition_state::paused;
    else
      shown.state = mine.queue ? partition_state::running : partition_state::starting;
    if (mine.trouble)
      shown.reason = to_string(*mine.trouble);
    result.partitions.push_back(std::move(shown));
  }
  return result;
}

void group_consumer_state::count_rebalance() {
  ++rebalances_;
  setup_.metrics->rebalances_total.Increment();
}

} // namespace reviews

// What GROUP CONSUMER shows of its partitions: to WATCHDOG, and to whoever listens.

#include "actors/group_consumer.hpp"

namespace reviews {

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

// How GROUP CONSUMER takes partitions back from its consumers: when the group
// revokes them, and when another number of consumers shares them.

#include "actors/group_consumer.hpp"

#include "actors/error.hpp"
#include "actors/model/log.hpp"

#include <utility>

namespace reviews {

// Calls `then` when the consumer has released them, has ended or does not answer.
void group_consumer_state::ask_to_release(std::size_t index, std::vector<std::int32_t> partitions,
                                          std::function<void()> then) {
  auto to = setup_.consumers->at(index);
  if (!to) {
    then();
    return;
  }
  ++releases_count_;
  auto done = [this, then = std::move(then)] {
    --releases_count_;
    then();
    answer_resizes();
  };
  self_->request(to, setup_.release_timeout, release_partitions{std::move(partitions)})
      .then([done](partitions_released) { done(); },
            [done](const caf::error& why) {
              log::warning("release_unfinished", {{"reason", to_failure(why).detail}});
              done();
            });
}

void group_consumer_state::release(std::vector<std::int32_t> partitions, std::function<void()> then) {
  std::map<std::size_t, std::vector<std::int32_t>> shares;
  for (auto partition : partitions)
    if (auto found = assignments_.find(partition); found != assignments_.end() && found->second.holder)
      shares[*found->second.holder].push_back(partition);
  auto missing = std::make_shared<std::size_t>(1);
  auto done = [missing, then = std::move(then)] {
    if (--*missing == 0)
      then();
  };
  for (auto& [index, share] : shares) {
    ++*missing;
    ask_to_release(index, std::move(share), done);
  }
  done();
}

void group_consumer_state::handle(const partitions_revoked& what) {
  count_rebalance();
  log::info("partitions_revoked", {{"count", what.partitions.size()}, {"lost", what.lost}});
  if (what.lost) { // already somebody else's: what is under way will be fenced
    for (auto partition : what.partitions)
      if (auto found = assignments_.find(partition); found != assignments_.end() && found->second.holder)
        ask_to_release(*found->second.holder, {partition}, [] {});
    forget(what.partitions);
    client_->release(what.partitions);
    return;
  }
  auto partitions = what.partitions;
  release(partitions, [this, partitions] {
    tell_offsets();
    forget(partitions);
    if (client_)
      client_->release(partitions);
  });
}

void group_consumer_state::forget(const std::vector<std::int32_t>& partitions) {
  for (auto partition : partitions) {
    assignments_.erase(partition);
    show_nothing(partition);
  }
}

// Consumers whose partitions stay the same do not notice.
void group_consumer_state::share_among(std::size_t count) {
  setup_.consumers->resize(count);
  for (auto& [partition, mine] : assignments_) {
    const auto index = setup_.consumers->index_of(static_cast<std::size_t>(partition));
    if (mine.is_moving || mine.is_stopped || !mine.holder || *mine.holder == index)
      continue;
    log::info("partition_moving", {{"partition", partition}, {"from", *mine.holder}, {"to", index}});
    mine.is_moving = true;
    ask_to_release(*mine.holder, {partition},
                   [this, partition = partition, epoch = mine.epoch] { moved(partition, epoch); });
  }
}

void group_consumer_state::moved(std::int32_t partition, std::uint64_t epoch) {
  auto* mine = find(partition, epoch);
  if (!mine) // revoked meanwhile
    return;
  mine->is_moving = false;
  mine->holder.reset();
  begin(partition);
}

void group_consumer_state::answer_resizes() {
  if (releases_count_ > 0)
    return;
  for (auto& each : std::exchange(resize_promises_, {}))
    each.deliver(consumers_resized{});
}

} // namespace reviews

#include "actors/partition_consumer.hpp"

#include "actors/error.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/send.hpp>

#include <limits>
#include <utility>

namespace reviews {

namespace {

flow_limits limits_of(const partition_consumer_setup& setup) {
  return {setup.batch.records_max, setup.batch.bytes_max, setup.batch.linger, setup.partition.records_max,
          setup.partition.bytes_max};
}

} // namespace

partition_consumer_state::~partition_consumer_state() {
  for (auto& [partition, mine] : lanes_)
    mine.queue->on_ready({});
  for (auto& each : releases_)
    each.promise.deliver(partitions_released{});
}

void partition_consumer_state::init(partition_consumer_setup setup) {
  setup_ = std::move(setup);
  if (auto group = setup_.group->get())
    self_->send(group, consumer_started{setup_.index});
}

partition_consumer_private_actor::behavior_type partition_consumer_state::make_behavior() {
  return {
      [this](const consume_partition& what) { begin(what); },
      [this](const release_partitions& what) {
        if (!what.partitions.empty())
          return end(what.partitions);
        std::vector<std::int32_t> all;
        for (const auto& [partition, mine] : lanes_)
          all.push_back(partition);
        return end(all);
      },
      [this](const set_limits& what) { change(what); },
      [this](describe) -> description {
        std::size_t held = 0;
        for (const auto& [partition, mine] : lanes_) {
          held += mine.flow.held_records();
          show_lag(mine);
        }
        return {self_->mailbox().size(), held, "partitions " + std::to_string(lanes_.size())};
      },
      [this](const partition_ready& what) {
        if (auto* mine = find(what.partition, what.epoch)) {
          mine->may_have_more = true;
          take(what.partition, *mine);
        }
      },
      [this](const partition_due& what) {
        auto* mine = find(what.partition, what.epoch);
        if (!mine || mine->generation != what.generation)
          return;
        mine->is_timer_armed = false;
        if (mine->doing == step::pausing)
          mine->doing = step::idle;
        advance(what.partition, *mine);
      },
  };
}

std::chrono::steady_clock::time_point partition_consumer_state::now() const {
  return self_->clock().now();
}

partition_consumer_state::lane* partition_consumer_state::find(std::int32_t partition, std::uint64_t epoch) {
  auto found = lanes_.find(partition);
  return found != lanes_.end() && found->second.epoch == epoch ? &found->second : nullptr;
}

void partition_consumer_state::begin(const consume_partition& what) {
  remove(what.partition);
  auto seed = static_cast<std::uint32_t>(what.partition + 1);
  auto& mine = lanes_
                   .emplace(std::piecewise_construct, std::forward_as_tuple(what.partition),
                            std::forward_as_tuple(limits_of(setup_), backoff(setup_.retry.backoff_min,
                                                                             setup_.retry.backoff_max, seed)))
                   .first->second;
  mine.epoch = what.epoch;
  mine.queue = what.queue;
  mine.stored_offset = what.stored_offset;
  mine.metrics = &setup_.metrics->of(what.partition);
  mine.metrics->paused.Set(0);
  partition_ready wake{what.partition, what.epoch};
  auto weak = caf::actor_cast<caf::weak_actor_ptr>(self_);
  mine.queue->on_ready([weak, wake] {
    if (auto strong = weak.lock())
      caf::anon_send(caf::actor_cast<partition_consumer_private_actor>(strong), wake);
  });
  take(what.partition, mine);
}

void partition_consumer_state::change(const set_limits& what) {
  setup_.batch = what.batch;
  setup_.partition = what.partition;
  for (auto& [partition, mine] : lanes_) {
    mine.flow.set_limits(limits_of(setup_));
    if (mine.doing != step::pausing)
      mine.is_timer_armed = false; // it was set for the old linger
    self_->send(self_, partition_ready{partition, mine.epoch});
  }
}

caf::result<partitions_released> partition_consumer_state::end(const std::vector<std::int32_t>& partitions) {
  release mine;
  for (auto partition : partitions) {
    pardon(partition, std::numeric_limits<std::int64_t>::max());
    auto found = lanes_.find(partition);
    if (found == lanes_.end())
      continue;
    found->second.is_releasing = true;
    found->second.queue->on_ready({});
    if (found->second.doing == step::publishing || found->second.doing == step::storing)
      mine.waiting_for.insert(partition);
    else
      remove(partition);
  }
  if (mine.waiting_for.empty())
    return partitions_released{};
  mine.promise = self_->make_response_promise();
  releases_.push_back(std::move(mine));
  return caf::delegated<partitions_released>{};
}

void partition_consumer_state::remove(std::int32_t partition) {
  auto found = lanes_.find(partition);
  if (found == lanes_.end())
    return;
  auto& mine = found->second;
  mine.queue->on_ready({});
  mine.metrics->held_records.Set(0);
  mine.metrics->held_bytes.Set(0);
  mine.metrics->lag_seconds.Set(0);
  lanes_.erase(found);
  for (auto& each : releases_)
    if (each.waiting_for.erase(partition) > 0 && each.waiting_for.empty())
      each.promise.deliver(partitions_released{});
  std::erase_if(releases_, [](const release& each) { return each.waiting_for.empty(); });
}

void partition_consumer_state::wake_later(std::int32_t partition, lane& mine,
                                          std::chrono::milliseconds delay) {
  mine.is_timer_armed = true;
  self_->delayed_send(self_, delay, partition_due{partition, mine.epoch, ++mine.generation});
}

void partition_consumer_state::stop_or_advance(std::int32_t partition, lane& mine) {
  if (mine.is_releasing)
    remove(partition);
  else
    take(partition, mine);
}

partition_consumer_private_actor::behavior_type
partition_consumer(partition_consumer_private_actor::stateful_pointer<partition_consumer_state> self,
                   const partition_consumer_setup& setup) {
  end_on_exception(self);
  self->state.init(setup); // CAF 1.x: constructor argument
  return self->state.make_behavior();
}

} // namespace reviews

#include "actors/watchdog.hpp"

#include "actors/error.hpp"
#include "actors/model/log.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_clock.hpp>
#include <caf/sec.hpp>

#include <utility>

namespace reviews {

namespace {

constexpr std::chrono::seconds look_interval{1};

} // namespace

void watchdog_state::init(watchdog_setup setup) {
  setup_ = std::move(setup);
  watch_ = progress_watch(setup_.stuck_after);
  self_->delayed_send(self_, look_interval, look_around{});
}

watchdog_private_actor::behavior_type watchdog_state::make_behavior() {
  return {
      [this](describe) -> description {
        return {self_->mailbox().size(), 0, "stuck partitions seen: " + std::to_string(stuck_count_)};
      },
      [this](look_around) { look(); },
  };
}

void watchdog_state::look() {
  auto again = [this] { self_->delayed_send(self_, look_interval, look_around{}); };
  auto group = setup_.group->get();
  if (!group) { // its supervisor sees to it
    again();
    return;
  }
  self_->request(group, setup_.stuck_after, look_at_partitions{})
      .then(
          [this, again](const partitions_seen& what) {
            judge(what.partitions);
            again();
          },
          [this, again](const caf::error& why) {
            if (why == caf::sec::request_timeout)
              restart_group();
            again();
          });
}

void watchdog_state::judge(const std::vector<partition_sight>& sights) {
  std::set<std::int32_t> gone;
  gone.swap(shown_);
  for (const auto& each : watch_.look(sights, self_->clock().now())) {
    setup_.metrics->of(each.partition).standing_seconds.Set(each.standing.count());
    shown_.insert(each.partition);
    gone.erase(each.partition);
    if (each.is_stuck)
      restart_consumer(each);
  }
  for (auto partition : gone)
    setup_.metrics->of(partition).standing_seconds.Set(0);
}

void watchdog_state::restart_consumer(const progress_watch::finding& of) {
  ++stuck_count_;
  setup_.metrics->stuck_total.Increment();
  log::error("partition_stuck", {{"partition", of.partition}, {"standing_seconds", of.standing.count()}});
  auto consumer = of.holder ? setup_.consumers->at(*of.holder) : partition_consumer_actor{};
  if (consumer)
    self_->send_exit(consumer, to_error({ec::stuck,
                                         "partition " + std::to_string(of.partition) +
                                             ": expected progress or a failed attempt, got neither",
                                         {}}));
}

void watchdog_state::restart_group() {
  log::error("group_consumer_stuck",
             {{"silent_seconds", std::chrono::duration<double>(setup_.stuck_after).count()}});
  if (auto group = setup_.group->get())
    self_->send_exit(group, to_error({ec::stuck, "group consumer: expected an answer, got none", {}}));
}

watchdog_private_actor::behavior_type watchdog(watchdog_private_actor::stateful_pointer<watchdog_state> self,
                                               const watchdog_setup& setup) {
  end_on_exception(self);
  self->state.init(setup); // CAF 1.x: constructor argument
  return self->state.make_behavior();
}

} // namespace reviews

#pragma once

#include "actors/actor_address.hpp"
#include "actors/actor_pool.hpp"
#include "actors/interfaces.hpp"
#include "actors/metrics.hpp"
#include "actors/model/progress_watch.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <set>
#include <vector>

namespace reviews {

/// Wakes WATCHDOG to look at the partitions.
struct look_around {};

using watchdog_private_actor = watchdog_actor::extend<caf::reacts_to<look_around>>;

/// What the watchdog is given at its start.
struct watchdog_setup {
  /// How long a partition with work may go without any sign of life. Longer
  /// than the longest honest wait: that of a consumer for its writer.
  std::chrono::milliseconds stuck_after{90'000};
  address_ptr<group_consumer_actor> group;
  pool_ptr<partition_consumer_actor> consumers;
  consumer_metrics* metrics = nullptr;
};

/// Looks once a second whether each partition moves, shows for how long one
/// stands still, and ends the consumer of one that is stuck: its supervisor
/// starts it anew, without charge to the budget of restarts, so that a stuck
/// partition never ends the process. A GROUP CONSUMER that does not answer for
/// as long is ended likewise.
class watchdog_state {
public:
  static inline const char* name = "watchdog";
  using pointer = watchdog_private_actor::pointer;

  explicit watchdog_state(pointer self) : self_(self), watch_(std::chrono::milliseconds(1)) {}
  void init(watchdog_setup setup);
  watchdog_private_actor::behavior_type make_behavior();

private:
  void look();
  void judge(const std::vector<partition_sight>& sights);
  void restart_consumer(const progress_watch::finding& of);
  void restart_group();

  pointer self_;
  watchdog_setup setup_;
  progress_watch watch_;
  std::set<std::int32_t> shown_; ///< Partitions with a figure.
  std::size_t stuck_count_ = 0;
};

/// Starts the WATCHDOG.
watchdog_private_actor::behavior_type watchdog(watchdog_private_actor::stateful_pointer<watchdog_state> self,
                                               const watchdog_setup& setup);

} // namespace reviews

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::look_around)

#pragma once

#include "actors/model/commit_story.hpp"
#include "actors/model/event_ring.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace reviews {

/// What the feed counts; thread-safe.
class feed_metrics {
public:
  explicit feed_metrics(prometheus::Registry& registry);

  /// Counts a wait for a commit by how it ended.
  void count_wait(commit_story::fate how);

  /// Counts one that was not begun, as too many waited.
  void count_surplus_wait();

  /// Shows what the ring holds and how many listen.
  void show(const event_ring& ring);

private:
  prometheus::Family<prometheus::Counter>& waits_;
  prometheus::Gauge& listeners_;
  prometheus::Gauge& history_events_;
  prometheus::Gauge& history_bytes_;

public:
  prometheus::Gauge& listening; ///< 1 while Postgres tells us of commits.
  prometheus::Gauge& waiters;
  prometheus::Counter& notices_total;
  prometheus::Counter& events_total;
  prometheus::Counter& skipped_total;
  prometheus::Counter& listeners_rejected_total;
};

} // namespace reviews

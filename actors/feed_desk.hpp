#pragma once

#include "actors/actor_address.hpp"
#include "actors/ask.hpp"
#include "actors/feed_metrics.hpp"
#include "actors/interfaces.hpp"
#include "actors/ports/commit_waits.hpp"
#include "actors/ports/event_source.hpp"

#include <memory>
#include <optional>

namespace reviews {

/// The way to FEED for threads outside the actors. Thread-safe.
class feed_desk : public commit_waits, public event_source {
public:
  /// @param metrics Must outlive this.
  feed_desk(front_desk_ptr desk, address_ptr<feed_actor> feed, std::shared_ptr<event_ring> ring,
            feed_metrics& metrics)
      : desk_(std::move(desk)), feed_(std::move(feed)), ring_(std::move(ring)), metrics_(metrics) {}

  void wait(const receipt& where, const review_id& id, std::chrono::milliseconds at_most,
            answer then) override;

  outcome<std::unique_ptr<ring_listener>> listen(const std::optional<event_id>& after) override;

  /// The process is about to end: answers all who wait and ends the listeners,
  /// now and from then on.
  void begin_drain();

private:
  front_desk_ptr desk_;
  address_ptr<feed_actor> feed_;
  std::shared_ptr<event_ring> ring_;
  feed_metrics& metrics_;
};

} // namespace reviews

#include "actors/feed_desk.hpp"

#include <caf/send.hpp>

#include <utility>

namespace reviews {

void feed_desk::wait(const receipt& where, const review_id& id, std::chrono::milliseconds at_most,
                     answer then) {
  ask<commit_awaited>(desk_, feed_->get(), await_commit{where.partition, where.offset, id, at_most},
                      [then = std::move(then)](const outcome<commit_awaited>& got) {
                        then(got ? got->story : commit_story{});
                      });
}

outcome<std::unique_ptr<ring_listener>> feed_desk::listen(const std::optional<event_id>& after) {
  auto made = ring_->listen(after);
  if (!made && ring_->is_closed())
    return failure{ec::shutting_down, "process: expected to serve, got a shutdown under way", {}};
  if (!made) {
    metrics_.listeners_rejected_total.Increment();
    return failure{ec::overloaded, "events: expected fewer listeners, got too many", {}};
  }
  metrics_.show(*ring_);
  if (auto feed = feed_->get())
    caf::anon_send(feed, listener_came{});
  return made;
}

void feed_desk::begin_drain() {
  ring_->close();
  if (auto feed = feed_->get())
    caf::anon_send(feed, drain{});
}

} // namespace reviews

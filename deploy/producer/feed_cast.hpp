#pragma once

#include "actors/actor_pool.hpp"
#include "actors/feed_desk.hpp"
#include "actors/feed_metrics.hpp"
#include "actors/model/event_ring.hpp"
#include "config/settings.hpp"
#include "deploy/process.hpp"

#include <memory>
#include <vector>

namespace reviews {

/// The producer's actors that hear of commits and tell of them, with the desk in
/// front of them. Posting does not need them: nobody waits for the database at the start.
class feed_cast {
public:
  /// @param of Must outlive this, and its actors must have ended before.
  feed_cast(process& of, const producer_settings& settings, pool_ptr<reader_actor> readers);

  feed_desk& desk() { return desk_; }

  /// The children to start with.
  std::vector<child_spec> make_children();

private:
  child_spec make_feed();
  child_spec make_log_watch();
  child_spec make_listener();

  const producer_settings settings_; ///< As started.
  feed_metrics metrics_;
  pool_ptr<reader_actor> readers_;
  std::shared_ptr<event_ring> ring_;
  address_ptr<feed_actor> feed_ = make_address<feed_actor>();
  address_ptr<log_watch_actor> log_watch_ = make_address<log_watch_actor>();
  feed_desk desk_;
};

} // namespace reviews

#pragma once

#include "actors/interfaces.hpp"
#include "actors/ports/log_source.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace reviews {

/// Looks at the topic's log when asked. Blocks: spawn it detached.
class log_watch_state {
public:
  static inline const char* name = "log_watch";

  explicit log_watch_state(log_watch_actor::pointer self) : self_(self) {}
  void init(log_source_factory make_source) { make_source_ = std::move(make_source); }
  log_watch_actor::behavior_type make_behavior();

private:
  caf::result<log_seen> look();

  log_watch_actor::pointer self_;
  log_source_factory make_source_;
  log_source_ptr source_;   ///< Null while nobody looks.
  bool is_failing_ = false; ///< Logged once.
};

/// Starts a LOG WATCH; it connects at the first look.
log_watch_actor::behavior_type log_watch(log_watch_actor::stateful_pointer<log_watch_state> self,
                                         const log_source_factory& make_source);

} // namespace reviews

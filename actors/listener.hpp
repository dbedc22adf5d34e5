#pragma once

#include "actors/actor_address.hpp"
#include "actors/interfaces.hpp"
#include "actors/model/backoff.hpp"
#include "actors/params.hpp"
#include "actors/ports/commit_listener.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <optional>

namespace reviews {

/// Wakes COMMIT LISTENER: it goes on listening, or tries to.
struct go_on_listening {};

using listener_private_actor = listener_actor::extend<caf::reacts_to<go_on_listening>>;

/// What the commit listener is given at its start.
struct listener_setup {
  commit_listener_factory make_source;
  address_ptr<feed_actor> feed;
  supervision_params retry; ///< Its backoff paces attempts to connect.
  /// How long one wait for notices blocks, and with it every other message.
  std::chrono::milliseconds wait{200};
  /// Between two waits; 0: none, as a real source blocks itself.
  std::chrono::milliseconds pause{0};
};

/// Tells FEED every notice that Postgres tells us, and whether it does. Connects
/// anew, with a backoff, when the connection is lost. Blocks: spawn it detached.
class listener_state {
public:
  static inline const char* name = "listener";
  using pointer = listener_private_actor::pointer;

  explicit listener_state(pointer self) : self_(self) {}
  void init(listener_setup setup);
  listener_private_actor::behavior_type make_behavior();

private:
  void go_on();
  void connect();
  void lost(const failure& why);
  void tell_feed();

  pointer self_;
  listener_setup setup_;
  commit_listener_ptr source_;
  std::optional<backoff> pauses_;
  bool is_listening_ = false;
  bool is_failing_ = false;     ///< Logged once.
  feed_actor told_;             ///< The feed that knows whether we listen …
  bool told_listening_ = false; ///< … and what it knows.
};

/// Starts a COMMIT LISTENER with a connection of its own.
listener_private_actor::behavior_type listener(listener_private_actor::stateful_pointer<listener_state> self,
                                               const listener_setup& setup);

} // namespace reviews

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::go_on_listening)

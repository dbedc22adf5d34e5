#pragma once

#include "actors/interfaces.hpp"
#include "actors/model/backoff.hpp"
#include "actors/params.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace reviews {

/// One thing a server must have before the process takes work.
struct startup_condition {
  std::string name; ///< As readiness and log name it: `topic`, `schema`.
  /// May block for some seconds. `unavailable` is tried again, anything else is for good.
  std::function<outcome<void>()> test;
};

/// What the startup check is given at its start.
struct startup_check_setup {
  std::vector<startup_condition> conditions; ///< Tested in this order.
  supervision_params retry;
  std::function<void(const std::string&)> on_met; ///< Called for each condition met.
  std::function<void()> on_all_met;
  std::function<void(const failure&)> on_refused; ///< The process cannot go on.
};

/// Wakes STARTUP CHECK.
struct test_conditions {};

using startup_check_private_actor = startup_check_actor::extend<caf::reacts_to<test_conditions>>;

/// Tests conditions until all are met, then ends. Blocks: spawn it detached.
class startup_check_state {
public:
  static inline const char* name = "startup_check";
  using pointer = startup_check_private_actor::pointer;

  explicit startup_check_state(pointer self) : self_(self) {}
  void init(startup_check_setup setup);
  startup_check_private_actor::behavior_type make_behavior();

private:
  void test();

  pointer self_;
  startup_check_setup setup_;
  std::size_t met_count_ = 0;
  std::optional<backoff> pauses_;
};

/// Starts a STARTUP CHECK.
startup_check_private_actor::behavior_type
startup_check(startup_check_private_actor::stateful_pointer<startup_check_state> self,
              const startup_check_setup& setup);

} // namespace reviews

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::test_conditions)

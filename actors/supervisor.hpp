#pragma once

#include "actors/actor_address.hpp"
#include "actors/interfaces.hpp"
#include "actors/metrics.hpp"
#include "actors/model/backoff.hpp"
#include "actors/model/restart_budget.hpp"
#include "actors/params.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace reviews {

/// How a supervisor starts one child, each time anew.
struct child_spec {
  std::string name;    ///< Unique: `publisher-0`.
  std::string pool;    ///< `publishers`.
  bool drains = false; ///< Understands `drain`.
  std::function<caf::strong_actor_ptr(caf::actor_system&)>
      start;                    ///< Spawns, and puts the handle into its address.
  std::function<void()> on_end; ///< Takes the handle out again.
};

/// The spec of a child that others reach through `to`; `spawn` makes a handle.
template <class Handle, class Spawn>
child_spec make_child(std::string name, std::string pool, bool drains, address_ptr<Handle> to, Spawn spawn) {
  return {std::move(name), std::move(pool), drains,
          [to, spawn = std::move(spawn)](caf::actor_system& sys) {
            Handle child = spawn(sys);
            to->set(child);
            return caf::actor_cast<caf::strong_actor_ptr>(child);
          },
          [to] { to->clear(); }};
}

/// Tells SUPERVISOR to start these children, in this order, beside those it has.
struct start_children {
  std::vector<child_spec> children;
};

/// Wakes SUPERVISOR: the pause before a restart is over.
struct restart_child {
  std::size_t index = 0;
};

/// Wakes SUPERVISOR once a second to look at its children.
struct take_stock {};

using supervisor_private_actor =
    supervisor_actor::extend<caf::reacts_to<start_children>, caf::reacts_to<restart_child>,
                             caf::reacts_to<take_stock>>;

/// What the supervisor is given at its start.
struct supervisor_setup {
  supervision_params params;
  supervisor_metrics* metrics = nullptr;
  /// Called once when the budget of restarts is spent; the process drains and ends.
  std::function<void()> on_give_up;
  std::uint32_t seed = 1; ///< Of the backoff's jitter; another one in each process.
};

/// Restarts children one for one, with capped and jittered backoff, as long as
/// the budget lasts. A child that ends normally is done and not restarted.
class supervisor_state {
public:
  static inline const char* name = "supervisor";
  using pointer = supervisor_private_actor::pointer;

  explicit supervisor_state(pointer self) : self_(self), budget_(0, std::chrono::seconds(1)) {}
  void init(supervisor_setup setup);
  supervisor_private_actor::behavior_type make_behavior();

private:
  enum class life { running, waiting, done, stopping, stopped };

  struct child {
    child(child_spec what, backoff pause) : spec(std::move(what)), pauses(std::move(pause)) {}

    child_spec spec;
    backoff pauses;
    life now = life::waiting;
    caf::strong_actor_ptr actor;
    std::chrono::steady_clock::time_point started_at{};
    std::size_t restarts = 0;
    description last_seen;
    bool responding = false;
  };

  void start(std::size_t index);
  void on_down(const caf::actor_addr& whom, const caf::error& reason);
  void ended(child& who, const caf::error& reason);
  void look(std::function<void()> then);
  void show_pools();
  tree_description tree() const;
  void stop_next();
  void stop(child& who);
  std::chrono::steady_clock::time_point now() const;

  pointer self_;
  supervisor_setup setup_;
  restart_budget budget_;
  std::vector<child> children_;
  bool has_given_up_ = false;
  std::optional<caf::response_promise> stop_promise_;
  std::chrono::steady_clock::time_point stop_deadline_{};
  bool is_stop_clean_ = true;
};

/// Starts a SUPERVISOR without children.
supervisor_private_actor::behavior_type
supervisor(supervisor_private_actor::stateful_pointer<supervisor_state> self, const supervisor_setup& setup);

/// The tree as JSON, for `/actors`.
std::string to_json(const tree_description& tree);

} // namespace reviews

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::start_children)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::restart_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::take_stock)

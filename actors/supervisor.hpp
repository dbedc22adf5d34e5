#pragma once

#include "actors/child_spec.hpp"
#include "actors/interfaces.hpp"
#include "actors/metrics.hpp"
#include "actors/model/backoff.hpp"
#include "actors/model/restart_budget.hpp"
#include "actors/params.hpp"

#include <caf/response_promise.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace reviews {

/// Asks SUPERVISOR to start these children, in this order, beside those it has.
struct start_children {
  std::vector<child_spec> children;
};

/// Answers `start_children`: they can be reached. Whatever start the supervisor
/// had begun before is over, too.
struct children_started {};

/// Asks SUPERVISOR to stop children for good while the others go on, each with
/// what its drain needs, at most `timeout`. No restarts are counted.
struct remove_children {
  std::vector<std::string> names; ///< Unknown ones are passed over.
  std::chrono::milliseconds timeout{0};
};

/// Answers `remove_children`: they have ended and are in the tree no more.
struct children_removed {};

/// Wakes SUPERVISOR: the pause before a restart is over.
struct restart_child {
  std::uint64_t id = 0;
};

/// Wakes SUPERVISOR once a second to look at its children.
struct take_stock {};

using supervisor_private_actor =
    supervisor_actor::extend<caf::replies_to<start_children>::with<children_started>,
                             caf::replies_to<remove_children>::with<children_removed>,
                             caf::reacts_to<restart_child>, caf::reacts_to<take_stock>>;

/// What the supervisor is given at its start.
struct supervisor_setup {
  supervision_params params;
  supervisor_metrics* metrics = nullptr;
  /// Called once when the budget of restarts is spent; the process drains and ends.
  std::function<void()> on_give_up;
  std::uint32_t seed = 1; ///< Of the backoff's jitter; another one in each process.
  /// Called once when a child ends with `refused`, which no restart mends; the process drains and ends.
  std::function<void()> on_refused = [] {};
};

/// Restarts children one for one, with capped and jittered backoff, as long as
/// the budget lasts. A child that ends normally is done and not restarted; after
/// one that was refused by a server nobody is.
class supervisor_state {
public:
  static inline const char* name = "supervisor";
  using pointer = supervisor_private_actor::pointer;

  explicit supervisor_state(pointer self) : self_(self), budget_(0, std::chrono::seconds(1)) {}
  void init(supervisor_setup setup);
  supervisor_private_actor::behavior_type make_behavior();

private:
  enum class life { running, waiting, done, leaving, stopping, stopped };

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

  /// One `remove_children` whose children have not all ended.
  struct removal {
    caf::response_promise promise;
    std::set<std::uint64_t> waiting_for;
  };

  void add(child_spec what);
  void start(std::uint64_t id);
  void on_down(const caf::actor_addr& whom, const caf::error& reason);
  void ended(std::uint64_t id, const caf::error& reason);
  void restart_later(std::uint64_t id, const caf::error& reason);
  caf::result<children_removed> remove(const remove_children& what);
  void removed(std::uint64_t id);
  void look(std::function<void()> then);
  void show_pools();
  tree_description tree() const;
  void stop_next();
  void stop(child& who, std::chrono::milliseconds timeout);
  std::chrono::steady_clock::time_point now() const;

  pointer self_;
  supervisor_setup setup_;
  restart_budget budget_;
  std::map<std::uint64_t, child> children_; ///< By the number of their start: in the order of the starts.
  std::uint64_t last_id_ = 0;
  std::size_t restarts_ = 0; ///< Also of children that were removed.
  std::vector<removal> removals_;
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
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::children_started)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::remove_children)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::children_removed)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::restart_child)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(reviews::take_stock)

#pragma once

#include "actors/error.hpp"
#include "actors/model/failure.hpp"

#include <caf/actor_system.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/message.hpp>
#include <caf/monitorable_actor.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <unordered_map>
#include <utility>

namespace reviews {

/// Lets threads outside CAF ask actors and be called back with the answer: an
/// actor without mailbox that stands as the sender of their requests.
///
/// The callback runs once, on the thread of whoever answers; it must be short
/// and must not throw. There is no time limit: the actors asked answer every
/// request, and CAF answers for one that has ended.
class front_desk : public caf::monitorable_actor {
public:
  explicit front_desk(caf::actor_config& cfg) : monitorable_actor(cfg) {}

  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit* host) override;

  using callback = std::function<void(outcome<caf::message>)>;

  /// Keeps `then` under a fresh request id.
  std::uint64_t remember(callback then);

private:
  struct shard {
    std::mutex mutex;
    std::unordered_map<std::uint64_t, callback> callbacks;
  };

  shard& shard_of(std::uint64_t id) { return shards_[id % shards_.size()]; }

  std::array<shard, 8> shards_;
  std::atomic<std::uint64_t> last_id_{0};
};

using front_desk_ptr = caf::intrusive_ptr<caf::actor_control_block>;

/// Opens a front desk; the pointer keeps it alive.
front_desk_ptr make_front_desk(caf::actor_system& sys);

/// Sends `request` to `to` and calls `then` with the answer, an `outcome<Answer>`.
/// A null handle answers `unavailable` before `ask` returns.
template <class Answer, class Handle, class Request, class Then>
void ask(const front_desk_ptr& desk, const Handle& to, Request request, Then then) {
  if (!to) {
    then(
        outcome<Answer>(failure{ec::unavailable, "actor: expected it running, got a restart under way", {}}));
    return;
  }
  auto* self = static_cast<front_desk*>(desk->get());
  auto id = self->remember([then = std::move(then)](outcome<caf::message> got) {
    if (!got)
      then(outcome<Answer>(got.error()));
    else if (got->template match_elements<Answer>())
      then(outcome<Answer>(std::move(got->template get_mutable_as<Answer>(0))));
    else
      then(outcome<Answer>(failure{ec::broken, "actor: expected another type of answer", {}}));
  });
  caf::actor_cast<caf::abstract_actor*>(to)->enqueue(
      caf::make_mailbox_element(desk, caf::make_message_id(id), {}, std::move(request)), nullptr);
}

} // namespace reviews

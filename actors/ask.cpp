#include "actors/ask.hpp"

#include <caf/actor_config.hpp>
#include <caf/make_actor.hpp>

namespace reviews {

std::uint64_t front_desk::remember(callback then) {
  auto id = last_id_.fetch_add(1, std::memory_order_relaxed) + 1;
  auto& where = shard_of(id);
  std::lock_guard guard(where.mutex);
  where.callbacks.emplace(id, std::move(then));
  return id;
}

void front_desk::enqueue(caf::mailbox_element_ptr element, caf::execution_unit*) {
  if (!element->mid.is_response())
    return;
  auto id = element->mid.request_id().integer_value();
  callback then;
  {
    auto& where = shard_of(id);
    std::lock_guard guard(where.mutex);
    auto found = where.callbacks.find(id);
    if (found == where.callbacks.end())
      return;
    then = std::move(found->second);
    where.callbacks.erase(found);
  }
  auto content = element->move_content_to_message();
  if (content.match_elements<caf::error>())
    then(to_failure(content.get_as<caf::error>(0)));
  else
    then(std::move(content));
}

front_desk_ptr make_front_desk(caf::actor_system& sys) {
  caf::actor_config cfg;
  return caf::make_actor<front_desk, caf::strong_actor_ptr>(sys.next_actor_id(), sys.node(), &sys, cfg);
}

} // namespace reviews

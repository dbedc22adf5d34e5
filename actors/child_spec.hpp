#pragma once

#include "actors/actor_address.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>

#include <functional>
#include <string>
#include <utility>

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

} // namespace reviews

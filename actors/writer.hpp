#pragma once

#include "actors/interfaces.hpp"
#include "actors/ports/review_store.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace reviews {

/// The actor around one database connection. Blocks: spawn it detached.
class writer_state {
public:
  static inline const char* name = "writer";

  explicit writer_state(writer_actor::pointer self) : self_(self) {}
  void init(review_store_ptr store) { store_ = std::move(store); }
  writer_actor::behavior_type make_behavior();

private:
  writer_actor::pointer self_;
  review_store_ptr store_;
  bool is_draining_ = false;
};

/// Starts a WRITER with a store of its own.
writer_actor::behavior_type writer(writer_actor::stateful_pointer<writer_state> self,
                                   const review_store_factory& make_store);

} // namespace reviews

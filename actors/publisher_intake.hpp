#pragma once

#include "actors/actor_pool.hpp"
#include "actors/ask.hpp"
#include "actors/interfaces.hpp"
#include "actors/params.hpp"
#include "actors/ports/review_intake.hpp"

#include <cstddef>
#include <functional>
#include <memory>

namespace reviews {

/// Spreads records over a pool of publishers by their key, so that a key's
/// order is kept, and puts the answers together again. Thread-safe.
class publisher_intake : public review_intake {
public:
  /// Spreads over `count` publishers from now on; those run already. New
  /// requests are held until everything under way with the old spread is
  /// answered, so that no key's records overtake each other. `at_change` is
  /// called at that moment, before what was held goes on; it must be short and
  /// must not throw. @pre An earlier resize has called its `at_change`.
  virtual void resize(std::size_t count, std::function<void()> at_change) = 0;

  /// How much may be held meanwhile, in records and payload bytes; beyond it
  /// requests fail with `overloaded`. Before the first call: a publisher's default window.
  virtual void hold_at_most(const publisher_params& bounds) = 0;
};

/// The intake of `publishers`; it alone changes their size.
std::unique_ptr<publisher_intake> make_publisher_intake(front_desk_ptr desk,
                                                        pool_ptr<publisher_actor> publishers);

} // namespace reviews

#pragma once

#include "actors/actor_pool.hpp"
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

/// Runs a function soon, after what is ready to run by now; on any thread.
using run_later = std::function<void(std::function<void()>)>;

/// The intake of `publishers`; it alone changes their size. What is published
/// before `later` runs what it was given goes to each publisher in one message.
/// @pre The actors end before the intake does, and what `later` has not run by then it never runs.
std::unique_ptr<publisher_intake> make_publisher_intake(run_later later,
                                                        pool_ptr<publisher_actor> publishers);

} // namespace reviews

#pragma once

#include "actors/actor_pool.hpp"
#include "actors/ask.hpp"
#include "actors/interfaces.hpp"
#include "actors/metrics.hpp"
#include "actors/params.hpp"
#include "actors/ports/review_queries.hpp"

#include <memory>

namespace reviews {

/// Asks the least busy of a pool's readers. Thread-safe. It must outlive the readers.
///
/// - Of the readers whose database was out of reach at their last answer, each is
///   asked one read at a time: a single request waits for the attempt to connect, all
///   others fail at once. For a second it is asked only when no other one is there;
///   then it takes its turn again, which tells whether its database is back.
/// - A reader that ends, or leaves the pool, before it has answered is no failure
///   yet: another one is asked, once.
class reader_desk : public review_queries {
public:
  /// Reads under way from now on; one more fails with `overloaded`.
  virtual void bound_by(const reader_params& bounds) = 0;
};

/// @param metrics Must outlive the desk.
std::unique_ptr<reader_desk> make_reader_desk(front_desk_ptr desk, pool_ptr<reader_actor> readers,
                                              const reader_params& bounds, reader_metrics& metrics);

} // namespace reviews

#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/record.hpp"

#include <boost/container/small_vector.hpp>

#include <memory>

namespace reviews {

/// The way from an HTTP session to the publishers, for threads outside the actors.
class review_intake {
public:
  // Most requests are of one review: that one stands in the container itself.
  using records = boost::container::small_vector<record, 1>;
  using results = boost::container::small_vector<outcome<receipt>, 1>;
  /// Whom the results go to.
  class recipient {
  public:
    virtual ~recipient() = default;

    /// Called exactly once, from any thread; short, and it does not throw.
    /// @param got One result a record, in the order asked.
    virtual void take(results got) = 0;
  };

  virtual ~review_intake() = default;

  /// Publishes the records (keyed, so that a key's order is kept) and tells
  /// `whom`, perhaps before returning. Failures: `overloaded`, `unavailable`,
  /// `shutting_down`, `outcome_unknown`, `invalid`.
  virtual void publish(records what, std::shared_ptr<recipient> whom) = 0;
};

} // namespace reviews

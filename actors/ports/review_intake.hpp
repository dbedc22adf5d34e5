#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/record.hpp"

#include <functional>
#include <vector>

namespace reviews {

/// The way from an HTTP session to the publishers, for threads outside the actors.
class review_intake {
public:
  using results = std::vector<outcome<receipt>>;
  using answer = std::function<void(results)>;

  virtual ~review_intake() = default;

  /// Publishes the records (keyed, so that a key's order is kept) and calls
  /// `then` exactly once, from any thread and perhaps before returning, with
  /// one result a record in the order given. Failures: `overloaded`,
  /// `unavailable`, `shutting_down`, `outcome_unknown`, `invalid`.
  virtual void publish(std::vector<record> records, answer then) = 0;
};

} // namespace reviews

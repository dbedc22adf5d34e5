#pragma once

#include "actors/model/commit_story.hpp"
#include "actors/model/record.hpp"
#include "actors/model/review_id.hpp"

#include <chrono>
#include <functional>

namespace reviews {

/// The way from an HTTP session to who hears of commits, for threads outside the actors.
class commit_waits {
public:
  using answer = std::function<void(const commit_story&)>;

  virtual ~commit_waits() = default;

  /// Waits, `at_most` that long, until the acknowledged record of the review `id`
  /// is committed, and calls `then` exactly once, from any thread and perhaps
  /// before returning; it must be short and must not throw.
  virtual void wait(const receipt& where, const review_id& id, std::chrono::milliseconds at_most,
                    answer then) = 0;
};

} // namespace reviews

#pragma once

#include "actors/model/recent_commits.hpp"
#include "actors/model/stored_review.hpp"

#include <cstdint>
#include <optional>

namespace reviews {

/// What became of a record whose commit somebody waited for.
struct commit_story {
  enum class fate : std::uint8_t {
    unknown,   ///< Not known in time, or it became a dead letter: it is accepted, no more.
    stored,    ///< Its review is stored, from this very record.
    duplicate, ///< A review of its id was stored before, from another one.
  };

  fate what = fate::unknown;
  heard_commit_ptr commit; ///< `stored`: the batch it was in.
  std::optional<timestamp>
      consumed_at; ///< `stored`: by the consumer's clock; none when its batch was too large to say.
  std::optional<stored_review> row; ///< `duplicate`: what is stored.
};

} // namespace reviews

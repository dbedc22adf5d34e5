#pragma once

#include "actors/model/review.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace reviews {

/// A review as it is stored, and the place in the log it came from. Never changes once it is there.
struct stored_review {
  review what;
  timestamp stored_at{}; ///< When its transaction began.
  std::int32_t partition = -1;
  std::int64_t offset = -1;
};

/// A review's place among its vendor's reviews, newest first. Of reviews taken
/// in at the same microsecond the greater id, as bytes, comes first.
struct review_place {
  timestamp created_at{};
  review_id id{};

  bool operator==(const review_place&) const = default;
};

/// Reviews of one page at most.
inline constexpr std::size_t page_reviews_max = 100;

/// Some of a vendor's reviews, newest first.
struct review_page {
  std::vector<stored_review> reviews;
  /// The place of the last one when more follow it: the next page goes on after it.
  std::optional<review_place> next;
};

/// A vendor's ratings as counts; all 0 where there are none.
struct rating_counts {
  std::int64_t count = 0;
  std::int64_t sum = 0;
  std::array<std::int64_t, 5> of_rating{}; ///< Index 0 holds those of rating 1.

  bool operator==(const rating_counts&) const = default;
};

/// How far a partition of the topic is stored.
struct stored_offset {
  std::int32_t partition = -1;
  std::int64_t next_offset = 0;
};

} // namespace reviews

#pragma once

#include <cstddef>
#include <cstdint>

namespace reviews::ctl {

/// What a load run posts.
struct load_plan {
  std::uint64_t reviews = 10'000;
  double rate = 0; ///< Reviews a second; 0: as fast as answers come.
  /// Posts under way or waiting for another attempt without a rate; at least 1.
  std::size_t concurrency = 64;
  std::size_t batch = 1;   ///< Reviews a post; more than 1 goes as NDJSON.
  std::size_t retries = 5; ///< Of one post, after 429, 503, 504 and lost connections.
  bool with_keys = false;  ///< `Idempotency-Key` instead of a `review_id` in the review.
};

} // namespace reviews::ctl

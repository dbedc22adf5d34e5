#pragma once

#include "actors/model/review.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace reviews::ctl {

/// Makes up reviews like real ones: many languages, lengths from nothing to
/// some thousand characters around a middle of two hundred, ratings mostly 4 and
/// 5, few vendors with many reviews and many with few (Zipf's law).
///
/// Review i is a function of seed, vendors and i alone: it can be made again at any time.
class review_generator {
public:
  /// @param vendors At least 1, at most 10'000'000; 8 bytes each.
  review_generator(std::uint64_t seed, std::size_t vendors);

  /// Review number `index`, with the id it is posted with: a UUIDv7 whose time
  /// is `seed` + `index` in microseconds since 1970, the rest random.
  review_draft make(std::uint64_t index) const;

  /// Appends the review as a client posts it, on one line.
  /// @param with_id False: without its `review_id`.
  void append_json(std::string& out, std::uint64_t index, bool with_id) const;

  /// A key of its own for the post that begins with this review.
  std::string idempotency_key(std::uint64_t index) const;

private:
  std::uint64_t seed_;
  std::vector<double> vendors_up_to_; ///< Cumulative shares, the last is 1.
};

} // namespace reviews::ctl

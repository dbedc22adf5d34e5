#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/review_id.hpp"
#include "actors/model/stored_review.hpp"
#include "actors/model/timestamp.hpp"
#include "db/params.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace reviews {

/// What is stored of one review, and from which place in the log.
struct stored_row {
  review_id id{};
  std::int32_t partition = -1;
  std::int64_t offset = -1;
  std::string_view vendor_id; ///< Lives for the call of the visitor only.
  int rating = 0;
};

enum class review_order : std::uint8_t {
  any, ///< As the table lies; the fastest.
  id,  ///< By `review_id`, its bytes as unsigned numbers.
  log, ///< By partition, then offset; sorts the whole table on the server.
};

/// A vendor whose `vendor_ratings` are not the aggregate of its `reviews`.
struct rating_mismatch {
  std::string vendor_id;
  rating_counts stored;     ///< In `vendor_ratings`.
  rating_counts aggregated; ///< Of `reviews`.
};

/// A row of `consumer_offsets`.
struct consumer_offset {
  std::string group_id;
  std::string topic;
  std::int32_t partition = -1;
  std::int64_t next_offset = 0;
  timestamp updated_at{};
};

/// Reads what is stored, for checks: all calls see the database at the one
/// moment of the first. Blocking; one owner. Every call fails with
/// `unavailable` or `refused`, and after that always with `broken`. Each
/// statement may take `statement_timeout`: give more than a writer has.
class verification {
public:
  static outcome<std::unique_ptr<verification>> open(const database_params& where);

  virtual ~verification() = default;

  /// Hands every review to `visit`, holding at most 10,000 at a time; returns their number.
  virtual outcome<std::uint64_t> visit_reviews(review_order order,
                                               const std::function<void(const stored_row&)>& visit) = 0;

  /// The first `limit` vendors, by name, whose ratings are wrong, missing or of no review.
  virtual outcome<std::vector<rating_mismatch>> mismatched_ratings(std::size_t limit) = 0;

  /// All stored offsets, by group, topic and partition.
  virtual outcome<std::vector<consumer_offset>> offsets() = 0;
};

} // namespace reviews

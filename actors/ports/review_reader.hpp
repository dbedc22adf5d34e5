#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/stored_review.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reviews {

/// Reads what is stored. Blocking; one owner. Each call sees one moment of the
/// database. Fails with `unavailable` (out of reach: try again later; the reader
/// connects anew by itself), `refused` (credentials, rights, a missing table) or
/// `broken` (a mistake of ours; the next call has a connection of its own again).
class review_reader {
public:
  virtual ~review_reader() = default;

  /// The review of this id; nothing while it is not stored.
  virtual outcome<std::optional<stored_review>> review(const review_id& id) = 0;

  /// A vendor's reviews, newest first: those after `after`, or the newest. A
  /// review that is stored while somebody pages moves no other one to another
  /// page. @param limit 1..`page_reviews_max`.
  virtual outcome<review_page> reviews_of(const std::string& vendor_id,
                                          const std::optional<review_place>& after, std::size_t limit) = 0;

  /// A vendor's ratings, all 0 where there are none; the same effort however many there are.
  virtual outcome<rating_counts> rating_of(const std::string& vendor_id) = 0;

  /// Those of these reviews that are stored, in the order asked.
  virtual outcome<std::vector<stored_review>> reviews(const std::vector<review_id>& ids) = 0;

  /// How far each partition of the topic is stored for the group, by partition.
  virtual outcome<std::vector<stored_offset>> stored_offsets() = 0;
};

using review_reader_ptr = std::unique_ptr<review_reader>;

/// Builds an unconnected reader; connecting happens at first use.
using review_reader_factory = std::function<review_reader_ptr()>;

} // namespace reviews

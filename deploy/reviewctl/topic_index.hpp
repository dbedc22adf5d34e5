#pragma once

#include "actors/model/review_id.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace reviews::ctl {

/// A place in the topic's log.
struct log_place {
  std::int32_t partition = -1;
  std::int64_t offset = -1;
  auto operator<=>(const log_place&) const = default;
};

/// What is compared of a review.
struct review_digest {
  review_id id{};
  log_place place;
  std::string_view vendor_id; ///< Needed for the call only.
  int rating = 0;
};

/// What a stored row is to the log.
enum class row_verdict : std::uint8_t {
  matches,      ///< It is the first record with this id in its partition.
  not_in_log,   ///< No record has this id.
  wrong_place,  ///< The id is in the log, but not at the place that the row names.
  later_record, ///< The place is right, but an earlier record of the partition has this id too.
  wrong_value,  ///< The record at its place has another vendor or rating.
};

/// The valid records of the log by id, 32 bytes and one bit each, and which of
/// them a row was seen for. First every record is added, then `seal`ed, then
/// rows are looked up.
///
/// Limits: partitions below 2^16, offsets below 2^48; vendors and ratings are
/// compared by a 64-bit hash.
class topic_index {
public:
  /// Takes the memory for `records_max` records at once; more may be added.
  void reserve(std::size_t records_max) { entries_.reserve(records_max); }

  void add(const review_digest& record);

  /// Ends adding.
  void seal();

  /// Looks a row up and notes that its id is stored. `is_older_than_log`: the
  /// record at the row's place is gone from the log; its id alone decides then.
  row_verdict check_row(const review_digest& row, bool is_older_than_log);

  /// Visits each id that no row was seen for once, with the first of its places
  /// that `is_consumed` is true of and their number. Returns how many ids have no such place.
  std::size_t
  visit_missing(const std::function<bool(log_place)>& is_consumed,
                const std::function<void(const review_id&, log_place, std::size_t count)>& visit) const;

  std::size_t size() const { return entries_.size(); }

  /// How many different ids there are. @pre Sealed.
  std::size_t distinct_count() const { return distinct_count_; }

private:
  struct entry {
    review_id id{};
    std::uint64_t place = 0;
    std::uint64_t hash = 0;
  };

  std::size_t first_of(const review_id& id) const;

  std::vector<entry> entries_;
  std::vector<bool> is_seen_; ///< Of an id, at its first entry.
  std::size_t distinct_count_ = 0;
};

} // namespace reviews::ctl

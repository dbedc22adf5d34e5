#pragma once

#include "actors/model/failure.hpp"
#include "actors/model/review_rows.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace reviews {

/// What one transaction stores: the valid reviews of a range of one partition's log.
struct review_batch {
  std::int32_t partition = -1;
  /// The stored offset that the batch continues; none when the partition has
  /// no stored offset yet. The compare of compare-and-set.
  std::optional<std::int64_t> from_offset;
  /// The offset after the last record of the range. The set.
  std::int64_t next_offset = 0;
  /// May be empty (all of the range were dead letters): then only the offset moves.
  review_rows rows;
  /// What the transaction tells on `commit_channel`, up to the count of new rows
  /// (`begin_commit_notice`); empty: nothing.
  std::string notice;
};

struct batch_counts {
  std::size_t inserted = 0;
  std::size_t duplicates = 0; ///< Seen before, or twice in the batch; harmless.
  /// Its notice was not told: listeners read so slowly that the queue fills.
  bool is_notice_withheld = false;
};

/// Reviews, ratings and offsets in the database. Blocking; one owner.
/// Every call fails with `unavailable` (08, 53, 57, 58, XX, 40001, 40P01, 55P03:
/// try again later; the store connects anew by itself), `refused` (28, 3D, 42:
/// nobody can go on) or `broken` (anything else: a new store may do).
class review_store {
public:
  virtual ~review_store() = default;

  /// One transaction: new rows, ratings of just the new rows, offset by
  /// compare-and-set. All or nothing. Also fails with `fenced` (the offset is
  /// not `from_offset`) and `poisoned` (22, 23: some row can never be stored).
  virtual outcome<batch_counts> store(const review_batch& batch) = 0;

  /// The stored next offset of each partition, in the order asked.
  virtual outcome<std::vector<std::optional<std::int64_t>>>
  stored_offsets(const std::vector<std::int32_t>& partitions) = 0;

  /// Tells these payloads on `consumer_channel`, all or none, each of at most `notice_bytes_max` bytes;
  /// none while listeners read so slowly that the queue fills.
  virtual outcome<void> report(const std::vector<std::string>& payloads) = 0;

  /// Succeeds when the schema has the version this program needs; `refused`
  /// when it is missing, older or newer than understood.
  virtual outcome<void> check_schema() = 0;
};

using review_store_ptr = std::unique_ptr<review_store>;

/// Builds an unconnected store; connecting happens at first use.
using review_store_factory = std::function<review_store_ptr()>;

} // namespace reviews

#pragma once

#include "actors/model/review.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace reviews {

/// A review with the place in the log it came from.
struct review_row {
  review_view what;
  std::int64_t offset = -1;
  timestamp consumed_at{}; ///< When the consumer took the record from Kafka.
};

/// Rows of one partition, in the order of their offsets, and the bytes of their
/// strings. The bytes lie in blocks that all rows share: a string a member took a
/// fifth of the consumer's CPU for allocations.
class review_rows {
public:
  using const_iterator = std::vector<review_row>::const_iterator;

  /// Bytes of a block.
  static constexpr std::size_t block_bytes = 32u << 10;
  /// A longer string lies alone: so an eighth of the blocks' bytes is unused at most.
  static constexpr std::size_t shared_bytes_max = block_bytes / 8;

  review_rows() = default;
  review_rows(review_rows&&) noexcept = default;
  review_rows& operator=(review_rows&&) noexcept = default;
  review_rows(const review_rows& other);
  review_rows& operator=(const review_rows& other);

  /// Adds a row at the end, with copies of its strings.
  void add(const review_row& row);

  /// Makes room for `count` rows, not for their strings.
  void reserve(std::size_t count) { rows_.reserve(count); }

  /// Copies of the rows from number `from` up to before number `to`.
  review_rows slice(std::size_t from, std::size_t to) const;

  bool empty() const { return rows_.empty(); }
  std::size_t size() const { return rows_.size(); }
  std::size_t capacity() const { return rows_.capacity(); }
  const review_row& operator[](std::size_t index) const { return rows_[index]; }
  const review_row& front() const { return rows_.front(); }
  const review_row& back() const { return rows_.back(); }
  const_iterator begin() const { return rows_.begin(); }
  const_iterator end() const { return rows_.end(); }

private:
  std::string_view keep(std::string_view text);

  std::vector<review_row> rows_;
  std::vector<std::unique_ptr<char[]>> blocks_; ///< Strings are put into the last one.
  std::size_t used_ = 0;                        ///< Bytes of the last block.
  std::vector<std::unique_ptr<char[]>> long_strings_;
};

} // namespace reviews

#pragma once

#include "actors/model/record.hpp"
#include "actors/ports/review_store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace reviews {

/// Limits of a flow; see `batch_params` and `partition_params`.
struct flow_limits {
  std::size_t batch_records_max = 1'000;
  std::size_t batch_bytes_max = 4u << 20;
  std::chrono::milliseconds linger{5};
  std::size_t held_records_max = 4'000;
  std::size_t held_bytes_max = 8u << 20;
};

/// A record that leaves the way: what goes to the dead-letter topic, and the reason's name.
struct dead_letter {
  std::int64_t offset = -1;
  std::string reason;
  record what;
};

/// A piece of one partition's log on its way to the database.
struct flow_piece {
  review_rows rows;
  std::vector<dead_letter> dead_letters; ///< Published before the rows are stored.
  std::int64_t next_offset = 0;
  std::size_t records_count = 0;
  std::size_t bytes = 0;
  std::optional<timestamp> oldest_created_at; ///< Of its reviews, also while the rows are lent out.
};

/// What a partition holds between Kafka and the database, in the order of the
/// log. Cuts it into pieces of one batch, knows when one is due, and splits a
/// piece that holds a bad row. Time is an argument, so tests own the clock.
class partition_flow {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit partition_flow(const flow_limits& limits) : limits_(limits) {}

  /// Adds the record at the end, received at `now`; `bytes` is its payload. The row's strings are copied.
  void add(const review_row& row, std::size_t bytes, time_point now);
  void add(dead_letter letter, std::size_t bytes, time_point now);
  /// A record that needs nothing any more but that the offset passes it.
  void pass(std::int64_t offset, std::size_t bytes, time_point now) { note(offset, bytes, now); }

  /// How many more records may be taken; 0 when a bound is reached.
  std::size_t room() const;

  /// The piece to work on at `now`, or nothing while none is due. A piece is
  /// due when full or when its oldest record has waited for `linger`; what
  /// follows is cut off when it is handed out.
  flow_piece* front(time_point now);

  /// When the oldest record that is not due yet will be; nothing when there is none.
  std::optional<time_point> due_at() const;

  /// The piece at the front is done. @pre `front` gave one.
  void pop_front();

  /// Splits the front piece in two of about half its rows, at a record's
  /// boundary. @pre It has at least two rows.
  void split_front();

  /// When the oldest review held was taken in by the producer.
  std::optional<timestamp> oldest_created_at() const;

  std::size_t held_records() const { return held_records_; }
  std::size_t held_bytes() const { return held_bytes_; }
  void set_limits(const flow_limits& limits) { limits_ = limits; }

private:
  void note(std::int64_t offset, std::size_t bytes, time_point now);

  flow_limits limits_;
  std::deque<flow_piece> closed_;
  flow_piece open_;
  time_point open_since_{};
  std::size_t held_records_ = 0;
  std::size_t held_bytes_ = 0;
};

} // namespace reviews

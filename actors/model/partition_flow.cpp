#include "actors/model/partition_flow.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace reviews {

void partition_flow::add(const review_row& row, std::size_t bytes, time_point now) {
  if (!open_.oldest_created_at)
    open_.oldest_created_at = row.what.created_at;
  if (open_.rows.capacity() == 0)
    open_.rows.reserve(closed_.empty() ? std::min<std::size_t>(limits_.batch_records_max, 64)
                                       : limits_.batch_records_max);
  open_.rows.add(row);
  note(row.offset, bytes, now);
}

void partition_flow::add(dead_letter letter, std::size_t bytes, time_point now) {
  auto offset = letter.offset;
  open_.dead_letters.push_back(std::move(letter));
  note(offset, bytes, now);
}

void partition_flow::note(std::int64_t offset, std::size_t bytes, time_point now) {
  if (open_.records_count == 0)
    open_since_ = now;
  open_.next_offset = offset + 1;
  ++open_.records_count;
  open_.bytes += bytes;
  ++held_records_;
  held_bytes_ += bytes;
  if (open_.records_count >= limits_.batch_records_max || open_.bytes >= limits_.batch_bytes_max)
    closed_.push_back(std::exchange(open_, {}));
}

std::size_t partition_flow::room() const {
  if (held_records_ >= limits_.held_records_max || held_bytes_ >= limits_.held_bytes_max)
    return 0;
  return limits_.held_records_max - held_records_;
}

flow_piece* partition_flow::front(time_point now) {
  if (closed_.empty() && open_.records_count > 0 && now - open_since_ >= limits_.linger)
    closed_.push_back(std::exchange(open_, {}));
  return closed_.empty() ? nullptr : &closed_.front();
}

std::optional<partition_flow::time_point> partition_flow::due_at() const {
  if (open_.records_count == 0)
    return std::nullopt;
  return open_since_ + limits_.linger;
}

void partition_flow::pop_front() {
  assert(!closed_.empty());
  held_records_ -= closed_.front().records_count;
  held_bytes_ -= closed_.front().bytes;
  closed_.pop_front();
}

void partition_flow::split_front() {
  assert(!closed_.empty() && closed_.front().rows.size() > 1);
  auto& whole = closed_.front();
  const auto half = whole.rows.size() / 2;
  flow_piece first;
  first.next_offset = whole.rows[half].offset;
  first.oldest_created_at = whole.oldest_created_at;
  first.rows = whole.rows.slice(0, half);
  whole.rows = whole.rows.slice(half, whole.rows.size());
  // Counts are shared out by rows; the dead letters have been published already.
  first.records_count = whole.records_count * half / (half + whole.rows.size());
  first.bytes = whole.bytes * half / (half + whole.rows.size());
  whole.records_count -= first.records_count;
  whole.bytes -= first.bytes;
  closed_.push_front(std::move(first));
}

std::optional<timestamp> partition_flow::oldest_created_at() const {
  for (const auto& each : closed_)
    if (each.oldest_created_at)
      return each.oldest_created_at;
  return open_.oldest_created_at;
}

} // namespace reviews

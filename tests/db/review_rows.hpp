#pragma once

#include "actors/ports/review_store.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>

namespace reviews::test {

/// The id 00000000-0000-7000-8000-XXXXXXXXXXXX of a number.
inline review_id id_of(std::uint64_t number) {
  review_id id{};
  id.data[6] = 0x70;
  id.data[8] = 0x80;
  for (std::size_t i = 0; i < 6; ++i)
    id.data[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

/// A row with strings of its own, to be changed before it is put into a batch.
struct test_row {
  review what;
  std::int64_t offset = -1;
};

inline test_row row_of(std::uint64_t id, std::int64_t offset, std::string vendor = "vendor-1",
                       int rating = 5) {
  test_row row;
  row.what.id = id_of(id);
  row.what.vendor_id = std::move(vendor);
  row.what.author = "Ada";
  row.what.rating = rating;
  row.what.title = "A title";
  row.what.text = "A text";
  row.what.created_at = timestamp(std::chrono::microseconds(1'795'368'504'000'123)); // 2026-11-22T17:28:24
  row.offset = offset;
  return row;
}

/// A batch whose rows stand at the offsets that follow `from` (0 when none).
inline review_batch batch_of(std::optional<std::int64_t> from, const std::vector<test_row>& rows,
                             std::int32_t partition = 0) {
  review_batch batch;
  batch.partition = partition;
  batch.from_offset = from;
  auto next = from.value_or(0);
  for (const auto& row : rows)
    batch.rows.add({view_of(row.what), next++});
  batch.next_offset = next;
  return batch;
}

/// `count` reviews of up to `vendors` vendors, some of them with the same id.
inline std::vector<test_row> random_rows(std::mt19937_64& random, std::size_t count, std::uint64_t ids,
                                         std::uint64_t vendors) {
  std::vector<test_row> rows;
  for (std::size_t i = 0; i < count; ++i)
    rows.push_back(row_of(random() % ids, 0, "vendor-" + std::to_string(random() % vendors),
                          static_cast<int>(1 + random() % 5)));
  return rows;
}

} // namespace reviews::test

#include "db/batch_columns.hpp"

#include <boost/endian/conversion.hpp>

#include <algorithm>
#include <limits>
#include <optional>

namespace reviews {

namespace {

// Object ids of built-in types (pg_type.dat), the same in every Postgres.
constexpr std::uint32_t int8_oid = 20;
constexpr std::uint32_t int2_oid = 21;
constexpr std::uint32_t text_oid = 25;
constexpr std::uint32_t timestamptz_oid = 1184;
constexpr std::uint32_t uuid_oid = 2950;

constexpr std::array<std::uint32_t, 8> element_types{uuid_oid, text_oid, text_oid,        int2_oid,
                                                     text_oid, text_oid, timestamptz_oid, int8_oid};

constexpr std::uint32_t null_length = 0xffff'ffff;

/// Timestamps count microseconds from 2000-01-01 UTC.
constexpr std::uint64_t postgres_epoch_us = 946'684'800'000'000;

template <class UnsignedInt>
void append_number(std::string& out, UnsignedInt value) {
  const auto wire = boost::endian::native_to_big(value);
  out.append(reinterpret_cast<const char*>(&wire), sizeof wire);
}

template <class UnsignedInt>
void append_element(std::string& out, UnsignedInt value) {
  append_number<std::uint32_t>(out, sizeof value);
  append_number(out, value);
}

void append_element(std::string& out, std::string_view text) {
  append_number(out, static_cast<std::uint32_t>(text.size()));
  out.append(text);
}

void append_element(std::string& out, const std::optional<std::string_view>& text) {
  if (text)
    append_element(out, *text);
  else
    append_number(out, null_length);
}

void start_array(std::string& out, std::uint32_t element_type, std::size_t elements_count) {
  out.clear();
  append_number<std::uint32_t>(out, elements_count == 0 ? 0 : 1); // dimensions
  append_number<std::uint32_t>(out, 1);                           // may hold nulls
  append_number(out, element_type);
  if (elements_count == 0)
    return;
  append_number(out, static_cast<std::uint32_t>(elements_count));
  append_number<std::uint32_t>(out, 1); // first index
}

/// Out of range stays out of range: the table's check then says no.
std::uint16_t rating_of(const review_view& what) {
  using limits = std::numeric_limits<std::int16_t>;
  return static_cast<std::uint16_t>(std::clamp<int>(what.rating, limits::min(), limits::max()));
}

} // namespace

void batch_columns::choose(const review_rows& rows) {
  chosen_.clear();
  for (const auto& each : rows)
    chosen_.push_back({each.what.id, each.offset, &each});
  const auto is_before = [](const place& a, const place& b) {
    return a.id != b.id ? a.id < b.id : a.offset < b.offset;
  };
  if (!std::is_sorted(chosen_.begin(), chosen_.end(), is_before)) // UUIDv7s mostly come in order
    std::sort(chosen_.begin(), chosen_.end(), is_before);
  const auto last = std::unique(chosen_.begin(), chosen_.end(),
                                [](const place& a, const place& b) { return a.id == b.id; });
  chosen_.erase(last, chosen_.end());
}

void batch_columns::encode(const review_rows& rows) {
  choose(rows);
  for (std::size_t i = 0; i < columns_count; ++i)
    start_array(bytes_[i], element_types[i], chosen_.size());
  for (const auto& each : chosen_)
    append(*each.row);
}

void batch_columns::append(const review_row& row) {
  const auto& what = row.what;
  const auto micros = static_cast<std::uint64_t>(what.created_at.time_since_epoch().count());
  append_element(bytes(batch_column::review_id),
                 std::string_view(reinterpret_cast<const char*>(what.id.data), what.id.size()));
  append_element(bytes(batch_column::vendor_id), what.vendor_id);
  append_element(bytes(batch_column::author), what.author);
  append_element(bytes(batch_column::rating), rating_of(what));
  append_element(bytes(batch_column::title), what.title);
  append_element(bytes(batch_column::text), what.text);
  append_element(bytes(batch_column::created_at), micros - postgres_epoch_us);
  append_element(bytes(batch_column::topic_offset), static_cast<std::uint64_t>(row.offset));
}

} // namespace reviews

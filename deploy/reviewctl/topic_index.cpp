#include "deploy/reviewctl/topic_index.hpp"

#include <algorithm>
#include <tuple>

namespace reviews::ctl {

namespace {

constexpr unsigned offset_bits = 48;
constexpr std::uint64_t offset_mask = (std::uint64_t(1) << offset_bits) - 1;

std::uint64_t pack(log_place place) {
  return (std::uint64_t(place.partition) << offset_bits) | (std::uint64_t(place.offset) & offset_mask);
}

log_place unpack(std::uint64_t packed) {
  return {std::int32_t(packed >> offset_bits), std::int64_t(packed & offset_mask)};
}

std::uint64_t hash_of(const review_digest& review) {
  return std::hash<std::string_view>()(review.vendor_id) * 31 + std::uint64_t(review.rating);
}

} // namespace

void topic_index::add(const review_digest& record) {
  entries_.push_back({record.id, pack(record.place), hash_of(record)});
}

void topic_index::seal() {
  std::sort(entries_.begin(), entries_.end(),
            [](const entry& a, const entry& b) { return std::tie(a.id, a.place) < std::tie(b.id, b.place); });
  is_seen_.assign(entries_.size(), false);
  distinct_count_ = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i)
    distinct_count_ += i == 0 || entries_[i].id != entries_[i - 1].id;
}

std::size_t topic_index::first_of(const review_id& id) const {
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), id,
                                      [](const entry& a, const review_id& b) { return a.id < b; });
  if (found == entries_.end() || found->id != id)
    return entries_.size();
  return static_cast<std::size_t>(found - entries_.begin());
}

row_verdict topic_index::check_row(const review_digest& row, bool is_older_than_log) {
  const auto first = first_of(row.id);
  if (first == entries_.size())
    return row_verdict::not_in_log;
  is_seen_[first] = true;
  if (is_older_than_log)
    return row_verdict::matches;
  bool is_first_of_partition = true;
  for (auto i = first; i < entries_.size() && entries_[i].id == row.id; ++i) {
    if (unpack(entries_[i].place).partition != row.place.partition)
      continue;
    if (entries_[i].place == pack(row.place) && entries_[i].hash != hash_of(row))
      return row_verdict::wrong_value;
    if (entries_[i].place == pack(row.place))
      return is_first_of_partition ? row_verdict::matches : row_verdict::later_record;
    is_first_of_partition = false;
  }
  return row_verdict::wrong_place;
}

std::size_t
topic_index::visit_missing(const std::function<bool(log_place)>& is_consumed,
                           const std::function<void(const review_id&, log_place, std::size_t)>& visit) const {
  std::size_t pending_count = 0;
  for (std::size_t i = 0; i < entries_.size();) {
    const auto first = i;
    std::optional<log_place> consumed;
    std::size_t consumed_count = 0;
    for (; i < entries_.size() && entries_[i].id == entries_[first].id; ++i) {
      if (is_seen_[first] || !is_consumed(unpack(entries_[i].place)))
        continue;
      if (consumed_count++ == 0)
        consumed = unpack(entries_[i].place);
    }
    if (consumed)
      visit(entries_[first].id, *consumed, consumed_count);
    else
      pending_count += !is_seen_[first];
  }
  return pending_count;
}

} // namespace reviews::ctl

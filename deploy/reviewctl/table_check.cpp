#include "deploy/reviewctl/table_check.hpp"

#include "deploy/reviewctl/progress.hpp"

#include <boost/unordered/unordered_flat_set.hpp>

#include <algorithm>
#include <string_view>

namespace reviews::ctl {

namespace json = boost::json;

namespace {

constexpr std::size_t mismatches_max = 1000;

std::string_view kind_of(row_verdict verdict) {
  switch (verdict) {
  case row_verdict::matches: return {};
  case row_verdict::not_in_log: return "row_without_record";
  case row_verdict::wrong_place: return "row_wrong_place";
  case row_verdict::later_record: return "row_of_later_record";
  case row_verdict::wrong_value: return "row_wrong_value";
  }
  return {};
}

json::object fields_of(const review_id& id, log_place place) {
  return {{"partition", place.partition}, {"offset", place.offset}, {"review_id", to_string(id)}};
}

json::object to_json(const rating_counts& counts) {
  return {{"count", counts.count},
          {"sum", counts.sum},
          {"of_rating", json::array(counts.of_rating.begin(), counts.of_rating.end())}};
}

/// Checks one row after the other.
class row_check {
public:
  row_check(log_contents& in_log, table_contents& in_tables, findings& found)
      : log_(in_log), tables_(in_tables), found_(found) {}

  void check(const stored_row& row) {
    ++tables_.row_count;
    vendors_.insert(std::hash<std::string_view>()(row.vendor_id));
    tables_.vendor_count = vendors_.size();
    const log_place place{row.partition, row.offset};
    const auto* part = part_of(place);
    const bool is_newer = part != nullptr && place.offset >= part->end;
    const bool is_older = part != nullptr && place.offset < part->begin;
    const auto verdict =
        log_.valid.check_row({row.id, place, row.vendor_id, row.rating}, is_older || is_newer);
    tables_.newer_row_count += is_newer;
    tables_.older_row_count += is_older;
    const bool is_excused = (verdict == row_verdict::not_in_log && (is_newer || is_older)) ||
                            (verdict == row_verdict::later_record && log_.poisoned.contains(row.id));
    if (is_newer && place.offset >= part->end_now)
      found_.add("row_beyond_log", fields_of(row.id, place));
    else if (verdict != row_verdict::matches && !is_excused)
      found_.add(kind_of(verdict), fields_of(row.id, place));
  }

private:
  const log_part* part_of(log_place place) const {
    const auto index = static_cast<std::size_t>(place.partition);
    return place.partition >= 0 && index < log_.parts.size() ? &log_.parts[index] : nullptr;
  }

  log_contents& log_;
  table_contents& tables_;
  findings& found_;
  boost::unordered_flat_set<std::size_t> vendors_;
};

void check_records(log_contents& in_log, table_contents& in_tables, findings& found) {
  const auto is_consumed = [&](log_place place) {
    const auto next = in_tables.next_offsets[static_cast<std::size_t>(place.partition)];
    return next && place.offset < *next;
  };
  in_tables.pending_count =
      in_log.valid.visit_missing(is_consumed, [&](const review_id& id, log_place place, std::size_t count) {
        const auto letters = in_log.poisoned.find(id);
        const bool has_letters = letters != in_log.poisoned.end();
        // Each of its records has failed, also one that was replayed.
        if (!has_letters || (letters->second < count && !in_log.are_letters_trimmed))
          found.add("record_without_row", fields_of(id, place));
      });
  in_tables.pending_count += in_log.letters.visit_missing(is_consumed, [&](log_place place) {
    if (!in_log.are_letters_trimmed)
      found.add("record_without_dead_letter", {{"partition", place.partition}, {"offset", place.offset}});
  });
}

} // namespace

std::vector<std::optional<std::int64_t>> next_offsets_of(const std::vector<consumer_offset>& all,
                                                         const std::string& group, const std::string& topic,
                                                         std::size_t partitions) {
  std::vector<std::optional<std::int64_t>> result(partitions);
  for (const auto& each : all)
    if (each.group_id == group && each.topic == topic && each.partition >= 0 &&
        static_cast<std::size_t>(each.partition) < partitions)
      result[static_cast<std::size_t>(each.partition)] = each.next_offset;
  return result;
}

std::int64_t lag_of(const log_part& part, std::optional<std::int64_t> next_offset) {
  return std::max<std::int64_t>(part.last + 1 - std::max(part.begin, next_offset.value_or(part.begin)), 0);
}

void check_offsets(const log_contents& in_log, const table_contents& in_tables, findings& found) {
  for (std::size_t i = 0; i < in_log.parts.size(); ++i) {
    const auto& part = in_log.parts[i];
    const auto next = in_tables.next_offsets[i];
    const auto partition = static_cast<std::int64_t>(i);
    if (const auto lag = lag_of(part, next); lag > 0)
      found.add("not_caught_up", {{"partition", partition}, {"lag", lag}});
    if (next && *next < part.begin)
      found.add("offset_before_log",
                {{"partition", partition}, {"next_offset", *next}, {"log_begin", part.begin}});
    if (next && *next > std::max(part.end, part.end_now))
      found.add("offset_beyond_log",
                {{"partition", partition}, {"next_offset", *next}, {"log_end", part.end_now}});
  }
}

outcome<void> check_rows(verification& tables, log_contents& in_log, table_contents& in_tables,
                         findings& found) {
  row_check each(in_log, in_tables, found);
  progress shown("rows", in_log.valid.distinct_count());
  const auto visited = tables.visit_reviews(review_order::any, [&](const stored_row& row) {
    each.check(row);
    if (in_tables.row_count % 1024 == 0)
      shown.show(in_tables.row_count);
  });
  if (!visited)
    return visited.error();
  check_records(in_log, in_tables, found);
  return {};
}

outcome<void> check_ratings(verification& tables, findings& found) {
  const auto mismatches = tables.mismatched_ratings(mismatches_max);
  if (!mismatches)
    return mismatches.error();
  for (const auto& each : *mismatches)
    found.add("rating_mismatch", {{"vendor_id", each.vendor_id},
                                  {"stored", to_json(each.stored)},
                                  {"aggregated", to_json(each.aggregated)}});
  return {};
}

} // namespace reviews::ctl

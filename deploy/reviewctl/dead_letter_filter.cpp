#include "deploy/reviewctl/dead_letter_filter.hpp"

#include "deploy/reviewctl/time_spec.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <charconv>

namespace reviews::ctl {

namespace {

template <class Wanted, class Value>
bool is_any_of(const std::vector<Wanted>& wanted, const Value& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

void add_moment(CLI::App& command, const char* name, std::optional<timestamp>& into, const char* help) {
  command
      .add_option_function<std::string>(
          name,
          [&into, name](const std::string& text) {
            into = parse_moment(text, now_utc());
            if (!into)
              throw CLI::ValidationError(name, "expected a time as 2026-11-22T17:28:24Z or 90s, 15m, 2h, 7d "
                                               "ago, got " +
                                                   text);
          },
          help)
      ->type_name("TIME");
}

} // namespace

bool dead_letter_filter::is_open() const {
  return reasons.empty() && vendors.empty() && partitions.empty() && offsets.empty() && ids.empty() &&
         !since && !until && !attempts_max;
}

bool dead_letter_filter::passes(const dead_letter& letter) const {
  return is_any_of(reasons, letter.reason) && (vendors.empty() || is_any_of(vendors, vendor_of(letter))) &&
         is_any_of(partitions, letter.origin.partition) && is_any_of(offsets, letter.origin.offset) &&
         is_any_of(ids, letter.id) && (!since || letter.written_at >= *since) &&
         (!until || letter.written_at < *until) && (!attempts_max || letter.attempts <= *attempts_max);
}

void add_filters(CLI::App& command, dead_letter_filter& filter) {
  command
      .add_option("--reason", filter.reasons, "not_json, not_a_review, null_value, poisoned, ...; repeatable")
      ->allow_extra_args(false)
      ->type_name("NAME");
  command.add_option("--vendor", filter.vendors, "The record's key; repeatable")
      ->allow_extra_args(false)
      ->type_name("NAME");
  command.add_option("--partition", filter.partitions, "Where its record stands in the topic; repeatable")
      ->allow_extra_args(false)
      ->type_name("N");
  command.add_option("--offset", filter.offsets, "Where its record stands in the topic; repeatable")
      ->allow_extra_args(false)
      ->type_name("N");
  add_moment(command, "--since", filter.since, "Dead-lettered then or later: RFC 3339, or 2h ago as 2h");
  add_moment(command, "--until", filter.until, "Dead-lettered before");
  command.add_option("--attempts-max", filter.attempts_max, "Failed at most so often")->type_name("N");
}

void add_ids(CLI::App& command, dead_letter_filter& filter, bool are_required) {
  command
      .add_option_function<std::vector<std::string>>(
          "ID",
          [&filter](const std::vector<std::string>& texts) {
            for (const auto& text : texts) {
              const auto id = parse_letter_id(text);
              if (!id)
                throw CLI::ValidationError("ID",
                                           "expected PARTITION:OFFSET as dlq list shows it, got " + text);
              filter.ids.push_back(*id);
            }
          },
          "Dead letters as dlq list names them: 3:17")
      ->required(are_required);
}

std::optional<log_place> parse_letter_id(std::string_view text) {
  log_place place;
  const auto* end = text.data() + text.size();
  const auto partition = std::from_chars(text.data(), end, place.partition);
  if (partition.ec != std::errc() || partition.ptr == end || *partition.ptr != ':')
    return std::nullopt;
  const auto offset = std::from_chars(partition.ptr + 1, end, place.offset);
  const bool is_whole = offset.ec == std::errc() && offset.ptr == end;
  return is_whole && place.partition >= 0 && place.offset >= 0 ? std::optional(place) : std::nullopt;
}

std::string to_text(log_place place) {
  return place.partition < 0 ? "-" : std::to_string(place.partition) + ":" + std::to_string(place.offset);
}

} // namespace reviews::ctl

#include "deploy/reviewctl/verify_report.hpp"

#include "deploy/reviewctl/text.hpp"

#include <boost/json/serialize.hpp>

#include <string_view>
#include <utility>
#include <vector>

namespace reviews::ctl {

namespace json = boost::json;

namespace {

using count = std::pair<std::string_view, std::uint64_t>;

/// The counts by name, the same in both forms.
std::vector<count> counts_of(const verify_report& report) {
  const auto& log = report.in_log;
  const auto& tables = report.in_tables;
  return {{"records", log.record_count},
          {"valid", log.valid.size()},
          {"invalid", log.letters.invalid_count()},
          {"duplicates", log.valid.size() - log.valid.distinct_count()},
          {"reviews", log.valid.distinct_count()},
          {"rows", tables.row_count},
          {"vendors", tables.vendor_count},
          {"dead_letters", log.letters.dead_letter_count()},
          {"resolved", log.resolved_count},
          {"poisoned", log.poisoned.size()},
          {"pending", tables.pending_count}};
}

constexpr std::string_view meaning_of(std::string_view name) {
  if (name == "records")
    return "in the topic";
  if (name == "duplicates")
    return "valid records whose review_id an earlier one had";
  if (name == "reviews")
    return "different review_ids in the topic";
  if (name == "rows")
    return "in reviews";
  if (name == "resolved")
    return "dead letters that were replayed or dropped";
  if (name == "poisoned")
    return "reviews among the dead letters";
  if (name == "pending")
    return "records that the consumer has not come to yet";
  return "";
}

/// What could not be checked, and why.
std::vector<std::string> notes_of(const verify_report& report) {
  std::vector<std::string> notes;
  if (const auto rows = report.in_tables.older_row_count; rows != 0)
    notes.push_back(std::to_string(rows) +
                    " rows are older than the log, whose beginning has moved: only counted");
  if (const auto rows = report.in_tables.newer_row_count; rows != 0)
    notes.push_back(std::to_string(rows) + " rows came after the walk of the log: not checked");
  if (report.in_log.are_letters_trimmed)
    notes.emplace_back("dead letters have been removed by retention: missing ones are not looked for");
  return notes;
}

std::string offsets_text(const verify_report& report) {
  std::string text = "\n" + padded("partition", 11) + padded("begin", 12) + padded("end", 12) +
                     padded("next_offset", 13) + "lag\n";
  for (std::size_t i = 0; i < report.in_log.parts.size(); ++i) {
    const auto& part = report.in_log.parts[i];
    const auto next = report.in_tables.next_offsets[i];
    text += padded(std::to_string(i), 11) + padded(std::to_string(part.begin), 12) +
            padded(std::to_string(part.end), 12) + padded(next ? std::to_string(*next) : "-", 13) +
            std::to_string(lag_of(part, next)) + "\n";
  }
  return text;
}

} // namespace

std::string to_text(const verify_report& report) {
  std::string text;
  for (const auto& [name, number] : counts_of(report)) {
    const auto meaning = meaning_of(name);
    text +=
        padded(name, 14) + (meaning.empty() ? std::to_string(number) : padded(std::to_string(number), 12));
    text.append(meaning).append("\n");
  }
  text += offsets_text(report) + "\n";
  for (const auto& note : notes_of(report))
    text += "note: " + note + "\n";
  text += report.found.to_text();
  text += report.found.empty() ? "holds: every review stored once, as sent; ratings and offsets right\n"
                               : "does not hold: see above\n";
  return text;
}

std::string to_json(const verify_report& report) {
  json::object out{{"ok", report.found.empty()}};
  for (const auto& [name, number] : counts_of(report))
    out[name] = number;
  json::array partitions;
  for (std::size_t i = 0; i < report.in_log.parts.size(); ++i) {
    const auto& part = report.in_log.parts[i];
    const auto next = report.in_tables.next_offsets[i];
    partitions.push_back({{"partition", i},
                          {"begin", part.begin},
                          {"end", part.end},
                          {"next_offset", next ? json::value(*next) : json::value(nullptr)},
                          {"lag", lag_of(part, next)}});
  }
  out["partitions"] = std::move(partitions);
  json::array notes;
  for (const auto& note : notes_of(report))
    notes.emplace_back(note);
  out["notes"] = std::move(notes);
  out["problems"] = report.found.to_json();
  return json::serialize(out);
}

} // namespace reviews::ctl

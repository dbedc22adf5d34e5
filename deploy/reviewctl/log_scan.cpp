#include "deploy/reviewctl/log_scan.hpp"

#include "actors/model/review_json.hpp"
#include "deploy/reviewctl/dead_letter.hpp"
#include "deploy/reviewctl/progress.hpp"
#include "kafka/topic_reader.hpp"
#include "kafka/topics.hpp"

#include <algorithm>

namespace reviews::ctl {

using namespace std::chrono_literals;

namespace {

constexpr auto ask_timeout = 10s;
constexpr auto stall_timeout = 30s;

std::uint64_t size_of(const std::vector<offset_range>& ranges) {
  std::uint64_t sum = 0;
  for (const auto& each : ranges)
    sum += static_cast<std::uint64_t>(std::max<std::int64_t>(each.end - each.begin, 0));
  return sum;
}

class scanner {
public:
  explicit scanner(log_contents& into) : into_(into) {}

  void visit(const kafka::topic_record& record) {
    const auto partition = static_cast<std::size_t>(record.partition);
    if (partition >= into_.parts.size() || record.offset >= into_.parts[partition].end)
      return; // newer than the walk
    auto& last = into_.parts[partition].last;
    last = std::max(last, record.offset);
    ++into_.record_count;
    const log_place place{record.partition, record.offset};
    if (record.value) {
      const auto decoded = decoder_.decode_stored(*record.value);
      if (const auto* found = std::get_if<review>(&decoded))
        return into_.valid.add({found->id, place, found->vendor_id, found->rating});
    }
    into_.letters.add_invalid(place, record.key, record.value);
  }

private:
  log_contents& into_;
  review_decoder decoder_;
};

} // namespace

outcome<void> scan_topic(const kafka_params& where, log_contents& into) {
  const auto ranges = kafka::ranges_of(where, where.topic, ask_timeout);
  if (!ranges)
    return ranges.error();
  for (const auto& each : *ranges)
    into.parts.push_back({each.begin, each.end, -1, each.end});
  const auto expected = size_of(*ranges);
  into.valid.reserve(expected);
  scanner scan(into);
  progress shown("topic", expected);
  const auto walked = kafka::read_topic(
      where, where.topic,
      [&](const kafka::topic_record& record) {
        scan.visit(record);
        if (into.record_count % 1024 == 0)
          shown.show(into.record_count);
      },
      stall_timeout);
  if (!walked)
    return walked.error();
  into.valid.seal();
  return {};
}

outcome<void> note_end_now(const kafka_params& where, log_contents& into) {
  const auto ranges = kafka::ranges_of(where, where.topic, ask_timeout);
  if (!ranges)
    return ranges.error();
  for (std::size_t i = 0; i < into.parts.size() && i < ranges->size(); ++i)
    into.parts[i].end_now = (*ranges)[i].end;
  return {};
}

outcome<void> scan_dead_letters(const kafka_params& where, log_contents& into) {
  const auto ranges = kafka::ranges_of(where, where.dlq_topic, ask_timeout);
  if (!ranges)
    return ranges.error();
  into.are_letters_trimmed =
      std::any_of(ranges->begin(), ranges->end(), [](const auto& each) { return each.begin > 0; });
  progress shown("dead letters", size_of(*ranges));
  review_decoder decoder;
  const auto walked = kafka::read_topic(
      where, where.dlq_topic,
      [&](const kafka::topic_record& letter) {
        if (!letter.value && read_marker(letter.partition, letter.whole->copy())) {
          ++into.resolved_count;
          return;
        }
        into.letters.add_dead_letter(letter.key, letter.value);
        if (!letter.value)
          return;
        const auto decoded = decoder.decode_stored(*letter.value);
        if (const auto* found = std::get_if<review>(&decoded))
          ++into.poisoned[found->id];
        shown.show(into.letters.dead_letter_count());
      },
      stall_timeout);
  return walked ? outcome<void>() : outcome<void>(walked.error());
}

} // namespace reviews::ctl

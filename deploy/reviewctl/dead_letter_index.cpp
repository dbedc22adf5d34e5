#include "deploy/reviewctl/dead_letter_index.hpp"

#include "deploy/reviewctl/progress.hpp"
#include "kafka/topic_reader.hpp"
#include "kafka/topics.hpp"

#include <algorithm>
#include <chrono>

namespace reviews::ctl {

using namespace std::chrono_literals;

namespace {

constexpr auto ask_timeout = 10s;
constexpr auto stall_timeout = 30s;

} // namespace

dead_letter_index::identity dead_letter_index::identity_of(const dead_letter& letter) {
  const auto hash_of = [](const std::optional<std::string>& bytes) {
    return bytes ? std::hash<std::string>()(*bytes) : 1;
  };
  if (letter.origin.partition < 0) // nobody knows what it is like
    return {"", letter.id, 0};
  return {letter.topic, letter.origin, hash_of(letter.what.key) * 31 + hash_of(letter.what.value)};
}

void dead_letter_index::add(log_place id, timestamp written_at, record what) {
  if (auto marker = read_marker(id.partition, what)) {
    verdicts_[marker->letter] = std::move(marker->verdict);
    return;
  }
  const auto letter = read_dead_letter(id, written_at, std::move(what));
  auto key = identity_of(letter);
  auto& of_one = records_[key];
  of_one.letters.emplace_back(written_at, id);
  std::sort(of_one.letters.begin(), of_one.letters.end());
  of_one.passes = of_one.passes || filter_.passes(letter);
  identities_.emplace(id, std::move(key));
}

const std::pair<timestamp, log_place>* dead_letter_index::open_letter_of(const of_record& each) const {
  const auto found = std::find_if(each.letters.begin(), each.letters.end(),
                                  [this](const auto& letter) { return !verdicts_.contains(letter.second); });
  return found == each.letters.end() ? nullptr : &*found;
}

std::vector<log_place> dead_letter_index::chosen(std::size_t limit) const {
  std::vector<std::pair<timestamp, log_place>> found;
  for (const auto& [key, each] : records_) {
    const auto* open = open_letter_of(each);
    if (each.passes && (open || filter_.with_resolved))
      found.push_back(open ? *open : each.letters.front());
  }
  std::sort(found.begin(), found.end());
  found.resize(std::min(limit, found.size()));
  std::vector<log_place> ids;
  for (const auto& [written_at, id] : found)
    ids.push_back(id);
  return ids;
}

std::string dead_letter_index::state_of(log_place id) const {
  const auto found = verdicts_.find(id);
  return found == verdicts_.end() ? "open" : found->second;
}

std::vector<log_place> dead_letter_index::likes_of(log_place id) const {
  std::vector<log_place> likes{id};
  const auto key = identities_.find(id);
  if (key == identities_.end())
    return likes;
  for (const auto& [written_at, other] : records_.at(key->second).letters)
    if (other != id && !verdicts_.contains(other))
      likes.push_back(other);
  return likes;
}

std::map<std::int32_t, std::size_t> dead_letter_index::open_by_origin() const {
  std::map<std::int32_t, std::size_t> counts;
  for (const auto& [key, each] : records_)
    if (each.passes && open_letter_of(each))
      ++counts[std::get<std::string>(key).empty() ? -1 : std::get<log_place>(key).partition];
  return counts;
}

outcome<std::vector<offset_range>> scan_into(const kafka_params& where, const std::vector<offset_range>& from,
                                             dead_letter_index& index) {
  const auto ends = kafka::ranges_of(where, where.dlq_topic, ask_timeout);
  if (!ends)
    return ends.error();
  auto parts = *ends;
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i < from.size())
      parts[i].begin = std::max(parts[i].begin, from[i].end);
    total += static_cast<std::uint64_t>(std::max<std::int64_t>(parts[i].end - parts[i].begin, 0));
  }
  progress shown("dead letters", total);
  std::uint64_t done = 0;
  const auto walked = kafka::read_ranges(
      where, where.dlq_topic, parts,
      [&](const kafka::topic_record& each) {
        index.add({each.partition, each.offset}, each.written_at, each.whole->copy());
        shown.show(++done);
        return true;
      },
      stall_timeout);
  if (!walked)
    return walked.error();
  return *ends;
}

outcome<void> visit_letters(const kafka_params& where, const std::vector<log_place>& ids,
                            const std::function<bool(dead_letter)>& visit) {
  auto wanted = ids;
  std::sort(wanted.begin(), wanted.end());
  std::vector<offset_range> parts;
  for (const auto& id : wanted) {
    const auto index = static_cast<std::size_t>(id.partition);
    if (parts.size() <= index)
      parts.resize(index + 1);
    if (parts[index].end == 0)
      parts[index].begin = id.offset;
    parts[index].end = id.offset + 1;
  }
  bool goes_on = true;
  const auto walked = kafka::read_ranges(
      where, where.dlq_topic, parts,
      [&](const kafka::topic_record& each) {
        const log_place id{each.partition, each.offset};
        if (goes_on && std::binary_search(wanted.begin(), wanted.end(), id))
          goes_on = visit(read_dead_letter(id, each.written_at, each.whole->copy()));
        return goes_on;
      },
      stall_timeout);
  return walked ? outcome<void>() : outcome<void>(walked.error());
}

} // namespace reviews::ctl

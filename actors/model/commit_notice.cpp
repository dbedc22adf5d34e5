#include "actors/model/commit_notice.hpp"

#include "actors/model/json_members.hpp"
#include "actors/model/json_write.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>

namespace reviews {

namespace {

using namespace json_members;
using namespace json_write;

/// What follows the list: its end, the last member's name, up to 20 digits and the brace.
constexpr std::string_view list_end = R"(],"inserted":)";
constexpr std::size_t end_bytes_max = list_end.size() + 21;

std::int64_t micros_of(timestamp when) {
  return when.time_since_epoch().count();
}

timestamp timestamp_of(std::int64_t micros) {
  return timestamp(std::chrono::microseconds(micros));
}

/// One of the list, and the comma after it.
void append_listed(std::string& out, const review_row& row) {
  append_to(out.append("[\""), row.what.id);
  out.append("\",").append(std::to_string(row.offset)).append(",");
  out.append(std::to_string(micros_of(row.consumed_at))).append("],");
}

/// The newest rows that `room` bytes hold, the oldest of them first.
void append_list(std::string& out, const review_rows& rows, std::size_t room) {
  const auto begin = out.size();
  for (auto i = rows.size() - std::min(rows.size(), noticed_reviews_max); i < rows.size(); ++i)
    append_listed(out, rows[i]);
  auto first = begin; // of those that stay
  while (out.size() - first > room)
    first = out.find("],", first) + 2;
  out.erase(begin, first - begin);
  if (out.size() > begin)
    out.pop_back();
}

noticed_review read_listed(const boost::json::value& from) {
  const auto& parts = list(from);
  if (parts.size() < 3)
    throw std::invalid_argument("review");
  const auto id = parse_review_id(text(parts[0]));
  if (!id)
    throw std::invalid_argument("review_id");
  return {*id, number(parts[1]), timestamp_of(number(parts[2]))};
}

commit_notice read_notice(const boost::json::value& from) {
  commit_notice result;
  result.by = {text(from, "topic"), text(from, "group"), text(from, "consumer"), text(from, "actor"),
               text(from, "writer")};
  result.partition = static_cast<std::int32_t>(number(from, "partition"));
  result.from_offset = number(from, "from");
  result.next_offset = number(from, "next");
  result.rows = static_cast<std::size_t>(number(from, "rows"));
  result.inserted = static_cast<std::size_t>(number(from, "inserted"));
  for (const auto& each : list(member(from, "reviews")))
    result.reviews.push_back(read_listed(each));
  return result;
}

} // namespace

std::string begin_commit_notice(const review_batch& batch, const batch_handler& by) {
  std::string out;
  out.reserve(std::min(notice_bytes_max, 512 + batch.rows.size() * 72));
  append_text(out, R"({"topic")", by.topic);
  append_text(out, R"(,"group")", by.group);
  append_number(out, R"(,"partition")", batch.partition);
  append_number(out, R"(,"from")", batch.from_offset.value_or(0));
  append_number(out, R"(,"next")", batch.next_offset);
  append_number(out, R"(,"rows")", static_cast<std::int64_t>(batch.rows.size()));
  append_text(out, R"(,"consumer")", by.consumer);
  append_text(out, R"(,"actor")", by.actor);
  append_text(out, R"(,"writer")", by.writer);
  out += R"(,"reviews":[)";
  const auto used = out.size() + end_bytes_max;
  append_list(out, batch.rows, notice_bytes_max - std::min(notice_bytes_max, used));
  return out.append(list_end);
}

void append_handling(std::string& out, const commit_notice& of) {
  append_text(out, R"("consumer")", of.by.consumer);
  append_text(out, R"(,"actor")", of.by.actor);
  append_text(out, R"(,"writer")", of.by.writer);
  append_number(out, R"(,"batch":{"from_offset")", of.from_offset);
  append_number(out, R"(,"next_offset")", of.next_offset);
  append_number(out, R"(,"rows")", static_cast<std::int64_t>(of.rows));
  out.push_back('}');
}

outcome<commit_notice> parse_commit_notice(std::string_view payload) {
  try {
    return read_notice(boost::json::parse({payload.data(), payload.size()}));
  } catch (const std::exception& wrong) {
    return failure{
        ec::invalid, std::string("commit notice: expected one, got a fault at ") + wrong.what(), {}};
  }
}

} // namespace reviews

#include "actors/model/feed_events.hpp"

#include "actors/model/event_ring.hpp"
#include "actors/model/json_write.hpp"

namespace reviews {

using namespace json_write;

std::string review_event(const stored_review& what, const heard_commit& by, timestamp consumed_at,
                         std::size_t skipped) {
  std::string out = "event: review\nid: " + to_string(event_id{what.partition, what.offset});
  out += R"(
data: {"review":)";
  append_json(out, what);
  out.push_back(',');
  append_handling(out, by.what);
  append_time(out, R"(,"consumed_at")", consumed_at);
  append_time(out, R"(,"committed_at")", by.heard_at);
  append_number(out, R"(,"skipped")", static_cast<std::int64_t>(skipped));
  return out.append("}\n\n");
}

std::string pipeline_event(std::string_view json) {
  return std::string("event: pipeline\ndata: ").append(json).append("\n\n");
}

} // namespace reviews

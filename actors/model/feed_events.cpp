#include "actors/model/feed_events.hpp"

#include "actors/model/event_ring.hpp"
#include "actors/model/review_json.hpp"

namespace reviews {

std::string review_event(const stored_review& what, const heard_commit& by, timestamp consumed_at,
                         std::size_t skipped) {
  std::string out = "event: review\nid: " + to_string(event_id{what.partition, what.offset});
  out += R"(
data: {"review":)";
  append_json(out, what);
  out.push_back(',');
  append_handling(out, by.what);
  out += R"(,"consumed_at":")";
  append_rfc3339(out, consumed_at);
  out += R"(","committed_at":")";
  append_rfc3339(out, by.heard_at);
  return out.append(R"(","skipped":)").append(std::to_string(skipped)).append("}\n\n");
}

std::string pipeline_event(std::string_view json) {
  return std::string("event: pipeline\ndata: ").append(json).append("\n\n");
}

} // namespace reviews

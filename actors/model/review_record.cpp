#include "actors/model/review_record.hpp"

#include "actors/model/review_json.hpp"
#include "actors/model/utf8.hpp"

#include <utility>

namespace reviews {

namespace {

constexpr std::string_view error_header_prefix = "__connect.errors.";

std::string within_limit(std::string_view message) {
  if (message.size() <= dead_letter_message_bytes_max)
    return std::string(message);
  constexpr std::string_view ellipsis = "...";
  message = message.substr(0, dead_letter_message_bytes_max - ellipsis.size());
  return std::string(message.substr(0, utf8::well_formed_prefix(message))).append(ellipsis);
}

} // namespace

record make_review_record(const review_view& r, const trace_context& trace) {
  // Names of members, id, rating, time, punctuation: unless something must be escaped, nothing grows.
  constexpr std::size_t frame_bytes = 192;
  record out;
  out.key = r.vendor_id;
  auto& value = out.value.emplace();
  value.reserve(frame_bytes + r.vendor_id.size() + r.author.size() + (r.title ? r.title->size() : 0) +
                (r.text ? r.text->size() : 0));
  append_json(value, r);
  out.headers.reserve(trace.traceparent.empty() ? 2 : 4);
  out.headers.push_back({"content-type", "application/json"});
  out.headers.push_back({"schema", "review/1"});
  if (!trace.traceparent.empty())
    out.headers.push_back({"traceparent", std::string(trace.traceparent)});
  if (!trace.tracestate.empty())
    out.headers.push_back({"tracestate", trace.tracestate});
  return out;
}

record make_dead_letter(record original, const dead_letter_reason& reason) {
  auto& headers = original.headers;
  const auto add = [&headers](std::string_view name, std::string value) {
    headers.push_back({std::string(error_header_prefix).append(name), std::move(value)});
  };
  add("topic", reason.topic);
  add("partition", std::to_string(reason.partition));
  add("offset", std::to_string(reason.offset));
  add("exception.class.name", reason.exception_class);
  add("exception.message", within_limit(reason.message));
  add("stage", reason.stage);
  return original;
}

bool shrink_dead_letter(record& letter) {
  const auto drop = [&letter](std::optional<std::string>& content, const char* what) {
    const bool had = content.has_value();
    if (had)
      letter.headers.push_back({std::string(error_header_prefix) + what, std::to_string(content->size())});
    content.reset();
    return had;
  };
  if (drop(letter.value, "dropped.value.bytes"))
    return true;
  const auto headers_count = letter.headers.size();
  std::erase_if(letter.headers,
                [](const record_header& header) { return !header.name.starts_with(error_header_prefix); });
  const bool had_key = drop(letter.key, "dropped.key.bytes");
  return had_key || letter.headers.size() < headers_count;
}

} // namespace reviews

#include "http/review_answer.hpp"

#include "actors/model/json_write.hpp"

#include <utility>

namespace reviews {

namespace {

using namespace json_write;

// Keeps its buffers; any session of the thread may use it, one at a time.
review_decoder& decoder_of_thread() {
  thread_local review_decoder decoder;
  return decoder;
}

/// The members that every answer about a review begins with; its object stays open.
void append_place(std::string& out, const taken_in& what, std::string_view status, const receipt& where) {
  out += R"({"review_id":")";
  append_to(out, what.id);
  append_text(out, R"(","vendor_id")", what.vendor_id);
  out.append(R"(,"status":")").append(status);
  out.append(R"(","partition":)").append(std::to_string(where.partition));
  out.append(R"(,"offset":)").append(std::to_string(where.offset));
  append_time(out, R"(,"created_at")", what.created_at);
}

} // namespace

std::variant<review_view, refusal> take_in(std::string_view json, std::string_view key, timestamp now) {
  auto decoded = decoder_of_thread().view_posted(json);
  if (auto* broken = std::get_if<not_json>(&decoded))
    return refusal{problem_kind::not_json, std::move(broken->detail), {}};
  if (auto* wrong = std::get_if<not_a_review>(&decoded))
    return refusal{problem_kind::not_a_review, "review: expected one by the rules, got the errors listed",
                   std::move(wrong->violations)};

  const auto& draft = std::get<draft_view>(decoded);
  review_view taken{{}, draft.vendor_id, draft.author, draft.rating, draft.title, draft.text, now};
  if (key.empty()) {
    taken.id = draft.id ? *draft.id : make_review_id(now);
  } else {
    taken.id = review_id_of_key(draft.vendor_id, key);
    if (draft.id && *draft.id != taken.id)
      return refusal{
          problem_kind::not_a_review,
          "review: expected one by the rules, got the errors listed",
          {{"/review_id", "expected none, or the id that the Idempotency-Key gives, got another one"}}};
  }
  return taken;
}

void append_receipt(std::string& out, const taken_in& what, const receipt& where) {
  append_place(out, what, "accepted", where);
  out.push_back('}');
}

void append_stored(std::string& out, const taken_in& what, const acknowledgement& got,
                   const commit_story& story) {
  if (story.what == commit_story::fate::duplicate) {
    const auto& row = *story.row;
    append_place(out, {row.what.id, row.what.vendor_id, row.what.created_at}, "stored",
                 {row.partition, row.offset});
    append_time(out, R"(,"stored_at")", row.stored_at);
    out += R"(,"duplicate":true})";
    return;
  }
  append_place(out, what, "stored", got.where);
  append_time(out, R"(,"stages":{"taken_in_at")", what.created_at);
  append_time(out, R"(,"acknowledged_at")", got.at);
  if (story.consumed_at)
    append_time(out, R"(,"consumed_at")", *story.consumed_at);
  else
    out += R"(,"consumed_at":null)";
  append_time(out, R"(,"committed_at")", story.commit->heard_at);
  out += "},";
  append_handling(out, story.commit->what);
  out.push_back('}');
}

} // namespace reviews

#include "actors/model/review_json.hpp"

#include <boost/json/serializer.hpp>

#include <array>
#include <charconv>

namespace reviews {

void append_json_string(std::string& out, std::string_view text) {
  thread_local boost::json::serializer writer;
  constexpr std::size_t quotes_and_some = 16;
  writer.reset(boost::json::string_view(text.data(), text.size()));
  auto used = out.size();
  out.resize(used + text.size() + quotes_and_some);
  for (;;) {
    used += writer.read(out.data() + used, out.size() - used).size();
    if (writer.done())
      break;
    out.resize(out.size() + text.size() + quotes_and_some);
  }
  out.resize(used);
}

namespace {

/// The members of a review, the object still open.
void append_members(std::string& out, const review_view& r) {
  out += R"({"review_id":")";
  append_to(out, r.id);
  out += R"(","vendor_id":)";
  append_json_string(out, r.vendor_id);
  out += R"(,"author":)";
  append_json_string(out, r.author);
  out += R"(,"rating":)";
  std::array<char, 16> digits{};
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), r.rating).ptr);
  if (r.title) {
    out += R"(,"title":)";
    append_json_string(out, *r.title);
  }
  if (r.text) {
    out += R"(,"text":)";
    append_json_string(out, *r.text);
  }
  out += R"(,"created_at":")";
  append_rfc3339(out, r.created_at);
  out.push_back('"');
}

} // namespace

void append_json(std::string& out, const review_view& r) {
  append_members(out, r);
  out.push_back('}');
}

void append_json(std::string& out, const stored_review& r) {
  append_members(out, view_of(r.what));
  out += R"(,"stored_at":")";
  append_rfc3339(out, r.stored_at);
  out.append(R"(","partition":)").append(std::to_string(r.partition));
  out.append(R"(,"offset":)").append(std::to_string(r.offset));
  out.push_back('}');
}

} // namespace reviews

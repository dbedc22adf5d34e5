#include "actors/model/review_json.hpp"
#include "actors/model/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

using namespace reviews;

namespace {

void require(bool holds) {
  if (!holds)
    std::abort();
}

/// Any text: no crash, and what is said of it can be sent on as JSON.
void check_words(const std::string& detail) {
  require(!detail.empty());
  require(utf8::well_formed_prefix(detail) == detail.size());
}

std::string json_of(const review& r) {
  std::string out;
  append_json(out, view_of(r));
  return out;
}

/// A draft that was accepted keeps the rules when written as a stored review.
void check_round_trip(review_decoder& decoder, const draft_view& draft) {
  const auto written = copy_of(review_view{draft.id.value_or(review_id{}), draft.vendor_id, draft.author,
                                           draft.rating, draft.title, draft.text, timestamp{}});
  const auto decoded = decoder.decode_stored(json_of(written));
  const auto* read = std::get_if<review>(&decoded);
  require(read != nullptr);
  require(read->id == written.id && read->vendor_id == written.vendor_id && read->author == written.author &&
          read->rating == written.rating && read->title == written.title && read->text == written.text &&
          read->created_at == written.created_at);
}

/// The verdict of a decoder that was used before is that of a fresh one.
void check_fresh(std::string_view json, std::size_t verdict) {
  review_decoder fresh;
  require(fresh.view_posted(json).index() == verdict);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static review_decoder decoder;
  const std::string_view json(reinterpret_cast<const char*>(data), size);

  const auto posted = decoder.view_posted(json);
  check_fresh(json, posted.index());
  if (const auto* wrong = std::get_if<not_json>(&posted))
    check_words(wrong->detail);
  if (const auto* broken = std::get_if<not_a_review>(&posted)) {
    require(!broken->violations.empty());
    for (const auto& [pointer, detail] : broken->violations) {
      require(utf8::well_formed_prefix(pointer) == pointer.size());
      check_words(detail);
    }
  }
  if (const auto* draft = std::get_if<draft_view>(&posted))
    check_round_trip(decoder, *draft);

  const auto stored = decoder.decode_stored(json);
  require(std::holds_alternative<not_json>(stored) == std::holds_alternative<not_json>(posted));
  if (const auto* read = std::get_if<review>(&stored)) {
    const auto again = decoder.decode_stored(json_of(*read));
    require(std::holds_alternative<review>(again) && json_of(std::get<review>(again)) == json_of(*read));
  }
  return 0;
}

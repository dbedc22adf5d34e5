#pragma once

#include "actors/model/review.hpp"
#include "actors/model/stored_review.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace reviews {

/// The text is not JSON (RFC 8259) or not UTF-8. `detail` says where or why.
struct not_json {
  std::string detail;
};

/// JSON, but not a review: every broken rule, in the order of the document,
/// missing members last. Details quote numbers of up to six digits and
/// lengths, never what a string says; pointers name members as sent. Of unknown
/// and duplicate members 100 are named, then one violation (pointer "") counts the rest.
struct not_a_review {
  std::vector<violation> violations;
};

/// Decodes reviews from JSON and checks every rule of the contract. Keeps its
/// buffers, so one per thread or per actor; not thread-safe.
///
/// Numbers too large for 64 bits and unpaired surrogates in escapes are JSON
/// by the grammar, so they are violations and not `not_json`; a byte order mark
/// is `not_json`. Limits: nesting of 1024; a deeper document is `not_json`. The
/// buffers stay as large as the largest text so far asked for: some ten times
/// its size, so bound the text first. Throws only std::bad_alloc.
class review_decoder {
public:
  review_decoder();
  ~review_decoder();
  review_decoder(review_decoder&&) noexcept;
  review_decoder& operator=(review_decoder&&) noexcept;

  /// A review as posted, without copies: the draft lives until the next text is decoded.
  /// Unknown and duplicate members are violations.
  std::variant<draft_view, not_json, not_a_review> view_posted(std::string_view json);

  /// The value of a Kafka record: as posted, and `review_id` and `created_at` are required.
  std::variant<review, not_json, not_a_review> decode_stored(std::string_view json);

  /// As `decode_stored`, without copies: the review lives until the next text is decoded.
  std::variant<review_view, not_json, not_a_review> view_stored(std::string_view json);

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

/// Appends `text` (UTF-8; ill-formed bytes pass unchanged) as a JSON string with its quotes.
void append_json_string(std::string& out, std::string_view text);

/// Appends the review as JSON, members in the contract's order: review_id,
/// vendor_id, author, rating, title, text, created_at. Absent ones are left out.
void append_json(std::string& out, const review_view& r);

/// As above, with stored_at, partition and offset after it: a review as it is read back.
void append_json(std::string& out, const stored_review& r);

} // namespace reviews

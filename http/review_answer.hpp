#pragma once

#include "actors/model/commit_story.hpp"
#include "actors/model/failure.hpp"
#include "actors/model/record.hpp"
#include "actors/model/review_json.hpp"
#include "http/problem.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace reviews {

/// Why one posted review is not taken in, as a problem in the making.
struct refusal {
  problem_kind kind = problem_kind::not_json;
  std::string detail;
  std::vector<violation> errors;
};

/// What becomes known of a review before it is published, for its answer.
struct taken_in {
  review_id id{};
  std::string vendor_id;
  timestamp created_at{};
};

/// Where the broker put a review, and when we heard of it.
struct acknowledgement {
  receipt where;
  timestamp at{};
};

/// Decodes one posted review and gives it its id: that of `key`, the client's
/// own, or a fresh one.
/// @param key What the id is made of with the vendor; empty: there is none.
/// @return A review that lives until this thread takes in the next.
std::variant<review_view, refusal> take_in(std::string_view json, std::string_view key, timestamp now);

/// Appends the receipt of an acknowledged review as a JSON object.
void append_receipt(std::string& out, const taken_in& what, const receipt& where);

/// Appends what became of an acknowledged review whose commit was waited for, as a
/// JSON object: when it was stored, with the time of each stage and the batch that
/// it was in; when a review of its id was stored before, what is stored.
/// @pre `story` tells of either.
void append_stored(std::string& out, const taken_in& what, const acknowledgement& got,
                   const commit_story& story);

} // namespace reviews

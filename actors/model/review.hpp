#pragma once

#include "actors/model/review_id.hpp"
#include "actors/model/timestamp.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace reviews {

/// The limits of a review, in Unicode code points after JSON decoding.
namespace review_limits {
inline constexpr std::size_t vendor_id_length_max = 64;
inline constexpr std::size_t author_length_max = 80;
inline constexpr std::size_t title_length_max = 120;
inline constexpr std::size_t text_length_max = 4000;
inline constexpr int rating_min = 1;
inline constexpr int rating_max = 5;
} // namespace review_limits

/// A review as a client posts it: checked by the rules, not yet taken in.
struct review_draft {
  std::optional<review_id> id; ///< Chosen by the client.
  std::string vendor_id;
  std::string author;
  int rating = 0;
  std::optional<std::string> title;
  std::optional<std::string> text;
};

/// A review as it travels and as it is stored.
struct review {
  review_id id{};
  std::string vendor_id;
  std::string author;
  int rating = 0;
  std::optional<std::string> title;
  std::optional<std::string> text;
  timestamp created_at{}; ///< When the producer took it in.
};

/// A review whose strings belong to somebody else, such as a decoder or `review_rows`.
struct review_view {
  review_id id{};
  std::string_view vendor_id;
  std::string_view author;
  int rating = 0;
  std::optional<std::string_view> title;
  std::optional<std::string_view> text;
  timestamp created_at{};
};

/// A view of `what`; lives no longer than it.
review_view view_of(const review& what);

/// A draft whose strings belong to somebody else.
struct draft_view {
  std::optional<review_id> id;
  std::string_view vendor_id;
  std::string_view author;
  int rating = 0;
  std::optional<std::string_view> title;
  std::optional<std::string_view> text;
};

/// A review with strings of its own.
review copy_of(const review_view& what);

/// One broken rule. `pointer` is a JSON Pointer (RFC 6901) to the member.
struct violation {
  std::string pointer;
  std::string detail; ///< `expected an integer from 1 to 5, got 9`
};

} // namespace reviews

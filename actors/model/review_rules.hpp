#pragma once

#include "actors/model/review.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace reviews {

/// What a JSON value is. `integer`: written without fraction and exponent.
enum class json_kind : std::uint8_t { null, boolean, integer, number, string, array, object };

/// A member's value as far as the rules look at it.
struct json_value {
  json_kind kind = json_kind::null;
  std::int64_t integer = 0; ///< Of an `integer`; one out of range is the nearest in range.
  std::string_view text{};  ///< Of a `string`, well-formed UTF-8.
};

/// The form a review comes in: as posted, or as stored with its id and time.
enum class review_form : std::uint8_t { posted, stored };

/// A review whose strings still live in the decoder's buffer.
struct review_members : draft_view {
  std::optional<timestamp> created_at;
};

/// Unknown and repeated members that one review's violations name; one more
/// violation counts the rest.
inline constexpr std::size_t strange_members_max = 100;

/// Checks the members of one review, one after the other, by the contract's
/// rules. Knows nothing of how JSON is read. Used again for the next review.
class review_rules {
public:
  /// Begins a review; forgets the one before.
  void begin(review_form form);

  /// Checks one member, in the order of the document. `name` and `value` must
  /// live as long as `members` is looked at.
  void check_member(std::string_view name, const json_value& value);

  /// Ends the review: what is missing is a violation too. True when no rule is broken.
  [[nodiscard]] bool finish();

  /// What was read; meaningful once `finish` returned true.
  const review_members& members() const noexcept { return members_; }

  /// Takes every broken rule, in the order of the document, missing members last.
  std::vector<violation> take_violations() noexcept { return std::move(violations_); }

  /// The violation of a document that is no object at all.
  static violation not_an_object(json_kind got);

private:
  enum class member : std::uint8_t { review_id, vendor_id, author, rating, title, text, created_at, unknown };

  struct member_rule {
    std::string_view name;
    std::string_view expected;
  };

  static const std::array<member_rule, 8> rules; ///< By `member`.

  static const member_rule& rule_of(member which) noexcept;
  template <member Which>
  static member only_if(std::string_view name) noexcept;
  member member_of(std::string_view name) const noexcept;
  void check_known(member which, const json_value& value);
  void check_rating(const json_value& value);
  void check_string(member which, std::string_view text);
  void check_vendor_id(std::string_view text);
  void check_author(std::string_view text);
  void check_optional(member which, std::string_view text, std::size_t length_max);
  void check_review_id(std::string_view text);
  void check_created_at(std::string_view text);
  void check_length(member which, std::string_view text, std::size_t length_max);
  void check_code_points(member which, std::string_view text);
  bool is_seen(member which) const noexcept;
  void require(member which);
  void add(member which, std::string_view got);
  void add_strange(std::string_view name, std::string_view detail);

  review_form form_ = review_form::posted;
  review_members members_;
  std::vector<violation> violations_;
  std::uint8_t seen_ = 0; ///< A bit a known member.
  std::set<std::string_view> unknown_;
  std::size_t strange_count_ = 0;
};

} // namespace reviews

#include "actors/model/review_rules.hpp"

#include "actors/model/utf8.hpp"

#include <algorithm>
#include <cstring>

namespace reviews {

namespace {

std::string_view describe(json_kind kind) noexcept {
  switch (kind) {
  case json_kind::null: return "null";
  case json_kind::boolean: return "a boolean";
  case json_kind::integer:
  case json_kind::number: return "a number";
  case json_kind::string: return "a string";
  case json_kind::array: return "an array";
  case json_kind::object: return "an object";
  }
  return "something else";
}

/// Echoes a small integer; a long one might be somebody's number.
std::string describe_integer(std::int64_t value) {
  constexpr std::int64_t echoed_max = 999'999;
  if (value > echoed_max)
    return "a larger integer";
  if (value < -echoed_max)
    return "a smaller integer";
  return std::to_string(value);
}

std::string describe_length(std::size_t length) {
  return std::to_string(length) + (length == 1 ? " character" : " characters");
}

/// A table: comparisons by ranges are mispredicted.
constexpr auto vendor_characters = [] {
  std::array<bool, 256> result{};
  for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"))
    result[static_cast<unsigned char>(c)] = true;
  return result;
}();

bool has_only_vendor_characters(std::string_view text) noexcept {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return vendor_characters[static_cast<unsigned char>(c)]; });
}

/// A JSON Pointer (RFC 6901) to a member of the top object.
std::string pointer_to(std::string_view name) {
  std::string pointer = "/";
  for (const char c : name) {
    if (c == '~')
      pointer += "~0";
    else if (c == '/')
      pointer += "~1";
    else
      pointer += c;
  }
  return pointer;
}

std::string joined(std::string_view expected, std::string_view got) {
  std::string detail;
  detail.reserve(expected.size() + got.size() + 15);
  detail.append("expected ").append(expected).append(", got ").append(got);
  return detail;
}

} // namespace

static_assert(review_limits::vendor_id_length_max == 64 && review_limits::author_length_max == 80 &&
              review_limits::title_length_max == 120 && review_limits::text_length_max == 4000 &&
              review_limits::rating_min == 1 && review_limits::rating_max == 5);
constexpr std::array<review_rules::member_rule, 8> review_rules::rules{{
    {"review_id", "a string with a UUID in 8-4-4-4-12 form"},
    {"vendor_id", "a string of 1 to 64 characters of A-Z a-z 0-9 . _ -"},
    {"author", "a string of 1 to 80 characters, not only white space"},
    {"rating", "an integer from 1 to 5"},
    {"title", "a string of 0 to 120 characters"},
    {"text", "a string of 0 to 4000 characters"},
    {"created_at", "a string with an RFC 3339 date-time in the years 1 to 9999"},
    {"", "a known member"},
}};

violation review_rules::not_an_object(json_kind got) {
  return {"", joined("a JSON object", describe(got))};
}

void review_rules::begin(review_form form) {
  form_ = form;
  members_ = {};
  violations_.clear();
  seen_ = 0;
  unknown_.clear();
  strange_count_ = 0;
}

void review_rules::check_member(std::string_view name, const json_value& value) {
  const auto which = member_of(name);
  if (which == member::unknown) {
    const bool is_repeated = strange_count_ < strange_members_max && !unknown_.insert(name).second;
    add_strange(name, is_repeated ? "duplicate member" : "unknown member");
  } else if (is_seen(which)) {
    add_strange(name, "duplicate member");
  } else {
    seen_ |= static_cast<std::uint8_t>(1u << static_cast<unsigned>(which));
    check_known(which, value);
  }
}

bool review_rules::finish() {
  require(member::vendor_id);
  require(member::author);
  require(member::rating);
  if (form_ == review_form::stored) {
    require(member::review_id);
    require(member::created_at);
  }
  if (strange_count_ > strange_members_max)
    violations_.push_back({"", "expected no unknown and no duplicate members, got " +
                                   std::to_string(strange_count_ - strange_members_max) + " more"});
  return violations_.empty();
}

const review_rules::member_rule& review_rules::rule_of(member which) noexcept {
  return rules[static_cast<std::size_t>(which)];
}

/// The compiler knows the size, and compares without a call.
template <review_rules::member Which>
review_rules::member review_rules::only_if(std::string_view name) noexcept {
  constexpr auto expected = rules[static_cast<std::size_t>(Which)].name;
  return std::memcmp(name.data(), expected.data(), expected.size()) == 0 ? Which : member::unknown;
}

review_rules::member review_rules::member_of(std::string_view name) const noexcept {
  switch (name.size()) {
  case 4: return only_if<member::text>(name);
  case 5: return only_if<member::title>(name);
  case 6: return name.front() == 'a' ? only_if<member::author>(name) : only_if<member::rating>(name);
  case 9: return name.front() == 'v' ? only_if<member::vendor_id>(name) : only_if<member::review_id>(name);
  case 10: return form_ == review_form::stored ? only_if<member::created_at>(name) : member::unknown;
  default: return member::unknown;
  }
}

void review_rules::check_known(member which, const json_value& value) {
  if (which == member::rating)
    check_rating(value);
  else if (value.kind == json_kind::string)
    check_string(which, value.text);
  else
    add(which, describe(value.kind));
}

void review_rules::check_rating(const json_value& value) {
  if (value.kind == json_kind::number)
    add(member::rating, "a number with a fraction or an exponent");
  else if (value.kind != json_kind::integer)
    add(member::rating, describe(value.kind));
  else if (value.integer < review_limits::rating_min || value.integer > review_limits::rating_max)
    add(member::rating, describe_integer(value.integer));
  else
    members_.rating = static_cast<int>(value.integer);
}

void review_rules::check_string(member which, std::string_view text) {
  switch (which) {
  case member::vendor_id: return check_vendor_id(text);
  case member::author: return check_author(text);
  case member::title: return check_optional(which, text, review_limits::title_length_max);
  case member::text: return check_optional(which, text, review_limits::text_length_max);
  case member::review_id: return check_review_id(text);
  case member::created_at: return check_created_at(text);
  case member::rating:
  case member::unknown: return;
  }
}

void review_rules::check_vendor_id(std::string_view text) {
  members_.vendor_id = text;
  if (text.empty())
    add(member::vendor_id, describe_length(0));
  check_length(member::vendor_id, text, review_limits::vendor_id_length_max);
  if (!has_only_vendor_characters(text))
    add(member::vendor_id, "a character that is none of these");
}

void review_rules::check_author(std::string_view text) {
  members_.author = text;
  if (text.empty())
    add(member::author, describe_length(0));
  else if (utf8::is_only_white_space(text))
    add(member::author, "only white space");
  check_length(member::author, text, review_limits::author_length_max);
  check_code_points(member::author, text);
}

void review_rules::check_optional(member which, std::string_view text, std::size_t length_max) {
  (which == member::title ? members_.title : members_.text) = text;
  check_length(which, text, length_max);
  check_code_points(which, text);
}

void review_rules::check_review_id(std::string_view text) {
  members_.id = parse_review_id(text);
  if (!members_.id)
    add(member::review_id, "another string of " + describe_length(utf8::count_code_points(text)));
}

void review_rules::check_created_at(std::string_view text) {
  members_.created_at = parse_rfc3339(text);
  if (!members_.created_at)
    add(member::created_at, "another string of " + describe_length(utf8::count_code_points(text)));
}

void review_rules::check_length(member which, std::string_view text, std::size_t length_max) {
  if (text.size() <= length_max)
    return; // A code point has at least one byte.
  const auto length = utf8::count_code_points(text);
  if (length > length_max)
    add(which, describe_length(length));
}

void review_rules::check_code_points(member which, std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    violations_.push_back(
        {pointer_to(rule_of(which).name), joined("no U+0000 and no unpaired surrogate", "one")});
}

bool review_rules::is_seen(member which) const noexcept {
  return (seen_ & (1u << static_cast<unsigned>(which))) != 0;
}

void review_rules::require(member which) {
  if (!is_seen(which))
    add(which, "nothing");
}

void review_rules::add(member which, std::string_view got) {
  const auto& rule = rule_of(which);
  violations_.push_back({pointer_to(rule.name), joined(rule.expected, got)});
}

void review_rules::add_strange(std::string_view name, std::string_view detail) {
  ++strange_count_;
  if (strange_count_ <= strange_members_max)
    violations_.push_back({pointer_to(name), std::string(detail)});
}

} // namespace reviews

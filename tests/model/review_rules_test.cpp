#define CAF_SUITE review_rules

#include "actors/model/review_rules.hpp"

#include "actors/model/review_json.hpp"

#include "caf/test/unit_test.hpp"

#include <string>

using namespace reviews;
using namespace std::string_literals;

namespace {

/// Every broken rule, a line each: `/rating: expected …`; `ok` when none is.
template <class Decoded>
std::string verdict(const Decoded& decoded) {
  if (const auto* wrong = std::get_if<not_json>(&decoded))
    return wrong->detail;
  const auto* broken = std::get_if<not_a_review>(&decoded);
  if (broken == nullptr)
    return "ok";
  std::string lines;
  for (const auto& [pointer, detail] : broken->violations)
    lines += (lines.empty() ? "" : "\n") + pointer + ": " + detail;
  return lines;
}

std::string posted(std::string_view json) {
  return verdict(review_decoder{}.view_posted(json));
}

std::string stored(std::string_view json) {
  return verdict(review_decoder{}.decode_stored(json));
}

/// A review that is right but for one member's value, given as JSON.
std::string with(const std::string& name, const std::string& value) {
  std::string json = "{";
  if (name != "vendor_id")
    json += R"("vendor_id":"v",)";
  if (name != "author")
    json += R"("author":"a",)";
  if (name != "rating")
    json += R"("rating":3,)";
  return json + '"' + name + "\":" + value + '}';
}

std::string quoted(const std::string& unit, std::size_t count) {
  std::string out = "\"";
  for (std::size_t i = 0; i < count; ++i)
    out += unit;
  return out + '"';
}

const auto id = R"("review_id":"b1f5a9de-52c4-5f6e-9b0b-3d8f0c1a7e42")"s;
const auto time_taken_in = R"("created_at":"2026-11-22T17:28:24.000123Z")"s;
const auto body = R"("vendor_id":"v","author":"a","rating":3)"s;

const auto vendor_id_rule = "/vendor_id: expected a string of 1 to 64 characters of A-Z a-z 0-9 . _ -, got "s;
const auto author_rule = "/author: expected a string of 1 to 80 characters, not only white space, got "s;
const auto rating_rule = "/rating: expected an integer from 1 to 5, got "s;
const auto no_null = ": expected no U+0000 and no unpaired surrogate, got one"s;

} // namespace

CAF_TEST(a posted review is read member by member) {
  review_decoder uut;

  const auto decoded = uut.view_posted(
      "{" + id + R"(,"vendor_id":"v.1","author":"Zo\u00eb","rating":5,"title":"","text":"\ud83d\ude00"})");

  const auto* draft = std::get_if<draft_view>(&decoded);
  CAF_REQUIRE(draft != nullptr);
  CAF_REQUIRE(draft->id.has_value());
  CAF_CHECK_EQUAL(reviews::to_string(*draft->id), "b1f5a9de-52c4-5f6e-9b0b-3d8f0c1a7e42");
  CAF_CHECK_EQUAL(draft->vendor_id, "v.1");
  CAF_CHECK_EQUAL(draft->author, "Zo\u00eb");
  CAF_CHECK_EQUAL(draft->rating, 5);
  CAF_CHECK(draft->title == "");
  CAF_CHECK(draft->text == "\U0001F600");
}

CAF_TEST(optional members may be absent) {
  review_decoder uut;

  const auto decoded = uut.view_posted("{" + body + "}");

  const auto* draft = std::get_if<draft_view>(&decoded);
  CAF_REQUIRE(draft != nullptr);
  CAF_CHECK(!draft->id);
  CAF_CHECK(!draft->title);
  CAF_CHECK(!draft->text);
}

CAF_TEST(vendor_id has 1 to 64 of its characters) {
  CAF_CHECK_EQUAL(posted(with("vendor_id", quoted("v", 1))), "ok");
  CAF_CHECK_EQUAL(posted(with("vendor_id", quoted("v", 64))), "ok");
  CAF_CHECK_EQUAL(posted(with("vendor_id", R"("azAZ09._-")")), "ok");
  CAF_CHECK_EQUAL(posted(with("vendor_id", R"("\u0041")")), "ok");
  CAF_CHECK_EQUAL(posted(with("vendor_id", R"("")")), vendor_id_rule + "0 characters");
  CAF_CHECK_EQUAL(posted(with("vendor_id", quoted("v", 65))), vendor_id_rule + "65 characters");
  for (const auto* bad : {" ", "/", "@", "[", "`", "{", "+", ",", ":", "\u00e9", "\\u0000", "\\ud800", "\\n"})
    CAF_CHECK_EQUAL(posted(with("vendor_id", quoted(bad, 1))),
                    vendor_id_rule + "a character that is none of these");
}

CAF_TEST(author has 1 to 80 characters that are not all white space) {
  for (const auto* unit : {"a", "\u00e9", "\u20ac", "\U0001F600", "\\u00e9", "\\ud83d\\ude00", "\\\""}) {
    CAF_CHECK_EQUAL(posted(with("author", quoted(unit, 1))), "ok");
    CAF_CHECK_EQUAL(posted(with("author", quoted(unit, 80))), "ok");
    CAF_CHECK_EQUAL(posted(with("author", quoted(unit, 81))), author_rule + "81 characters");
  }
  CAF_CHECK_EQUAL(posted(with("author", quoted("e\u0301", 40))), "ok");
  CAF_CHECK_EQUAL(posted(with("author", quoted("e\u0301", 41))), author_rule + "82 characters");
  CAF_CHECK_EQUAL(posted(with("author", R"("")")), author_rule + "0 characters");
  for (const auto* space : {" ", "\\t", "\\u0085", "\\u00a0", "\u3000", " \u2003\\n"})
    CAF_CHECK_EQUAL(posted(with("author", quoted(space, 1))), author_rule + "only white space");
  CAF_CHECK_EQUAL(posted(with("author", "\" \u200b\"")), "ok");
  CAF_CHECK_EQUAL(posted(with("author", quoted(" ", 81))),
                  author_rule + "only white space\n" + author_rule + "81 characters");
}

CAF_TEST(rating is an integer from 1 to 5 written as one) {
  for (const auto* good : {"1", "2", "3", "4", "5"})
    CAF_CHECK_EQUAL(posted(with("rating", good)), "ok");
  for (const auto* bad : {"0", "6", "-1", "999999", "-999999"})
    CAF_CHECK_EQUAL(posted(with("rating", bad)), rating_rule + bad);
  CAF_CHECK_EQUAL(posted(with("rating", "-0")), rating_rule + "0");
  for (const auto* bad :
       {"5.0", "1e0", "4.5", "0.5e1", "-0.0", "1E+0", "50e-1", "1e999", "1e-999", "-1.5e999"})
    CAF_CHECK_EQUAL(posted(with("rating", bad)), rating_rule + "a number with a fraction or an exponent");
  for (const auto* bad : {"1000000", "9223372036854775807", "9223372036854775808", "18446744073709551615",
                          "18446744073709551616", "100000000000000000000000000000000000000001"})
    CAF_CHECK_EQUAL(posted(with("rating", bad)), rating_rule + "a larger integer");
  for (const auto* bad : {"-1000000", "-9223372036854775808", "-9223372036854775809",
                          "-100000000000000000000000000000000000000001"})
    CAF_CHECK_EQUAL(posted(with("rating", bad)), rating_rule + "a smaller integer");
  CAF_CHECK_EQUAL(posted(with("rating", R"("5")")), rating_rule + "a string");
  CAF_CHECK_EQUAL(posted(with("rating", "null")), rating_rule + "null");
  CAF_CHECK_EQUAL(posted(with("rating", "true")), rating_rule + "a boolean");
  CAF_CHECK_EQUAL(posted(with("rating", "[5]")), rating_rule + "an array");
  CAF_CHECK_EQUAL(posted(with("rating", "{}")), rating_rule + "an object");
}

CAF_TEST(title and text have a largest length in code points) {
  const auto title_rule = "/title: expected a string of 0 to 120 characters, got "s;
  const auto text_rule = "/text: expected a string of 0 to 4000 characters, got "s;

  for (const auto* unit : {"a", "\u00e9", "\U0001F600", "\\u20ac", "\\ud83d\\ude00"}) {
    CAF_CHECK_EQUAL(posted(with("title", quoted(unit, 120))), "ok");
    CAF_CHECK_EQUAL(posted(with("title", quoted(unit, 121))), title_rule + "121 characters");
    CAF_CHECK_EQUAL(posted(with("text", quoted(unit, 4000))), "ok");
    CAF_CHECK_EQUAL(posted(with("text", quoted(unit, 4001))), text_rule + "4001 characters");
  }
  CAF_CHECK_EQUAL(posted(with("title", R"("")")), "ok");
  CAF_CHECK_EQUAL(posted(with("text", R"(" ")")), "ok");
  CAF_CHECK_EQUAL(posted(with("title", "null")), title_rule + "null");
  CAF_CHECK_EQUAL(posted(with("text", "0")), text_rule + "a number");
  CAF_CHECK_EQUAL(posted(with("text", "1.5")), text_rule + "a number");
}

CAF_TEST(strings hold no null character and no unpaired surrogate) {
  for (const auto* bad :
       {"\\u0000", "a\\u0000", "\\ud800", "\\uDBFF", "\\udc00", "\\uDFFF", "\\ud800x", "\\ude00\\ud83d",
        "\\ud83d\\ud83d\\ude00", "\\ud800\\n", "\\ud800\\u0041", "\\\\\\ud800"})
    for (const auto* name : {"author", "title", "text"})
      CAF_CHECK_EQUAL(posted(with(name, quoted(bad, 1))), "/"s + name + no_null);
  for (const auto* good :
       {"\\\\ud800", "\\ud83d\\ude00", "\\udbff\\udfff", "\\ufffe", "\\uffff", "\\u007f", "\\u001f"})
    CAF_CHECK_EQUAL(posted(with("author", quoted("a"s + good, 1))), "ok");
}

CAF_TEST(a broken surrogate is counted as one character) {
  CAF_CHECK_EQUAL(posted(with("author", quoted("\\ud800", 80))), "/author" + no_null);
  CAF_CHECK_EQUAL(posted(with("author", quoted("\\ud800", 81))),
                  author_rule + "81 characters\n/author" + no_null);
}

CAF_TEST(review_id is a UUID in its long form) {
  const auto rule = "/review_id: expected a string with a UUID in 8-4-4-4-12 form, got "s;

  CAF_CHECK_EQUAL(posted(with("review_id", R"("B1F5A9DE-52C4-5F6E-9B0B-3D8F0C1A7E42")")), "ok");
  CAF_CHECK_EQUAL(posted(with("review_id", R"("b1f5a9de52c45f6e9b0b3d8f0c1a7e42")")),
                  rule + "another string of 32 characters");
  CAF_CHECK_EQUAL(posted(with("review_id", R"("")")), rule + "another string of 0 characters");
  CAF_CHECK_EQUAL(posted(with("review_id", R"("\u00e9")")), rule + "another string of 1 character");
  CAF_CHECK_EQUAL(posted(with("review_id", "null")), rule + "null");
}

CAF_TEST(unknown members are violations at their pointer) {
  CAF_CHECK_EQUAL(posted(with("stars", "5")), "/stars: unknown member");
  CAF_CHECK_EQUAL(posted(with("", "5")), "/: unknown member");
  CAF_CHECK_EQUAL(posted(with("a/b~c", "5")), "/a~1b~0c: unknown member");
  CAF_CHECK_EQUAL(posted(with("Rating", "5")), "/Rating: unknown member");
  CAF_CHECK_EQUAL(posted(with("created_at", R"("2026-11-22T17:28:24Z")")), "/created_at: unknown member");
  CAF_CHECK_EQUAL(posted(with("rating\\u0000", "5")), "/rating\0: unknown member"s);
  CAF_CHECK_EQUAL(posted(with("x\\ud800", "5")), "/x\0: unknown member"s);
  for (const auto* near :
       {"texts", "tex", "tixt", "titel", "ratinG", "authors", "vendor_ip", "review_ip", "reviews_id"})
    CAF_CHECK_EQUAL(posted(with(near, "\"x\"")), "/"s + near + ": unknown member");
}

CAF_TEST(duplicate members are violations however their names are escaped) {
  CAF_CHECK_EQUAL(posted("{" + body + R"(,"rating":3})"), "/rating: duplicate member");
  CAF_CHECK_EQUAL(posted("{" + body + R"(,"rat\u0069ng":3})"), "/rating: duplicate member");
  CAF_CHECK_EQUAL(posted("{" + body + R"(,"title":"","title":null})"), "/title: duplicate member");
  CAF_CHECK_EQUAL(posted("{" + body + R"(,"x":1,"x":1})"), "/x: unknown member\n/x: duplicate member");
}

CAF_TEST(everything that is wrong is named at once in the order of the document) {
  CAF_CHECK_EQUAL(posted(R"({"x":1,"rating":9,"text":7,"author":"","rating":1})"),
                  "/x: unknown member\n" + rating_rule +
                      "9\n/text: expected a string of 0 to 4000 characters, got a number\n" + author_rule +
                      "0 characters\n/rating: duplicate member\n" + vendor_id_rule + "nothing");
}

CAF_TEST(missing members are violations) {
  CAF_CHECK_EQUAL(posted("{}"),
                  vendor_id_rule + "nothing\n" + author_rule + "nothing\n" + rating_rule + "nothing");
}

CAF_TEST(a document that is no object is one violation) {
  CAF_CHECK_EQUAL(posted("[]"), ": expected a JSON object, got an array");
  CAF_CHECK_EQUAL(posted("[{}]"), ": expected a JSON object, got an array");
  CAF_CHECK_EQUAL(posted("null"), ": expected a JSON object, got null");
  CAF_CHECK_EQUAL(posted("\"{}\""), ": expected a JSON object, got a string");
  CAF_CHECK_EQUAL(posted("1e999"), ": expected a JSON object, got a number");
  CAF_CHECK_EQUAL(posted("false"), ": expected a JSON object, got a boolean");
}

CAF_TEST(strange members beyond a limit are counted and the rest is still named) {
  std::string json = R"({"rating":9)";
  for (std::size_t i = 0; i < strange_members_max + 7; ++i)
    json += ",\"x" + std::to_string(i) + "\":0";
  const auto decoded = review_decoder{}.view_posted(json + R"(,"text":false})");

  const auto* broken = std::get_if<not_a_review>(&decoded);
  CAF_REQUIRE(broken != nullptr);
  CAF_REQUIRE_EQUAL(broken->violations.size(), 1 + strange_members_max + 1 + 2 + 1);
  CAF_CHECK_EQUAL(broken->violations.front().pointer, "/rating");
  CAF_CHECK_EQUAL(broken->violations.at(1 + strange_members_max).pointer, "/text");
  CAF_CHECK_EQUAL(broken->violations.back().pointer, "");
  CAF_CHECK_EQUAL(broken->violations.back().detail,
                  "expected no unknown and no duplicate members, got 7 more");
}

CAF_TEST(details never quote what a string says) {
  for (const auto* json :
       {R"({"vendor_id":"Geheim!","author":7,"rating":"Geheim","title":["Geheim"],"text":{"a":"Geheim"}})",
        R"({"review_id":"Geheim","rating":4915112345678})"}) {
    const auto lines = posted(json);
    CAF_CHECK(lines.find("Geheim") == std::string::npos);
    CAF_CHECK(lines.find("4915112345678") == std::string::npos);
  }
}

CAF_TEST(a stored review needs its id and its time as well) {
  CAF_CHECK_EQUAL(stored("{" + id + "," + body + "," + time_taken_in + "}"), "ok");
  CAF_CHECK_EQUAL(
      stored("{" + body + "}"),
      "/review_id: expected a string with a UUID in 8-4-4-4-12 form, got nothing\n"
      "/created_at: expected a string with an RFC 3339 date-time in the years 1 to 9999, got nothing");
}

CAF_TEST(the time of a stored review is an RFC 3339 date and time) {
  const auto rule = "/created_at: expected a string with an RFC 3339 date-time in the years 1 to 9999, got "s;
  const auto at = [](const std::string& value) {
    return stored("{" + id + "," + body + ",\"created_at\":" + value + "}");
  };

  CAF_CHECK_EQUAL(at(R"("2026-11-22T18:28:24+01:00")"), "ok");
  CAF_CHECK_EQUAL(at(R"("yesterday")"), rule + "another string of 9 characters");
  CAF_CHECK_EQUAL(at("1795368504"), rule + "a number");
  CAF_CHECK_EQUAL(at("null"), rule + "null");
}

CAF_TEST(a decoder forgets the review before) {
  review_decoder uut;

  CAF_CHECK_EQUAL(verdict(uut.view_posted("{" + id + "," + body + R"(,"title":"t","x":1})")),
                  "/x: unknown member");
  const auto decoded = uut.view_posted("{" + body + "}");
  const auto* draft = std::get_if<draft_view>(&decoded);
  CAF_REQUIRE(draft != nullptr);
  CAF_CHECK(!draft->id);
  CAF_CHECK(!draft->title);
}

#define CAF_SUITE json_grammar

#include "actors/model/review_json.hpp"

#include "caf/test/unit_test.hpp"

#include <string>
#include <string_view>
#include <vector>

using namespace reviews;
using namespace std::string_literals;

namespace {

/// What a decoder thinks of a text: `ok`, `not a review`, else why it is not JSON.
std::string verdict(review_decoder& uut, std::string_view json) {
  const auto decoded = uut.view_posted(json);
  if (const auto* wrong = std::get_if<not_json>(&decoded))
    return wrong->detail;
  return std::holds_alternative<draft_view>(decoded) ? "ok" : "not a review";
}

bool is_json(std::string_view json) {
  review_decoder uut;
  return !std::holds_alternative<not_json>(uut.view_posted(json));
}

const std::string review_text = R"({"vendor_id":"v","author":"a\u00e9","rating":3,"title":"t","text":"x"})";

// clang-format off
/// By the grammar of RFC 8259: values, alone and as a member.
const std::vector<std::string> values{
    "null", "true", "false", "0", "-0", "1", "-1", "10", "0.0", "-0.1", "1.5", "1e1", "1E1", "1e+1", "1e-1",
    "0e0", "0E+00", "1.25e10", "-0.0e-0", "123456789012345678901234567890",
    "-123456789012345678901234567890", "18446744073709551616", "9223372036854775808",
    "-9223372036854775809", "1e400", "-1e400", "1e-400", "1E99999999999",
    "0.000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001",
    "1" + std::string(1000, '0'), "0." + std::string(1000, '0') + "1", "1e" + std::string(1000, '9'), "[]",
    "[[]]", "[1]", "[1,2]", "[ 1 , 2 ]", "[\n]", "[null,1,\"2\",{}]", "{}", "{ }", R"({"":0})",
    R"({"a":{"b":[]}})", R"({"a":1,"a":1})", R"("")", R"(" ")", R"("\"\\\/\b\f\n\r\t")", R"("\u0000")",
    R"("\u12aB")", R"("\u005c")", R"("\u0022")", R"("\ud83d\ude00")", R"("\uDBFF\uDFFF")", R"("\ud800")",
    R"("\udc00")", R"("\ud800\ud800")", R"("\udc00\ud800")", R"("\ud800abc")", R"("\ud800\n")",
    R"("\ud800\u12ab")", R"(["\ud800","\udfff"])", R"({"\ud800":1})",
    R"([1e999,"\ud800",123456789012345678901])", R"("\\ud800")", R"("\\\ud800")", "\"\x7f\"", "\"\u0080\"",
    "\"\u00e9\"", "\"\u2028\u2029\"", "\"\ufeff\"", "\"\uffff\"", "\"\U0010ffff\"", "\"\U0001f600\"",
    "\"e\u0301\"", "\"/\"", "\"'\"", "\"// no comment\"", "\"[\"", "\t1\n", " \r\n\t null \t\r\n "};

/// Not in the grammar of RFC 8259, neither alone nor as a member.
const std::vector<std::string> no_values{
    "", " ", "\n", "nul", "nulll", "Null", "NULL", "tru", "True", "truee", "fals", "nan", "NaN", "Infinity",
    "-Infinity", "inf", "undefined", "+1", "+0", "-", "--1", "01", "-01", "00", "1.", ".1", "-.1", "1.e1",
    "1e", "1e+", "1E-", "1e1.5", "1.2.3", "0x1", "0b1", "1_000", "1,000,", "1 000", "1a", "1e999x",
    "1e999 1", "123456789012345678901x", "- 1", "1\0"s, "\uff11", "[", "]", "[1", "[1,", "[1,]", "[,1]",
    "[,]", "[1,,2]", "[1 2]", "[1}", "[1]]", "[1];", "[\"a\"", "[1e999,]", "{", "}", R"({"a")", R"({"a":)",
    R"({"a":})", R"({"a":1,})", R"({,"a":1})", R"({"a":1,,"b":1})", R"({"a" 1})", R"({"a":1 "b":1})",
    R"({a:1})", "{'a':1}", "{1:1}", "{null:1}", R"({"a"::1})", R"({"a":1]})", R"({"a":1e999,})", R"({"a"})",
    R"({"a",1})", R"({[]:1})", "'a'", "a", R"(")", R"("a)", R"("\")", R"("\)", R"("\x41")", R"("\a")",
    R"("\0")", R"("\u")", R"("\u1")", R"("\u12")", R"("\u123")", R"("\u12g4")", R"("\U0041")",
    R"("\u{41}")", R"("\u+123")", R"("\u 123")", R"("\u-123")", R"("\ud800\u12")", R"("\ud800\)",
    R"("\ud800)", R"("\ud800\x")", "\"\t\"", "\"\n\"", "\"\x01\"", "\"\x1f\"", "\"\0\""s, "\"a\" \"b\"",
    "\"a\"b", "// c\n1", "/* c */1", "1// c", "1/**/", "# c\n1", "\v1", "\f1", "1\f", "\u00a0" "1",
    "1\u00a0", "\u2028" "1", "\0"s, "1\x1a", "{}{}", "[][]", "{} {}", "{}\n{}", "1 2", "null null", "{},",
    "{}x", "`", "<a/>"};

/// Ill-formed in UTF-8 (The Unicode Standard, table 3-7).
const std::vector<std::string> ill_formed{
    "\x80", "\xbf", "\x80\x80", "\xc0\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\x80", "\xe0\x80\xaf",
    "\xe0\x9f\xbf", "\xf0\x80\x80\x80", "\xf0\x80\x80\xaf", "\xf0\x8f\xbf\xbf", "\xed\xa0\x80",
    "\xed\xad\xbf", "\xed\xae\x80", "\xed\xbf\xbf", "\xed\xa0\xbd\xed\xb8\x80", "\xf4\x90\x80\x80",
    "\xf5\x80\x80\x80", "\xf7\xbf\xbf\xbf", "\xf8\x88\x80\x80\x80", "\xfc\x84\x80\x80\x80\x80", "\xfe",
    "\xff", "\xfe\xff", "\xc3", "\xe2\x82", "\xe2", "\xf0\x9f\x98", "\xf0\x9f", "\xf0", "\xc3(",
    "\xe2(\xac", "\xe2\x82(", "\xf0(\x98\x80", "\xf0\x9f(\x80", "\xf0\x9f\x98(", "a\xe9z"};
// clang-format on

} // namespace

CAF_TEST(every value of the grammar is JSON) {
  for (const auto& value : values) {
    if (!is_json(value))
      CAF_ERROR("rejected: " << value.substr(0, 60));
    if (!is_json("{\"x\":" + value + "}"))
      CAF_ERROR("rejected as a member: " << value.substr(0, 60));
    CAF_CHECK(is_json("[" + value + "," + value + "]"));
  }
}

CAF_TEST(everything else is not JSON) {
  for (const auto& value : no_values) {
    if (is_json(value))
      CAF_ERROR("accepted: " << value);
    if (is_json("{\"x\":" + value + "}"))
      CAF_ERROR("accepted as a member: " << value);
    CAF_CHECK(!is_json("[1e999,\"\\ud800\"," + value + "]"));
  }
}

CAF_TEST(ill formed UTF - 8 is not JSON and its place is named) {
  review_decoder uut;
  for (const auto& bytes : ill_formed) {
    CAF_CHECK_EQUAL(verdict(uut, "{\"author\":\"" + bytes + "\"}").substr(0, 55),
                    "json: expected UTF-8, got an ill-formed sequence at byt");
    CAF_CHECK(!is_json("\"" + std::string(70, 'x') + bytes + std::string(70, 'x') + "\""));
    CAF_CHECK(!is_json("{\"" + bytes + "\":1}"));
    CAF_CHECK(!is_json("\"\\ud800" + bytes + "\""));
    CAF_CHECK(!is_json("{}" + bytes));
  }
}

CAF_TEST(why a text is not JSON is said without quoting it) {
  review_decoder uut;
  CAF_CHECK_EQUAL(verdict(uut, ""), "json: expected one JSON value, got nothing");
  CAF_CHECK_EQUAL(verdict(uut, {}), "json: expected one JSON value, got nothing");
  CAF_CHECK_EQUAL(verdict(uut, " \r\n\t"), "json: expected one JSON value, got only white space");
  CAF_CHECK_EQUAL(verdict(uut, "\xef\xbb\xbf" + review_text), "json: expected no byte order mark, got one");
  CAF_CHECK_EQUAL(verdict(uut, "\xef\xbb\xbf"), "json: expected no byte order mark, got one");
  CAF_CHECK_EQUAL(verdict(uut, review_text + "\n" + review_text),
                  "json: expected one JSON value, got more text after it at byte " +
                      std::to_string(review_text.size() + 1));
  CAF_CHECK_EQUAL(verdict(uut, review_text.substr(0, 30)),
                  "json: expected one whole JSON value, got the end of the text at byte 30");
  CAF_CHECK_EQUAL(verdict(uut, R"({"rating":3,})"),
                  "json: expected JSON (RFC 8259), got a syntax error at byte 12");
  CAF_CHECK_EQUAL(verdict(uut, R"([1e999,])"),
                  "json: expected JSON (RFC 8259), got a syntax error at byte 7");
  CAF_CHECK_EQUAL(verdict(uut, "{\"text\":\"\xff\"}"),
                  "json: expected UTF-8, got an ill-formed sequence at byte 9");
}

CAF_TEST(white space around a review is fine) {
  review_decoder uut;
  CAF_CHECK_EQUAL(verdict(uut, " \t\r\n" + review_text + " \t\r\n"), "ok");
}

CAF_TEST(no prefix of a review is JSON) {
  review_decoder uut;
  CAF_CHECK_EQUAL(verdict(uut, review_text), "ok");
  for (std::size_t length = 0; length < review_text.size(); ++length)
    CAF_CHECK(std::holds_alternative<not_json>(uut.view_posted(review_text.substr(0, length))));
}

CAF_TEST(a null byte anywhere makes a review something else than JSON) {
  review_decoder uut;
  for (std::size_t place = 0; place <= review_text.size(); ++place)
    CAF_CHECK(
        std::holds_alternative<not_json>(uut.view_posted(std::string(review_text).insert(place, 1, '\0'))));
}

CAF_TEST(nesting ends at 1024 levels) {
  const auto nested = [](std::size_t levels, const std::string& open, const std::string& core,
                         const std::string& close) {
    std::string text;
    for (std::size_t i = 0; i < levels; ++i)
      text += open;
    text += core;
    for (std::size_t i = 0; i < levels; ++i)
      text += close;
    return text;
  };
  const auto deep = "json: expected at most 1024 levels of nesting, got more at byte "s;
  review_decoder uut;

  for (const auto* core : {"", "1", "1e999", "\"\\ud800\"", "\"[[\\\"[[\""}) {
    CAF_CHECK_EQUAL(verdict(uut, nested(1024, "[", core, "]")), "not a review");
    CAF_CHECK_EQUAL(verdict(uut, nested(1025, "[", core, "]")).substr(0, deep.size()), deep);
    CAF_CHECK_EQUAL(verdict(uut, nested(100'000, "[", core, "]")).substr(0, deep.size()), deep);
    CAF_CHECK_EQUAL(verdict(uut, "{\"x\":" + nested(1023, "[", core, "]") + "}"), "not a review");
    CAF_CHECK_EQUAL(verdict(uut, "{\"x\":" + nested(1024, "[", core, "]") + "}").substr(0, deep.size()),
                    deep);
  }
  CAF_CHECK_EQUAL(verdict(uut, nested(1024, "{\"a\":", "1", "}")), "not a review");
  CAF_CHECK_EQUAL(verdict(uut, nested(1023, "{\"a\":", "{}", "}")), "not a review");
  CAF_CHECK_EQUAL(verdict(uut, nested(1024, "{\"a\":", "{}", "}")).substr(0, deep.size()), deep);
  CAF_CHECK_EQUAL(verdict(uut, nested(100'000, "{\"a\":", "1", "}")).substr(0, deep.size()), deep);
  CAF_CHECK(!is_json(std::string(100'000, '[')));
  CAF_CHECK(!is_json(nested(100'000, "{\"a\":", "", "")));
  CAF_CHECK_EQUAL(verdict(uut, "[" + nested(600, "[", "", "]") + "," + nested(600, "[", "", "]") + "]"),
                  "not a review");
}

CAF_TEST(a large document does not disturb the next one) {
  review_decoder uut;
  CAF_CHECK_EQUAL(verdict(uut, "{\"x\":\"" + std::string(1'000'000, 'x') + "\"}"), "not a review");
  CAF_CHECK_EQUAL(verdict(uut, review_text), "ok");
}

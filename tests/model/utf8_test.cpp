#define CAF_SUITE utf8

#include "actors/model/utf8.hpp"

#include "caf/test/unit_test.hpp"

#include <string>
#include <string_view>

using namespace reviews;
using namespace std::string_view_literals;

CAF_TEST(code points are counted whatever their length in bytes) {
  CAF_CHECK_EQUAL(utf8::count_code_points(""), 0u);
  CAF_CHECK_EQUAL(utf8::count_code_points("abc"), 3u);
  CAF_CHECK_EQUAL(utf8::count_code_points("\u00e9\u20ac\U0001F600"), 3u);
  CAF_CHECK_EQUAL(utf8::count_code_points("e\u0301"), 2u);
  CAF_CHECK_EQUAL(utf8::count_code_points("a\0b"sv), 3u);
}

CAF_TEST(counting agrees with itself at every alignment and length) {
  const std::string unit = "a\u00e9\u20ac\U0001F600";
  std::string text;
  std::size_t expected = 0;
  for (int round = 0; round < 40; ++round) {
    CAF_CHECK_EQUAL(utf8::count_code_points(text), expected);
    CAF_CHECK_EQUAL(utf8::count_code_points(text + "xyz"), expected + 3);
    text += unit;
    expected += 4;
  }
}

CAF_TEST(every code point with the property White_Space is white space) {
  for (const auto* space :
       {" ",      "\t",     "\n",     "\v",     "\f",     "\r",     "\u0085", "\u00A0",   "\u1680",
        "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007",   "\u2008",
        "\u2009", "\u200A", "\u2028", "\u2029", "\u202F", "\u205F", "\u3000", " \u3000\t"})
    CAF_CHECK(utf8::is_only_white_space(space));
  CAF_CHECK(utf8::is_only_white_space(""));
}

CAF_TEST(what merely looks like white space is none) {
  for (const auto* other :
       {"\u200B", "\u180E", "\uFEFF", "\u2060", "\u00AD", "\x1C", "\u0084", "\u2027", " a"})
    CAF_CHECK(!utf8::is_only_white_space(other));
  CAF_CHECK(!utf8::is_only_white_space("\0"sv));
}

CAF_TEST(well formed text is its own prefix) {
  for (const auto text : {"\u007f"sv, "\u0080"sv, "\u07ff"sv, "\u0800"sv, "\ud7ff"sv, "\ue000"sv, "\uffff"sv,
                          "\U00010000"sv, "\U0010ffff"sv, "\0"sv, ""sv})
    CAF_CHECK_EQUAL(utf8::well_formed_prefix(text), text.size());
}

CAF_TEST(an ill formed sequence ends the prefix before it) {
  for (const auto* bad :
       {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xED\xBF\xBF", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80",
        "\xFE", "\xFF", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xC3\xC3"}) {
    CAF_CHECK_EQUAL(utf8::well_formed_prefix(std::string("ab") + bad), 2u);
    CAF_CHECK_EQUAL(utf8::well_formed_prefix(std::string("ab") + bad + "cd"), 2u);
  }
}

CAF_TEST(ill formed bytes are replaced one by one) {
  CAF_CHECK_EQUAL(utf8::replace_ill_formed("a\xC3z\u00e9\xFF"), "a\uFFFDz\u00e9\uFFFD");
  CAF_CHECK_EQUAL(utf8::replace_ill_formed("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");
  CAF_CHECK_EQUAL(utf8::replace_ill_formed("fine"), "fine");
}

#define CAF_SUITE convert

#include "config/convert.hpp"

#include "caf/test/unit_test.hpp"

#include <cmath>

using namespace reviews;
using namespace reviews::config;
using namespace std::chrono_literals;

namespace {

std::string failure_of(const outcome<value>& converted) {
  return converted ? "no failure" : converted.error().detail;
}

bool is(const outcome<value>& converted, const value& expected) {
  return converted && *converted == expected;
}

bool is_integer(const outcome<value>& converted, std::int64_t expected) {
  return is(converted, value(expected));
}

} // namespace

CAF_TEST(an integer is taken up to both ends of its range) {
  const auto uut = count(1, 65'535);

  CAF_CHECK(is_integer(convert_text(uut, "1"), 1));
  CAF_CHECK(is_integer(convert_text(uut, "65535"), 65'535));
  CAF_CHECK_EQUAL(failure_of(convert_text(uut, "0")), "expected an integer from 1 to 65535, got \"0\"");
  CAF_CHECK(!convert_text(uut, "65536"));
  CAF_CHECK(!convert_text(uut, "-1"));
}

CAF_TEST(what is no integer is refused) {
  const auto uut = count(0, 65'535);

  for (const auto* text : {"", " 1", "1 ", "80x", "0x50", "1.0", "1e3", "+1", "99999999999999999999"})
    CAF_CHECK(!convert_text(uut, text));
  CAF_CHECK_EQUAL(failure_of(convert(uut, {std::string("80"), "\"80\""})),
                  "expected an integer from 0 to 65535, got \"80\"");
  CAF_CHECK(!convert(uut, {80.0, "80.0"}));
  CAF_CHECK(!convert(uut, {true, "true"}));
}

CAF_TEST(a size is an integer or has a binary unit) {
  const auto uut = bytes(1, 1 << 30);

  CAF_CHECK(is_integer(convert(uut, {std::int64_t{65'536}, "65536"}), 65'536));
  CAF_CHECK(is_integer(convert_text(uut, "65536"), 65'536));
  CAF_CHECK(is_integer(convert_text(uut, "100B"), 100));
  CAF_CHECK(is_integer(convert_text(uut, "64KiB"), 65'536));
  CAF_CHECK(is_integer(convert_text(uut, "4MiB"), 4 << 20));
  CAF_CHECK(is_integer(convert_text(uut, "1GiB"), 1 << 30));
  for (const auto* text :
       {"64KB", "64kib", "64 KiB", "KiB", "-1KiB", "1.5KiB", "2GiB", "0B", "9999999999999999999GiB"})
    CAF_CHECK(!convert_text(uut, text));
}

CAF_TEST(a duration always has a unit) {
  const auto uut = duration(0ms, 1h);

  CAF_CHECK(is_integer(convert_text(uut, "250ms"), 250));
  CAF_CHECK(is_integer(convert_text(uut, "10s"), 10'000));
  CAF_CHECK(is_integer(convert_text(uut, "5m"), 300'000));
  CAF_CHECK(is_integer(convert_text(uut, "1h"), 3'600'000));
  CAF_CHECK(is_integer(convert_text(uut, "0s"), 0));
  for (const auto* text :
       {"", "10", "0", "s", "10 s", "1.5s", "-1s", "10sec", "3600001ms", "99999999999999999h"})
    CAF_CHECK(!convert_text(uut, text));
  CAF_CHECK_EQUAL(failure_of(convert(uut, {std::int64_t{10}, "10"})),
                  "expected a duration from 0s to 1h, such as \"10s\" or \"250ms\", got 10");
}

CAF_TEST(a duration in whole seconds has no fraction) {
  auto uut = duration(1s, 1h);
  uut.step = 1'000;

  CAF_CHECK(is_integer(convert_text(uut, "2000ms"), 2'000));
  CAF_CHECK(!convert_text(uut, "1500ms"));
}

CAF_TEST(a number may be an integer or a decimal but is finite) {
  const auto uut = number(0, 1'000);

  CAF_CHECK(is(convert_text(uut, "0"), value(0.0)));
  CAF_CHECK(is(convert_text(uut, "0.5"), value(0.5)));
  CAF_CHECK(is(convert(uut, {std::int64_t{1'000}, "1000"}), value(1'000.0)));
  for (const auto* text : {"", "1000.1", "-0.1", "nan", "inf", "1,5", "x"})
    CAF_CHECK(!convert_text(uut, text));
  CAF_CHECK(!convert(uut, {NAN, "nan"}));
}

CAF_TEST(a text obeys its length and rule) {
  CAF_CHECK(convert_text(text(1, 3, text_rule::any), "a b"));
  CAF_CHECK(!convert_text(text(1, 3, text_rule::any), ""));
  CAF_CHECK(!convert_text(text(1, 3, text_rule::any), "abcd"));
  CAF_CHECK(!convert_text(text(1, 3, text_rule::any), "a\nb"));
  CAF_CHECK(!convert_text(text(1, 3, text_rule::any), "\xff"));
  CAF_CHECK(!convert_text(text(1, 3, text_rule::word), "a b"));
  CAF_CHECK(convert_text(text(1, 9, text_rule::name), "aZ0._-"));
  CAF_CHECK(!convert_text(text(1, 9, text_rule::name), "a/b"));
}

CAF_TEST(a choice is one of its names) {
  const auto uut = choice({"json", "text"});

  CAF_CHECK(is(convert_text(uut, "text"), value(std::string("text"))));
  CAF_CHECK_EQUAL(failure_of(convert_text(uut, "JSON")), "expected one of \"json\", \"text\", got \"JSON\"");
}

CAF_TEST(a list is split at commas) {
  const auto uut = list(2, text_rule::origin);

  CAF_CHECK(is(convert_text(uut, ""), value(std::vector<std::string>{})));
  CAF_CHECK(is(convert_text(uut, "*"), value(std::vector<std::string>{"*"})));
  CAF_CHECK(is(convert_text(uut, "https://a.org, http://b:81"),
               value(std::vector<std::string>{"https://a.org", "http://b:81"})));
  for (const auto* text : {"https://a.org,", ",", "https://a.org/", "a.org", "https://", "*,*,*"})
    CAF_CHECK(!convert_text(uut, text));
}

CAF_TEST(an entry becomes the text that librdkafka reads) {
  CAF_CHECK(is(convert_entry({std::int64_t{5}, ""}), value(std::string("5"))));
  CAF_CHECK(is(convert_entry({0.25, ""}), value(std::string("0.25"))));
  CAF_CHECK(is(convert_entry({true, ""}), value(std::string("true"))));
  CAF_CHECK(is(convert_entry({std::string("a\nb"), ""}), value(std::string("a\nb"))));
  CAF_CHECK(!convert_entry({std::monostate{}, "a list"}));
  CAF_CHECK(!convert_entry({std::string(65'537, 'x'), ""}));
  CAF_CHECK(!convert_entry({std::string("\xc0\x80"), ""}));
}

CAF_TEST(a secret is not cited) {
  const auto shown = failure_of(convert_text(secret(1, 3), "hunter2"));

  CAF_CHECK_EQUAL(shown, "expected a string of 1 to 3 characters, got something else (hidden)");
}

CAF_TEST(a citation is short and printable) {
  CAF_CHECK_EQUAL(cite("a\x1b[1m"), "\"a?[1m\"");
  CAF_CHECK_EQUAL(cite(std::string(65, 'x')), "\"" + std::string(64, 'x') + "…\"");
  CAF_CHECK_EQUAL(cite(std::string(63, 'x') + "é"), "\"" + std::string(63, 'x') + "…\"");
}

CAF_TEST(sizes and durations are shown in the unit that loses nothing) {
  CAF_CHECK_EQUAL(format_bytes(0), "0B");
  CAF_CHECK_EQUAL(format_bytes(1'000), "1000B");
  CAF_CHECK_EQUAL(format_bytes(65'536), "64KiB");
  CAF_CHECK_EQUAL(format_bytes(3 << 20), "3MiB");
  CAF_CHECK_EQUAL(format_duration(0), "0s");
  CAF_CHECK_EQUAL(format_duration(1'500), "1500ms");
  CAF_CHECK_EQUAL(format_duration(90'000), "90s");
  CAF_CHECK_EQUAL(format_duration(7'200'000), "2h");
}

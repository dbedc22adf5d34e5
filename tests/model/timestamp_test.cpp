#define CAF_SUITE timestamp

#include "actors/model/timestamp.hpp"

#include "caf/test/unit_test.hpp"

#include <string>

using namespace reviews;
using namespace std::chrono_literals;

namespace {

/// What a text is read as, written again; `-` when it is malformed.
std::string reread(std::string_view text) {
  const auto when = parse_rfc3339(text);
  return when ? format_rfc3339(*when) : "-";
}

} // namespace

CAF_TEST(a moment is written with six digits and Z) {
  const timestamp when = std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 17h + 28min + 24s + 123us;

  CAF_CHECK_EQUAL(format_rfc3339(when), "2026-11-22T17:28:24.000123Z");
  CAF_CHECK_EQUAL(format_rfc3339(timestamp{}), "1970-01-01T00:00:00.000000Z");
  CAF_CHECK_EQUAL(format_rfc3339(timestamp{-1us}), "1969-12-31T23:59:59.999999Z");
}

CAF_TEST(a moment is appended to what is there) {
  std::string out = "at ";
  append_rfc3339(out, timestamp{1us});

  CAF_CHECK_EQUAL(out, "at 1970-01-01T00:00:00.000001Z");
}

CAF_TEST(moments that RFC 3339 cannot write become the nearest ones) {
  CAF_CHECK_EQUAL(format_rfc3339(timestamp::min()), "0001-01-01T00:00:00.000000Z");
  CAF_CHECK_EQUAL(format_rfc3339(timestamp::max()), "9999-12-31T23:59:59.999999Z");
}

CAF_TEST(now lies after this test was written) {
  CAF_CHECK(now_utc() > *parse_rfc3339("2025-01-01T00:00:00Z"));
  CAF_CHECK_EQUAL(reread(format_rfc3339(now_utc())).size(), 27u);
}

CAF_TEST(the fraction has up to nine digits and is cut to microseconds) {
  CAF_CHECK_EQUAL(reread("2026-11-22T17:28:24Z"), "2026-11-22T17:28:24.000000Z");
  CAF_CHECK_EQUAL(reread("2026-11-22T17:28:24.5Z"), "2026-11-22T17:28:24.500000Z");
  CAF_CHECK_EQUAL(reread("2026-11-22T17:28:24.000001Z"), "2026-11-22T17:28:24.000001Z");
  CAF_CHECK_EQUAL(reread("2026-11-22T17:28:24.123456999Z"), "2026-11-22T17:28:24.123456Z");
  CAF_CHECK_EQUAL(reread("2026-11-22T17:28:24.1234567890Z"), "-");
  CAF_CHECK_EQUAL(reread("2026-11-22T17:28:24.Z"), "-");
  CAF_CHECK_EQUAL(reread("2026-11-22T17:28:24,5Z"), "-");
}

CAF_TEST(an offset is taken off) {
  CAF_CHECK_EQUAL(reread("2026-11-22T17:28:24+01:30"), "2026-11-22T15:58:24.000000Z");
  CAF_CHECK_EQUAL(reread("2026-11-22T17:28:24-08:00"), "2026-11-23T01:28:24.000000Z");
  CAF_CHECK_EQUAL(reread("2026-11-22T17:28:24-00:00"), "2026-11-22T17:28:24.000000Z");
  CAF_CHECK_EQUAL(reread("2026-11-22T17:28:24+23:59"), "2026-11-21T17:29:24.000000Z");
  CAF_CHECK_EQUAL(reread("2026-11-22t17:28:24z"), "2026-11-22T17:28:24.000000Z");
}

CAF_TEST(days follow the calendar) {
  CAF_CHECK_EQUAL(reread("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00.000000Z");
  CAF_CHECK_EQUAL(reread("2000-02-29T00:00:00Z"), "2000-02-29T00:00:00.000000Z");
  CAF_CHECK_EQUAL(reread("1900-02-29T00:00:00Z"), "-");
  CAF_CHECK_EQUAL(reread("2026-02-29T00:00:00Z"), "-");
  CAF_CHECK_EQUAL(reread("2026-04-31T00:00:00Z"), "-");
  CAF_CHECK_EQUAL(reread("2026-00-01T00:00:00Z"), "-");
  CAF_CHECK_EQUAL(reread("2026-13-01T00:00:00Z"), "-");
  CAF_CHECK_EQUAL(reread("2026-01-00T00:00:00Z"), "-");
}

CAF_TEST(a leap second becomes the next second where one can be) {
  CAF_CHECK_EQUAL(reread("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00.000000Z");
  CAF_CHECK_EQUAL(reread("2016-12-31T23:59:60.75Z"), "2017-01-01T00:00:00.750000Z");
  CAF_CHECK_EQUAL(reread("1990-12-31T15:59:60-08:00"), "1991-01-01T00:00:00.000000Z");
  CAF_CHECK_EQUAL(reread("2016-12-31T23:58:60Z"), "-");
  CAF_CHECK_EQUAL(reread("2016-12-30T23:59:60Z"), "-");
  CAF_CHECK_EQUAL(reread("2016-12-31T23:59:61Z"), "-");
}

CAF_TEST(years run from 1 to 9999 in UTC) {
  CAF_CHECK_EQUAL(reread("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00.000000Z");
  CAF_CHECK_EQUAL(reread("9999-12-31T23:59:59.999999999Z"), "9999-12-31T23:59:59.999999Z");
  CAF_CHECK_EQUAL(reread("0000-12-31T23:59:59Z"), "-");
  CAF_CHECK_EQUAL(reread("0001-01-01T00:00:00+00:01"), "-");
  CAF_CHECK_EQUAL(reread("9999-12-31T23:59:59-00:01"), "-");
  CAF_CHECK_EQUAL(reread("9999-12-31T23:59:60Z"), "-");
  CAF_CHECK_EQUAL(reread("0000-12-31T23:59:59-00:01"), "0001-01-01T00:00:59.000000Z");
}

CAF_TEST(malformed texts are nothing) {
  for (const auto* text : {"",
                           "2026",
                           "2026-11-22",
                           "17:28:24Z",
                           "2026-11-22 17:28:24Z",
                           "2026-11-22T17:28:24",
                           "2026-11-22T17:28Z",
                           "2026-11-22T24:00:00Z",
                           "2026-11-22T17:60:00Z",
                           "2026-11-22T17:28:24+24:00",
                           "2026-11-22T17:28:24+01:60",
                           "2026-11-22T17:28:24+0100",
                           "2026-11-22T17:28:24+01",
                           "2026-11-22T17:28:24Z ",
                           " 2026-11-22T17:28:24Z",
                           "2026-11-22T17:28:24ZZ",
                           "26-11-22T17:28:24Z",
                           "+2026-11-22T17:28:24Z",
                           "-026-11-22T17:28:24Z",
                           "2026-11-22T17:28:24.+1Z",
                           "2026/11/22T17:28:24Z",
                           "2026-11-22T17.28.24Z",
                           "20261122T172824Z",
                           "2026-1-22T17:28:24Z",
                           "2026-11-22T+7:28:24Z"})
    CAF_CHECK_EQUAL(reread(text), "-");
  CAF_CHECK_EQUAL(reread(std::string("2026-11-22T17:28:24Z\0", 21)), "-");
}

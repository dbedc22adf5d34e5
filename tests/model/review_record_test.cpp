#define CAF_SUITE review_record

#include "actors/model/review_record.hpp"

#include "actors/model/review_json.hpp"

#include "caf/test/unit_test.hpp"

#include <string>

using namespace reviews;

namespace {

const review some_review{{}, "vendor-1", "a", 5, std::nullopt, std::nullopt, timestamp{}};
const dead_letter_reason some_reason{"reviews.v1", 3, 42, "not_json", "json: expected UTF-8", "decode"};

/// Headers as `name=value` lines; a null value shows as `(null)`.
std::string headers_of(const record& r) {
  std::string lines;
  for (const auto& header : r.headers)
    lines += header.name + '=' + header.value.value_or("(null)") + '\n';
  return lines;
}

} // namespace

CAF_TEST(a record has the vendor as key and the review as value) {
  const auto uut = make_review_record(view_of(some_review));

  std::string json;
  append_json(json, view_of(some_review));
  CAF_CHECK(uut.key == "vendor-1");
  CAF_CHECK(uut.value == json);
  CAF_CHECK_EQUAL(headers_of(uut), "content-type=application/json\nschema=review/1\n");
}

CAF_TEST(a record carries the trace context that the request had) {
  CAF_CHECK_EQUAL(headers_of(make_review_record(view_of(some_review), {"00-a-b-01", "x=y"})),
                  "content-type=application/json\nschema=review/1\ntraceparent=00-a-b-01\ntracestate=x=y\n");
  CAF_CHECK_EQUAL(headers_of(make_review_record(view_of(some_review), {"00-a-b-01", ""})),
                  "content-type=application/json\nschema=review/1\ntraceparent=00-a-b-01\n");
}

CAF_TEST(a dead letter keeps key and value and headers and says why) {
  const record original{"k", std::string("\0\xff", 2), {{"schema", "review/1"}, {"empty", std::nullopt}}};

  const auto uut = make_dead_letter(original, some_reason);

  CAF_CHECK(uut.key == original.key);
  CAF_CHECK(uut.value == original.value);
  CAF_CHECK_EQUAL(headers_of(uut), "schema=review/1\n"
                                   "empty=(null)\n"
                                   "__connect.errors.topic=reviews.v1\n"
                                   "__connect.errors.partition=3\n"
                                   "__connect.errors.offset=42\n"
                                   "__connect.errors.exception.class.name=not_json\n"
                                   "__connect.errors.exception.message=json: expected UTF-8\n"
                                   "__connect.errors.stage=decode\n");
}

CAF_TEST(a dead letter keeps null key and null value) {
  const auto uut = make_dead_letter(record{}, some_reason);

  CAF_CHECK(!uut.key);
  CAF_CHECK(!uut.value);
}

CAF_TEST(a dead letter that fails again keeps its history and the last reason counts) {
  const auto once = make_dead_letter(record{"k", "v", {{"a", "b"}}}, {"old", 1, 2, "poisoned", "m", "store"});

  const auto twice = make_dead_letter(once, some_reason);

  CAF_CHECK_EQUAL(headers_of(twice), headers_of(once) + headers_of(make_dead_letter(record{}, some_reason)));
}

CAF_TEST(a dead letter that is too large loses its value and then its key) {
  auto uut = make_dead_letter(record{"key", "value", {{"a", "b"}}}, some_reason);

  CAF_CHECK(shrink_dead_letter(uut));
  CAF_CHECK(uut.key == "key");
  CAF_CHECK(!uut.value);
  CAF_CHECK(uut.headers.front().name == "a");
  CAF_CHECK(uut.headers.back().name == "__connect.errors.dropped.value.bytes");
  CAF_CHECK(uut.headers.back().value == "5");
  CAF_CHECK(shrink_dead_letter(uut));
  CAF_CHECK(!uut.key);
  CAF_CHECK(uut.headers.front().name == "__connect.errors.topic");
  CAF_CHECK(!shrink_dead_letter(uut));
}

CAF_TEST(a long message is cut between characters) {
  auto reason = some_reason;
  const auto message_of = [&reason] {
    return make_dead_letter(record{}, reason).headers.at(4).value.value();
  };

  reason.message = std::string(dead_letter_message_bytes_max, 'm');
  CAF_CHECK_EQUAL(message_of(), reason.message);
  reason.message += 'm';
  CAF_CHECK_EQUAL(message_of(), std::string(dead_letter_message_bytes_max - 3, 'm') + "...");
  reason.message = std::string(dead_letter_message_bytes_max - 4, 'm') + "\u20ac\u20ac";
  CAF_CHECK_EQUAL(message_of(), std::string(dead_letter_message_bytes_max - 4, 'm') + "...");
}

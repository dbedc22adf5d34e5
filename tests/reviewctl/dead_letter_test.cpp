#define CAF_SUITE dead_letter

#include "deploy/reviewctl/dead_letter.hpp"

#include "actors/model/review_record.hpp"
#include "deploy/reviewctl/dead_letter_index.hpp"
#include "deploy/reviewctl/dead_letter_text.hpp"

#include "caf/test/unit_test.hpp"

using namespace reviews;
using namespace reviews::ctl;

namespace {

dead_letter_reason reason_at(std::int64_t offset, std::string name = "poisoned") {
  return {"reviews.v1", 3, offset, std::move(name), "rating: expected 1..5, got 9", "store"};
}

timestamp second(int number) {
  return timestamp(std::chrono::seconds(number));
}

dead_letter letter_of(record what, log_place id = {2, 17}) {
  return read_dead_letter(id, second(1), std::move(what));
}

/// Headers as `name=value` lines.
std::string headers_of(const record& r) {
  std::string lines;
  for (const auto& header : r.headers)
    lines += header.name + '=' + header.value.value_or("(null)") + '\n';
  return lines;
}

record some_record() {
  return {"cafe-uno", "{}", {{"schema", "review/1"}}};
}

} // namespace

CAF_TEST(the headers say where and why it failed) {
  const auto uut = letter_of(make_dead_letter(some_record(), reason_at(42)));

  CAF_CHECK_EQUAL(uut.topic, "reviews.v1");
  CAF_CHECK((uut.origin == log_place{3, 42}));
  CAF_CHECK_EQUAL(uut.reason, "poisoned");
  CAF_CHECK_EQUAL(uut.stage, "store");
  CAF_CHECK_EQUAL(uut.message, "rating: expected 1..5, got 9");
  CAF_CHECK_EQUAL(uut.attempts, 1u);
  CAF_CHECK_EQUAL(vendor_of(uut), "cafe-uno");
  CAF_CHECK(!uut.dropped_value_bytes);
}

CAF_TEST(a record without such headers is a letter of unknown origin) {
  const auto uut = letter_of(record{"no vendor!", std::nullopt, {{"reviews.dlq.attempts", "-4"}}});

  CAF_CHECK((uut.origin == log_place{}));
  CAF_CHECK_EQUAL(uut.attempts, 1u);
  CAF_CHECK_EQUAL(vendor_of(uut), "-");
}

CAF_TEST(a letter that lost its value says how large that was) {
  auto shrunk = make_dead_letter(some_record(), reason_at(42));
  CAF_REQUIRE(shrink_dead_letter(shrunk));
  auto forged = some_record();
  forged.headers.push_back({"__connect.errors.dropped.value.bytes", "7"});

  const auto uut = letter_of(shrunk);
  const auto whole = letter_of(make_dead_letter(forged, reason_at(42)));

  CAF_CHECK(uut.dropped_value_bytes == 2u);
  CAF_CHECK(!whole.dropped_value_bytes);
}

CAF_TEST(a replay is the record as it was and what it has been through) {
  const auto uut = make_replay(letter_of(make_dead_letter(some_record(), reason_at(42))));

  CAF_CHECK(uut.key == "cafe-uno");
  CAF_CHECK(uut.value == "{}");
  CAF_CHECK_EQUAL(headers_of(uut), "schema=review/1\n"
                                   "reviews.dlq.origin=reviews.v1/3/42\n"
                                   "reviews.dlq.failure=reviews.v1/3/42 poisoned\n"
                                   "reviews.dlq.attempts=1\n");
}

CAF_TEST(what fails again and again counts its attempts and keeps its first place) {
  auto what = some_record();
  for (int round = 0; round < 30; ++round)
    what = make_replay(letter_of(make_dead_letter(what, reason_at(round))));

  const auto uut = letter_of(make_dead_letter(what, reason_at(30, "not_json")));
  const auto headers = headers_of(uut.what);

  CAF_CHECK_EQUAL(uut.attempts, 31u);
  CAF_CHECK((uut.origin == log_place{3, 30}));
  CAF_CHECK_EQUAL(uut.reason, "not_json");
  CAF_CHECK(headers.find("reviews.dlq.origin=reviews.v1/3/0\n") != std::string::npos);
  CAF_CHECK(headers.find("reviews.dlq.failure=reviews.v1/3/0 poisoned\n") != std::string::npos);
  CAF_CHECK(headers.find("reviews.dlq.failure=reviews.v1/3/20 poisoned\n") == std::string::npos);
  CAF_CHECK(headers.find("reviews.dlq.failure=reviews.v1/3/29 poisoned\n") != std::string::npos);
  CAF_CHECK_EQUAL(what.headers.size(), 1 + 1 + dead_letter_failures_max + 1);
}

CAF_TEST(a marker is read back and a dead letter is never taken for one) {
  const auto marker = make_marker({{2, 17}, "replayed"});
  auto forged = make_dead_letter(marker, reason_at(42));

  const auto uut = read_marker(2, marker);

  CAF_REQUIRE(uut);
  CAF_CHECK((uut->letter == log_place{2, 17}));
  CAF_CHECK_EQUAL(uut->verdict, "replayed");
  CAF_CHECK(!read_marker(2, forged));
  CAF_CHECK(!read_marker(2, some_record()));
}

CAF_TEST(the index chooses the oldest open letters that pass its filter) {
  dead_letter_filter filter;
  filter.reasons = {"poisoned"};
  dead_letter_index uut(filter);
  uut.add({1, 5}, second(30), make_dead_letter(some_record(), reason_at(1)));
  uut.add({0, 7}, second(20), make_dead_letter(some_record(), reason_at(2)));
  uut.add({0, 8}, second(10), make_dead_letter(some_record(), reason_at(3, "not_json")));
  uut.add({0, 6}, second(10), make_dead_letter(some_record(), reason_at(4)));
  CAF_CHECK((uut.chosen(9) == std::vector<log_place>{{0, 6}, {0, 7}, {1, 5}}));
  CAF_CHECK((uut.chosen(1) == std::vector<log_place>{{0, 6}}));

  uut.add({0, 9}, second(40), make_marker({{0, 7}, "dropped"}));

  CAF_CHECK((uut.chosen(9) == std::vector<log_place>{{0, 6}, {1, 5}}));
  CAF_CHECK_EQUAL(uut.state_of({0, 7}), "dropped");
  CAF_CHECK_EQUAL(uut.state_of({0, 6}), "open");
  CAF_CHECK((uut.open_by_origin() == std::map<std::int32_t, std::size_t>{{3, 2}}));
}

CAF_TEST(letters of one record are one and are resolved together) {
  dead_letter_index uut(dead_letter_filter{});
  uut.add({0, 1}, second(10), make_dead_letter(some_record(), reason_at(7)));
  uut.add({0, 2}, second(11), make_dead_letter(some_record(), reason_at(7)));
  uut.add({0, 3}, second(12), make_dead_letter(record{"other", "content", {}}, reason_at(7)));

  CAF_CHECK((uut.chosen(9) == std::vector<log_place>{{0, 1}, {0, 3}}));
  CAF_CHECK((uut.likes_of({0, 1}) == std::vector<log_place>{{0, 1}, {0, 2}}));
  CAF_CHECK((uut.open_by_origin() == std::map<std::int32_t, std::size_t>{{3, 2}}));

  uut.add({0, 4}, second(13), make_marker({{0, 1}, "replayed"}));
  CAF_CHECK((uut.chosen(9) == std::vector<log_place>{{0, 2}, {0, 3}}));
  uut.add({0, 5}, second(13), make_marker({{0, 2}, "replayed"}));
  CAF_CHECK((uut.chosen(9) == std::vector<log_place>{{0, 3}}));
}

CAF_TEST(filters narrow down by all that is given) {
  const auto letter = letter_of(make_dead_letter(some_record(), reason_at(42)));
  dead_letter_filter uut;
  CAF_CHECK(uut.is_open() && uut.passes(letter));

  uut.partitions = {1, 3};
  uut.offsets = {42};
  uut.vendors = {"cafe-uno"};
  uut.since = second(1);
  uut.until = second(2);
  uut.attempts_max = 1;
  uut.ids = {{2, 17}};
  CAF_CHECK(!uut.is_open() && uut.passes(letter));

  uut.until = second(1);
  CAF_CHECK(!uut.passes(letter));
  uut.until.reset();
  uut.offsets = {43};
  CAF_CHECK(!uut.passes(letter));
}

CAF_TEST(IDs are partition and offset) {
  CAF_CHECK((parse_letter_id("3:17") == log_place{3, 17}));
  for (const auto* text : {"", "3", "3:", ":17", "-3:17", "3:-1", "3:17x", "a:1"})
    CAF_CHECK(!parse_letter_id(text));
}

CAF_TEST(what no terminal should get is shown as hex) {
  CAF_CHECK_EQUAL(shown("Zo\u00eb\n"), "Zo\u00eb\n");
  CAF_CHECK_EQUAL(shown("\x1b[2J"), "hex:1b5b324a");
  CAF_CHECK_EQUAL(shown("\xff"), "hex:ff");
}

CAF_TEST(a shown value is cut at its bound between characters) {
  auto what = some_record();
  what.value = "ab\u20accd";

  const auto text = full_text(letter_of(make_dead_letter(what, reason_at(42))), "open", 4);

  CAF_CHECK(text.ends_with("value       7 bytes, the first 2 (--bytes)\nab\n"));
  CAF_CHECK(text.find("origin      reviews.v1 3:42\n") != std::string::npos);
  CAF_CHECK(text.find("message     rating: expected 1..5, got 9\n") != std::string::npos);
}

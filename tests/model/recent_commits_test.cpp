#define CAF_SUITE recent_commits

#include "actors/model/recent_commits.hpp"

#include "actors/model/feed_events.hpp"
#include "tests/fixtures/commit_samples.hpp"

#include <boost/json/parse.hpp>

#include "caf/test/unit_test.hpp"

using namespace reviews;

namespace {

const timestamp heard_at{std::chrono::microseconds(1'795'368'504'000'123)};

struct fixture {
  recent_commits uut{"reviews.v1", "reviews-writer"};

  void add(int first, int count, std::int32_t partition = 0) {
    uut.add(make_payload(make_sample_batch(first, count, partition)), heard_at);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(recent_commits_tests, fixture)

CAF_TEST(the commit that covers a record is found) {
  add(0, 5);
  add(5, 5);
  add(3, 9, 1);

  const auto found = uut.find(0, 7);

  CAF_REQUIRE(found);
  CAF_CHECK_EQUAL(found->what.from_offset, 5);
  CAF_CHECK(found->heard_at == heard_at);
  CAF_CHECK(!uut.find(0, 10));
  CAF_CHECK(!uut.find(1, 2));
  CAF_CHECK(!uut.find(2, 0));
}

CAF_TEST(what is read later stands after what was kept before) {
  add(0, 5);
  uut.read(make_payload(make_sample_batch(5, 5)), heard_at);

  CAF_CHECK(uut.find(0, 2));
  CAF_CHECK(uut.find(0, 7));
}

CAF_TEST(of two commits that cover a record the last one counts) {
  add(0, 5);
  add(2, 9); // the offset was moved back by hand

  CAF_CHECK_EQUAL(uut.find(0, 3)->what.from_offset, 2);
}

CAF_TEST(commits of another topic or group and what is none are passed over) {
  auto other = sample_handler;
  other.topic = "others";
  uut.add(make_payload(make_sample_batch(0, 1), 1, other), heard_at);
  other = sample_handler;
  other.group = "others";
  uut.add(make_payload(make_sample_batch(0, 1), 1, other), heard_at);
  uut.add("nonsense", heard_at);

  CAF_CHECK(!uut.find(0, 0));
  CAF_CHECK(!uut.read("nonsense", heard_at));
}

CAF_TEST(unread payloads are bounded by their number) {
  for (int i = 0; i < static_cast<int>(recent_commits::unread_max) + 1; ++i)
    add(i, 1, i % 1'000);

  CAF_CHECK(!uut.find(0, 0));
  CAF_CHECK(uut.find(1, 1));
}

CAF_TEST(unread payloads are bounded by their bytes) {
  const auto payload = make_payload(make_sample_batch(0, 100));
  const auto fits = recent_commits::unread_bytes_max / payload.size() + 1;
  add(0, 1, 9);
  for (std::size_t i = 0; i < fits; ++i)
    uut.add(payload, heard_at);

  CAF_CHECK(!uut.find(9, 0));
  CAF_CHECK(uut.find(0, 0));
}

CAF_TEST(read commits of a partition are bounded) {
  for (int i = 0; i <= static_cast<int>(recent_commits::partition_commits_max); ++i)
    uut.read(make_payload(make_sample_batch(i, 1)), heard_at);

  CAF_CHECK(!uut.find(0, 0));
  CAF_CHECK(uut.find(0, 1));
}

CAF_TEST(nothing is found after a clear) {
  add(0, 5);
  CAF_CHECK(uut.find(0, 0));
  add(5, 5);

  uut.clear();

  CAF_CHECK(!uut.find(0, 0));
  CAF_CHECK(!uut.find(0, 5));
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(a review event has its place as id and everything of its way in one line of data) {
  auto what = make_sample_review(3);
  what.text = "two\nlines and a \"quote\"";
  const auto told = parse_commit_notice(make_payload(make_sample_batch(3, 1)));
  CAF_REQUIRE(told);

  const auto event =
      review_event({what, heard_at, 4, 17}, {*told, heard_at}, told->reviews[0].consumed_at, 5);

  CAF_REQUIRE(event.starts_with("event: review\nid: 4-17\ndata: {"));
  CAF_REQUIRE(event.ends_with("}\n\n"));
  const auto data = event.substr(event.find('{'));
  CAF_CHECK_EQUAL(data.find('\n'), data.size() - 2);
  const auto json = boost::json::parse(data);
  CAF_CHECK_EQUAL(std::string(json.at("review").at("text").as_string()), *what.text);
  CAF_CHECK_EQUAL(json.at("review").at("partition").as_int64(), 4);
  CAF_CHECK_EQUAL(json.at("review").at("offset").as_int64(), 17);
  CAF_CHECK(!json.at("review").as_object().contains("title"));
  CAF_CHECK_EQUAL(std::string(json.at("review").at("stored_at").as_string()), "2026-11-22T17:28:24.000123Z");
  CAF_CHECK_EQUAL(std::string(json.at("committed_at").as_string()), "2026-11-22T17:28:24.000123Z");
  CAF_CHECK_EQUAL(std::string(json.at("consumer").as_string()), "host:7");
  CAF_CHECK_EQUAL(std::string(json.at("actor").as_string()), "consumer-1");
  CAF_CHECK_EQUAL(std::string(json.at("writer").as_string()), "writer-0");
  CAF_CHECK_EQUAL(json.at("batch").at("from_offset").as_int64(), told->from_offset);
  CAF_CHECK_EQUAL(json.at("batch").at("next_offset").as_int64(), told->next_offset);
  CAF_CHECK_EQUAL(json.at("batch").at("rows").as_int64(), static_cast<std::int64_t>(told->rows));
  CAF_CHECK_EQUAL(json.at("skipped").as_int64(), 5);
}

CAF_TEST(a pipeline event has no id) {
  CAF_CHECK_EQUAL(pipeline_event("{}"), "event: pipeline\ndata: {}\n\n");
}

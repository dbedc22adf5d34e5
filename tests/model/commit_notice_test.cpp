#define CAF_SUITE commit_notice

#include "actors/model/commit_notice.hpp"

#include "actors/model/consumer_report.hpp"
#include "tests/fixtures/review_samples.hpp"

#include <limits>

#include "caf/test/unit_test.hpp"

using namespace reviews;

namespace {

const batch_handler handler{"reviews.v1", "reviews-writer", "host:7", "consumer-1", "writer-0"};
const timestamp when{std::chrono::microseconds(1'795'368'504'000'123)};

review_batch make_batch(int count, std::int64_t from = 100) {
  review_batch batch;
  batch.partition = 3;
  batch.from_offset = from;
  batch.next_offset = from + count;
  for (int i = 0; i < count; ++i)
    batch.rows.add({view_of(make_sample_review(i)), from + i, when});
  return batch;
}

std::string payload_of(const review_batch& batch, std::uint64_t inserted, const batch_handler& by = handler) {
  return begin_commit_notice(batch, by) + std::to_string(inserted) + "}";
}

} // namespace

CAF_TEST(a notice is read back as it was told) {
  const auto got = parse_commit_notice(payload_of(make_batch(2), 1));

  CAF_REQUIRE(got);
  CAF_CHECK_EQUAL(got->by.topic, "reviews.v1");
  CAF_CHECK_EQUAL(got->by.group, "reviews-writer");
  CAF_CHECK_EQUAL(got->by.consumer, "host:7");
  CAF_CHECK_EQUAL(got->by.actor, "consumer-1");
  CAF_CHECK_EQUAL(got->by.writer, "writer-0");
  CAF_CHECK_EQUAL(got->partition, 3);
  CAF_CHECK_EQUAL(got->from_offset, 100);
  CAF_CHECK_EQUAL(got->next_offset, 102);
  CAF_CHECK_EQUAL(got->rows, 2u);
  CAF_CHECK_EQUAL(got->inserted, 1u);
  CAF_REQUIRE_EQUAL(got->reviews.size(), 2u);
  CAF_CHECK(got->reviews[0].id == make_sample_review(0).id);
  CAF_CHECK_EQUAL(got->reviews[1].offset, 101);
  CAF_CHECK(got->reviews[1].consumed_at == when);
}

CAF_TEST(a first batch begins at 0 and an empty one lists nothing) {
  auto batch = make_batch(0);
  batch.from_offset.reset();

  const auto got = parse_commit_notice(payload_of(batch, 0));

  CAF_REQUIRE(got);
  CAF_CHECK_EQUAL(got->from_offset, 0);
  CAF_CHECK(got->reviews.empty());
}

CAF_TEST(a notice covers the offsets of its range) {
  const auto got = parse_commit_notice(payload_of(make_batch(2), 2));

  CAF_REQUIRE(got);
  CAF_CHECK(!got->covers(99));
  CAF_CHECK(got->covers(100));
  CAF_CHECK(got->covers(101));
  CAF_CHECK(!got->covers(102));
}

CAF_TEST(of a large batch the newest 100 are listed in their order) {
  const auto got = parse_commit_notice(payload_of(make_batch(1'000), 1'000));

  CAF_REQUIRE(got);
  CAF_CHECK_EQUAL(got->rows, 1'000u);
  CAF_REQUIRE_EQUAL(got->reviews.size(), noticed_reviews_max);
  CAF_CHECK_EQUAL(got->reviews.front().offset, 1'000);
  CAF_CHECK_EQUAL(got->reviews.back().offset, 1'099);
}

CAF_TEST(the largest numbers and names keep the payload within its bound) {
  auto by = handler;
  by.topic = by.group = std::string(249, 't');
  by.consumer = std::string(255, '"'); // doubled by JSON
  const auto batch = make_batch(200, std::numeric_limits<std::int64_t>::max() - 200);

  const auto payload = payload_of(batch, std::numeric_limits<std::uint64_t>::max() / 2, by);

  CAF_CHECK_LESS_OR_EQUAL(payload.size(), notice_bytes_max);
  const auto got = parse_commit_notice(payload);
  CAF_REQUIRE(got);
  CAF_CHECK_LESS(got->reviews.size(), noticed_reviews_max);
  CAF_CHECK_GREATER(got->reviews.size(), 80u);
  CAF_CHECK_EQUAL(got->reviews.back().offset, batch.rows.back().offset);
}

CAF_TEST(what is no notice is told as invalid) {
  for (const auto* text : {"", "{}", "[]", "nonsense", R"({"topic":1})"}) {
    const auto got = parse_commit_notice(text);
    CAF_REQUIRE(!got);
    CAF_CHECK(got.error().code == ec::invalid);
  }
  auto payload = payload_of(make_batch(1), 1);
  payload.replace(payload.find(R"("partition":3)"), 13, R"("partition":"")");
  CAF_CHECK(!parse_commit_notice(payload));
}

CAF_TEST(members to come are passed over) {
  auto payload = payload_of(make_batch(1), 1);
  payload.insert(1, R"("later":[1,2],)");

  CAF_CHECK(parse_commit_notice(payload));
}

CAF_TEST(a report is read back as it was told) {
  consumer_report report{"reviews.v1", "reviews-writer", "host:7", when, 3, {}};
  report.partitions.push_back({0, "consumer-1", partition_state::running, ""});
  report.partitions.push_back({5, "", partition_state::starting, ""});
  report.partitions.push_back({7, "consumer-0", partition_state::stopped, "offset_gone"});

  const auto payloads = to_payloads(report);

  CAF_REQUIRE_EQUAL(payloads.size(), 1u);
  const auto got = parse_consumer_report(payloads[0]);
  CAF_REQUIRE(got);
  CAF_CHECK_EQUAL(got->consumer, "host:7");
  CAF_CHECK_EQUAL(got->rebalances, 3u);
  CAF_CHECK(got->at == when);
  CAF_REQUIRE_EQUAL(got->partitions.size(), 3u);
  CAF_CHECK_EQUAL(got->partitions[0].actor, "consumer-1");
  CAF_CHECK(got->partitions[1].state == partition_state::starting);
  CAF_CHECK(got->partitions[2].state == partition_state::stopped);
  CAF_CHECK_EQUAL(got->partitions[2].reason, "offset_gone");
}

CAF_TEST(a report of many partitions takes several payloads) {
  consumer_report report{"reviews.v1", "reviews-writer", "host:7", when, 1, {}};
  for (int i = 0; i < 1'000; ++i)
    report.partitions.push_back({i, "consumer-1", partition_state::paused, "unavailable"});

  const auto payloads = to_payloads(report);

  CAF_CHECK_GREATER(payloads.size(), 1u);
  std::int32_t next = 0;
  for (const auto& each : payloads) {
    CAF_CHECK_LESS_OR_EQUAL(each.size(), notice_bytes_max);
    const auto got = parse_consumer_report(each);
    CAF_REQUIRE(got);
    CAF_CHECK(got->at == when);
    for (const auto& partition : got->partitions)
      CAF_CHECK_EQUAL(partition.partition, next++);
  }
  CAF_CHECK_EQUAL(next, 1'000);
}

CAF_TEST(a report without partitions is told all the same) {
  const auto payloads = to_payloads({"reviews.v1", "reviews-writer", "host:7", when, 0, {}});

  CAF_REQUIRE_EQUAL(payloads.size(), 1u);
  const auto got = parse_consumer_report(payloads[0]);
  CAF_REQUIRE(got);
  CAF_CHECK(got->partitions.empty());
}

CAF_TEST(what is no report is told as invalid) {
  for (const auto* text :
       {"", "{}", "[1]", R"({"topic":"t","group":"g","consumer":"c","at":1,"rebalances":1})"})
    CAF_CHECK(!parse_consumer_report(text));
}

#define CAF_SUITE partition_consumer

#include "tests/fixtures/partition_consumer_fixture.hpp"

using namespace reviews;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(partition_consumer_tests, partition_consumer_fixture)

CAF_TEST(a new consumer tells the group consumer) {
  start();

  CAF_REQUIRE_EQUAL(notes.started.size(), 1u);
}

CAF_TEST(a lone record is stored after the linger) {
  start();
  append(0, 1);
  CAF_CHECK(database->rows.empty());

  pass(5ms);

  CAF_CHECK_EQUAL(database->rows.size(), 1u);
  CAF_CHECK_EQUAL(database->offsets[3], 1);
  CAF_REQUIRE_EQUAL(notes.stored.size(), 1u);
  CAF_CHECK_EQUAL(notes.stored[0].next_offset, 1);
}

CAF_TEST(a full batch is stored at once and the rest follows) {
  start();

  append(0, 25);
  pass(5ms);

  CAF_CHECK_EQUAL(database->rows.size(), 25u);
  CAF_CHECK_EQUAL(database->offsets[3], 25);
  for (auto size : database->batch_sizes)
    CAF_CHECK_LESS_OR_EQUAL(size, 10u);
}

CAF_TEST(a consumer that is full does not take) {
  hold_writer();
  start();

  append(0, 100);
  pass(10ms);

  CAF_CHECK_EQUAL(metrics.of(3).held_records.Value(), 40);
  CAF_CHECK_LESS_OR_EQUAL(queue->largest_pull, 40u);
}

CAF_TEST(gaps in the log are passed over) {
  log->end = 7; // seven records were compacted away
  start();

  append(0, 1);
  pass(5ms);

  CAF_CHECK_EQUAL(database->offsets[3], 8);
}

CAF_TEST(what does not decode becomes a dead letter and the partition moves on) {
  start();
  log->append({std::string("k"), std::string("{not json"), {{"trace", "t"}}});
  log->append({std::nullopt, std::nullopt, {}});
  log->append({std::string("k"), std::string(R"({"vendor_id":"v"})"), {}});

  append(0, 1);
  pass(5ms);

  CAF_CHECK_EQUAL(database->rows.size(), 1u);
  CAF_CHECK_EQUAL(database->offsets[3], 4);
  CAF_REQUIRE_EQUAL(broker->written.size(), 3u);
  CAF_CHECK_EQUAL(*broker->written[0].value, "{not json");
  CAF_CHECK_EQUAL(broker->written[0].headers[0].name, "trace");
  CAF_CHECK(!broker->written[1].key);
  CAF_CHECK(!broker->written[1].value);
}

CAF_TEST(nothing is stored before its dead letters are acknowledged) {
  broker->acknowledges_at_once = false;
  start();
  log->append({std::string("k"), std::string("{not json"), {}});
  append(0, 1);
  pass(5ms);
  CAF_CHECK(database->offsets.empty());

  broker->acknowledge();
  settle();

  CAF_CHECK_EQUAL(database->offsets[3], 2);
}

CAF_TEST(a dead letter counts with its headers) {
  broker->acknowledges_at_once = false;
  start();
  log->append({std::nullopt, std::nullopt, {{"big", std::string(10'000, 'x')}}});
  log->append({std::nullopt, std::nullopt, {{"big", std::string(10'000, 'x')}}});

  append(0, 1);

  CAF_CHECK(metrics.of(3).held_bytes.Value() >= 20'000);
}

CAF_TEST(a dead letter that is not acknowledged is tried again) {
  broker->acknowledges_at_once = false;
  start();
  log->append({std::string("k"), std::string("{not json"), {}});
  settle();
  pass(5ms);
  broker->refuse({ec::unavailable, "broker: away", {}});
  settle();
  CAF_CHECK_EQUAL(metrics.of(3).paused.Value(), 1);

  broker->acknowledges_at_once = true;
  pass(100ms);

  CAF_CHECK_EQUAL(database->offsets[3], 1);
}

CAF_TEST(an unreachable database pauses the partition and the same batch is tried again) {
  database->failures = {{ec::unavailable, "08006", {}}, {ec::unavailable, "08006", {}}};
  start();
  append(0, 3);
  pass(5ms);
  CAF_CHECK(database->rows.empty());
  CAF_CHECK_EQUAL(metrics.of(3).paused.Value(), 1);

  pass(100ms);
  CAF_CHECK(database->rows.empty());
  pass(200ms);

  CAF_CHECK_EQUAL(database->rows.size(), 3u);
  CAF_CHECK_EQUAL(metrics.of(3).paused.Value(), 0);
  CAF_CHECK(notes.waiting == (std::vector<std::int32_t>{3, 3})); // a sign of life an attempt
}

CAF_TEST(a batch with a bad row is split until the row stands alone) {
  start();
  database->poison = {"Ada 4"};

  append(0, 10);

  CAF_CHECK_EQUAL(database->offsets[3], 4);
  CAF_REQUIRE_EQUAL(notes.failed.size(), 1u);
  CAF_CHECK(notes.failed[0].why.code == ec::poisoned);
}

CAF_TEST(a bad row is dead lettered as it was when read again) {
  start();
  database->poison = {"Ada 4"};
  append(0, 10);

  hand_over(2, database->offsets[3]);
  pass(5ms);

  CAF_CHECK_EQUAL(database->rows.size(), 9u);
  CAF_CHECK_EQUAL(database->offsets[3], 10);
  CAF_REQUIRE_EQUAL(broker->written.size(), 1u);
  const auto original = make_sample_record(4);
  CAF_CHECK_EQUAL(*broker->written[0].value, *original.value);
}

CAF_TEST(bad rows side by side become one dead letter each) {
  start();
  database->poison = {"Ada 0", "Ada 1", "Ada 2", "Ada 3", "Ada 4"};
  append(0, 10);

  for (std::uint64_t epoch = 2; epoch < 12; ++epoch) {
    auto found = database->offsets.find(3);
    hand_over(epoch, found == database->offsets.end() ? std::nullopt : std::optional(found->second));
    pass(5ms);
  }

  CAF_CHECK_EQUAL(database->offsets[3], 10);
  CAF_CHECK_EQUAL(database->rows.size(), 5u);
  CAF_CHECK_EQUAL(broker->written.size(), 5u);
}

CAF_TEST(a fenced batch is reported and not tried again) {
  start();
  database->offsets[3] = 100; // somebody else was here
  append(0, 10);

  CAF_REQUIRE_EQUAL(notes.failed.size(), 1u);
  CAF_CHECK(notes.failed[0].why.code == ec::fenced);
  pass(1'000ms);
  CAF_CHECK(database->rows.empty());
  CAF_CHECK_EQUAL(notes.failed.size(), 1u);
}

CAF_TEST(a refusing database is reported and nothing is dead lettered) {
  start();
  database->failures = {{ec::refused, "42P01", {}}};
  append(0, 10);

  CAF_REQUIRE_EQUAL(notes.failed.size(), 1u);
  CAF_CHECK(notes.failed[0].why.code == ec::refused);
  CAF_CHECK(broker->written.empty());
}

CAF_TEST(an offset outside the log is reported) {
  log->begin = 50;
  log->end = 60;

  start(10);

  CAF_REQUIRE_EQUAL(notes.failed.size(), 1u);
  CAF_CHECK(notes.failed[0].why.code == ec::offset_gone);
}

CAF_TEST(a batch whose answer is late stays whole for the writer that still has it) {
  hold_writer();
  start();
  append(0, 10);

  pass(setup.answer_timeout);

  CAF_REQUIRE_EQUAL(notes.failed.size(), 1u);
  CAF_CHECK(notes.failed[0].why.code == ec::outcome_unknown);
  self->receive([](write_batch& what) {
    CAF_CHECK_EQUAL(what.batch->rows.size(), 10u);
    return batch_written{{10, 0}};
  });
}

CAF_TEST(a batch whose notice was withheld is stored and counted) {
  hold_writer();
  start();
  append(0, 10);

  self->receive([](write_batch&) { return batch_written{{10, 0, true}}; });
  settle();

  CAF_CHECK_EQUAL(notes.stored.size(), 1u);
  CAF_CHECK_EQUAL(metrics.notices_withheld_total.Value(), 1);
}

CAF_TEST(what was read before the log was cut off is stored before the partition is reported) {
  hold_writer();
  start();
  append(0, 10);
  log->begin = 500;
  log->end = 600;
  self->send(uut, partition_ready{3, 1});
  settle();
  CAF_CHECK(notes.failed.empty());

  self->receive([](write_batch&) { return batch_written{{10, 0}}; });
  settle();

  CAF_CHECK_EQUAL(notes.stored.size(), 1u);
  CAF_REQUIRE_EQUAL(notes.failed.size(), 1u);
  CAF_CHECK(notes.failed[0].why.code == ec::offset_gone);
  CAF_CHECK_EQUAL(metrics.of(3).paused.Value(), 1);
}

CAF_TEST(a dead letter that is too large goes without its content) {
  broker->acknowledges_at_once = false;
  start();
  log->append({std::string("k"), std::string("{not json"), {}});
  settle();
  pass(5ms);

  broker->refuse({ec::invalid, "record: too large", {}});
  settle();
  broker->acknowledge();
  settle();

  CAF_CHECK_EQUAL(database->offsets[3], 1);
  CAF_REQUIRE_EQUAL(broker->written.size(), 1u);
  CAF_CHECK(!broker->written[0].value);
  CAF_CHECK(broker->written[0].key == "k");
}

CAF_TEST(lag in seconds grows while the database is away) {
  database->failures.assign(100, {ec::unavailable, "08006", {}});
  start();
  append(0, 1);
  pass(5ms);

  CAF_CHECK(metrics.of(3).lag_seconds.Value() > 0);
}

CAF_TEST(a batch brings the notice of who stores it) {
  setup.by = {"reviews.v1", "reviews-writer", "host:7", "consumer-0", ""};
  start();

  append(0, 3);
  pass(5ms);

  CAF_REQUIRE_EQUAL(database->notices.size(), 1u);
  const auto told = parse_commit_notice(database->notices[0]);
  CAF_REQUIRE(told);
  CAF_CHECK_EQUAL(told->by.consumer, "host:7");
  CAF_CHECK_EQUAL(told->by.actor, "consumer-0");
  CAF_CHECK_EQUAL(told->by.writer, "writer-0");
  CAF_CHECK_EQUAL(told->partition, 3);
  CAF_CHECK_EQUAL(told->next_offset, 3);
  CAF_CHECK_EQUAL(told->inserted, 3u);
  CAF_REQUIRE_EQUAL(told->reviews.size(), 3u);
  CAF_CHECK(told->reviews[2].id == make_sample_review(2).id);
  CAF_CHECK(now_utc() - told->reviews[2].consumed_at < 1min);
}

CAF_TEST_FIXTURE_SCOPE_END()

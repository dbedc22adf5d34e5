#define CAF_SUITE partition_consumer

#include "actors/partition_consumer.hpp"

#include "actors/publisher.hpp"
#include "actors/writer.hpp"
#include "tests/fakes/fake_consumer_client.hpp"
#include "tests/fakes/fake_producer_client.hpp"
#include "tests/fakes/fake_review_store.hpp"
#include "tests/fixtures/review_samples.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

using namespace reviews;
using namespace std::chrono_literals;

namespace {

/// Stands for the group consumer and keeps what it was told.
struct group_notes {
  std::vector<partition_stored> stored;
  std::vector<partition_failed> failed;
  std::vector<std::int32_t> waiting;
  std::vector<std::size_t> started;
};

group_consumer_actor::behavior_type fake_group_consumer(group_consumer_actor::pointer, group_notes* notes) {
  return {
      [notes](const partition_stored& what) { notes->stored.push_back(what); },
      [notes](const partition_failed& what) { notes->failed.push_back(what); },
      [notes](const partition_waiting& what) { notes->waiting.push_back(what.partition); },
      [](look_at_partitions) { return partitions_seen{}; },
      [](report_partitions) { return partitions_reported{}; },
      [notes](const consumer_started& what) { notes->started.push_back(what.index); },
      [](const resize_consumers&) { return consumers_resized{}; },
      [](drain) { return drained{}; },
      [](describe) { return description{}; },
  };
}

struct fixture : actor_fixture {
  fixture() {
    setup.by.topic = "reviews.v1";
    setup.batch = {10, 1u << 20, 5ms};
    setup.partition = {40, 1u << 20};
    setup.retry = {100ms, 1'000ms, 5, 60s};
    setup.writers = make_pool<writer_actor>(1);
    setup.dead_letters = make_address<publisher_actor>();
    setup.group = make_address<group_consumer_actor>();
    setup.metrics = &metrics;
    broker->acknowledges_at_once = true;
    start_writer();
    setup.dead_letters->set(watch(
        sys.spawn(publisher, publisher_params{}, make_fake_producer_factory(broker), &dead_letter_metrics)));
    setup.group->set(watch(sys.spawn(fake_group_consumer, &notes)));
    settle();
  }

  void start_writer() {
    setup.writers->address(0)->set(watch(sys.spawn(writer, make_fake_store_factory(database))));
  }

  void start(std::optional<std::int64_t> from = std::nullopt) {
    uut = watch(sys.spawn(partition_consumer, setup));
    settle();
    hand_over(1, from);
  }

  void hand_over(std::uint64_t epoch, std::optional<std::int64_t> from) {
    queue = std::make_shared<fake_partition_queue>(log, from.value_or(log->begin));
    self->send(uut, consume_partition{3, epoch, queue, from});
    settle();
  }

  void append(int from, int count) {
    for (int i = from; i < from + count; ++i)
      log->append(make_sample_record(i));
    settle();
  }

  /// What WRITER is asked stays with the test until it is answered.
  void hold_writer() { setup.writers->address(0)->set(caf::actor_cast<writer_actor>(self)); }

  partition_consumer_setup setup;
  std::shared_ptr<fake_log> log = std::make_shared<fake_log>();
  std::shared_ptr<fake_partition_queue> queue;
  std::shared_ptr<fake_broker> broker = std::make_shared<fake_broker>();
  std::shared_ptr<fake_database> database = std::make_shared<fake_database>();
  consumer_metrics metrics{registry};
  prometheus::Registry other_registry;
  publisher_metrics dead_letter_metrics{other_registry};
  group_notes notes;
  partition_consumer_private_actor uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(partition_consumer_tests, fixture)

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

CAF_TEST(a writer that dies in the middle leaves the partition to the stored offset) {
  start();
  database->throws_next = true;

  append(0, 10);

  CAF_REQUIRE_EQUAL(notes.failed.size(), 1u);
  CAF_CHECK(notes.failed[0].why.code == ec::broken);
  CAF_CHECK(database->rows.empty());
}

CAF_TEST(without a writer the partition waits for its successor) {
  setup.writers->address(0)->clear();
  start();
  append(0, 10);
  CAF_CHECK_EQUAL(metrics.of(3).paused.Value(), 1);

  start_writer();
  pass(100ms);

  CAF_CHECK_EQUAL(database->rows.size(), 10u);
}

CAF_TEST(partitions that would share a writer use an idle one) {
  setup.writers = make_pool<writer_actor>(2);
  start_writer();
  setup.writers->address(1)->set(caf::actor_cast<writer_actor>(self)); // in charge of partitions 3 and 5
  start();
  append(0, 10);
  auto other = std::make_shared<fake_log>();
  for (int i = 0; i < 10; ++i)
    other->append(make_sample_record(100 + i));

  self->send(uut, consume_partition{5, 2, std::make_shared<fake_partition_queue>(other, 0), std::nullopt});
  settle();

  CAF_CHECK_EQUAL(database->offsets[5], 10);
  CAF_CHECK_EQUAL(database->offsets.count(3), 0u);
  self->receive([](write_batch& what) {
    CAF_CHECK_EQUAL(what.batch->partition, 3);
    return batch_written{{10, 0}};
  });
  settle();
  CAF_CHECK_EQUAL(notes.stored.size(), 2u);
}

CAF_TEST(a batch goes to a writer that runs while another restarts) {
  setup.writers = make_pool<writer_actor>(2);
  start_writer();
  start(); // partition 3: of number 1, which does not run

  append(0, 10);

  CAF_CHECK_EQUAL(database->rows.size(), 10u);
  CAF_CHECK_EQUAL(metrics.of(3).paused.Value(), 0);
}

CAF_TEST(a writer whose database fails at once does not draw all batches) {
  setup.writers = make_pool<writer_actor>(2);
  start_writer();
  auto broken = std::make_shared<fake_database>();
  broken->failures.assign(1'000, {ec::unavailable, "53300", {}});
  setup.writers->address(1)->set(watch(sys.spawn(writer, make_fake_store_factory(broken))));
  start(); // partition 3: of number 1
  append(0, 10);
  CAF_CHECK_EQUAL(metrics.of(3).paused.Value(), 1);
  auto other = std::make_shared<fake_log>();
  for (int i = 0; i < 10; ++i)
    other->append(make_sample_record(100 + i));

  self->send(uut, consume_partition{5, 2, std::make_shared<fake_partition_queue>(other, 0), std::nullopt});
  settle();

  CAF_CHECK_EQUAL(database->offsets[5], 10); // of number 1 as well, which has one that waits
  CAF_CHECK_EQUAL(metrics.of(5).paused.Value(), 0);
  pass(100ms);
  CAF_CHECK_EQUAL(database->offsets[3], 10); // its retry went to the other
  CAF_CHECK_EQUAL(broken->failures.size(), 999u);
}

CAF_TEST(a partition that has failed leaves its writer to others) {
  setup.writers = make_pool<writer_actor>(2);
  start_writer();
  auto fencing = std::make_shared<fake_database>();
  fencing->failures = {{ec::fenced, "offset: expected another", {}}};
  setup.writers->address(1)->set(watch(sys.spawn(writer, make_fake_store_factory(fencing))));
  start(); // partition 3: of number 1
  append(0, 10);
  CAF_REQUIRE_EQUAL(notes.failed.size(), 1u);

  CAF_CHECK_EQUAL(setup.writers->begin_task(1).index, 1u);
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

CAF_TEST(a smaller batch holds for what comes next) {
  start();

  self->send(uut, set_limits{{4, 1u << 20, 5ms}, setup.partition});
  append(0, 12);
  pass(5ms);

  CAF_CHECK(database->batch_sizes == (std::vector<std::size_t>{4, 4, 4}));
}

CAF_TEST(a larger bound lets a consumer that is full go on taking) {
  hold_writer();
  start();
  append(0, 100);
  CAF_CHECK_EQUAL(metrics.of(3).held_records.Value(), 40);

  self->send(uut, set_limits{setup.batch, {60, 1u << 20}});
  settle();

  CAF_CHECK_EQUAL(metrics.of(3).held_records.Value(), 60);
}

CAF_TEST(a smaller bound keeps what is held and takes nothing until there is room) {
  hold_writer();
  start();
  append(0, 30);

  self->send(uut, set_limits{setup.batch, {20, 1u << 20}});
  append(30, 10);

  CAF_CHECK_EQUAL(metrics.of(3).held_records.Value(), 30);
  start_writer();
  self->send(uut, consume_partition{3, 2, std::make_shared<fake_partition_queue>(log, 0), std::nullopt});
  settle();
  pass(5ms);
  CAF_CHECK_EQUAL(database->rows.size(), 40u);
}

CAF_TEST(a shorter linger holds for what waits already) {
  setup.batch.linger = 60s;
  start();
  append(0, 1);
  pass(5ms);
  CAF_CHECK(database->rows.empty());

  self->send(uut, set_limits{{10, 1u << 20, 6ms}, setup.partition});
  settle();
  pass(1ms);

  CAF_CHECK_EQUAL(database->rows.size(), 1u);
}

CAF_TEST(other bounds leave the pause before a retry as it is) {
  database->failures = {{ec::unavailable, "08006", {}}};
  start();
  append(0, 10);

  self->send(uut, set_limits{{5, 1u << 20, 0ms}, setup.partition});
  settle();
  CAF_CHECK(database->rows.empty());
  pass(100ms);

  CAF_CHECK_EQUAL(database->rows.size(), 10u);
}

CAF_TEST(no partitions to release means all of them) {
  start();
  append(0, 1);

  auto answer = ask_now<partitions_released>(uut, release_partitions{{}});
  pass(5ms);

  CAF_CHECK(answer && *answer);
  CAF_CHECK(database->rows.empty());
}

CAF_TEST(a release is answered when the batch under way is done) {
  hold_writer();
  start();
  append(0, 10);

  auto pending = self->request(uut, caf::infinite, release_partitions{{3}});
  settle();
  bool asked = false;
  self->receive([&](write_batch& what) {
    asked = true;
    CAF_CHECK_EQUAL(what.batch->rows.size(), 10u);
    return batch_written{{10, 0}};
  });
  CAF_CHECK(asked);
  settle();

  CAF_CHECK(read<partitions_released>(pending).has_value());
  CAF_REQUIRE_EQUAL(notes.stored.size(), 1u);
}

CAF_TEST(a release abandons what waits for a retry) {
  database->failures = {{ec::unavailable, "08006", {}}};
  start();
  append(0, 10);

  auto answer = ask_now<partitions_released>(uut, release_partitions{{3}});

  CAF_CHECK(answer && *answer);
  pass(1'000ms);
  CAF_CHECK(database->rows.empty());
}

CAF_TEST(a late answer to an earlier epoch changes nothing) {
  hold_writer();
  start();
  append(0, 10);
  hand_over(2, std::nullopt);

  self->receive([](write_batch&) { return batch_written{{10, 0}}; });
  settle();

  CAF_CHECK(notes.stored.empty());
}

CAF_TEST(a timer of an earlier epoch changes nothing) {
  start();
  append(0, 1);
  hand_over(2, std::nullopt);

  pass(5ms);

  CAF_CHECK_EQUAL(database->rows.size(), 1u);
  CAF_CHECK_EQUAL(database->batch_sizes.size(), 1u);
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

#define CAF_SUITE partition_consumer_changes

#include "tests/fixtures/partition_consumer_fixture.hpp"

using namespace reviews;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(partition_consumer_changes_tests, partition_consumer_fixture)

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

CAF_TEST_FIXTURE_SCOPE_END()

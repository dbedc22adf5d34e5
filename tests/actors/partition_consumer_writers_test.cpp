#define CAF_SUITE partition_consumer_writers

#include "tests/fixtures/partition_consumer_fixture.hpp"

using namespace reviews;
using namespace std::chrono_literals;

namespace {

/// Two writers, none of them started; partitions 3 and 5 would both be number 1's.
struct fixture : partition_consumer_fixture {
  fixture() { setup.writers = make_pool<writer_actor>(2); }

  /// Hands over another partition with ten records.
  void consume_partition_5() {
    auto other = std::make_shared<fake_log>();
    for (int i = 0; i < 10; ++i)
      other->append(make_sample_record(100 + i));
    self->send(uut, consume_partition{5, 2, std::make_shared<fake_partition_queue>(other, 0), std::nullopt});
    settle();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(partition_consumer_writers_tests, fixture)

CAF_TEST(a writer that dies in the middle leaves the partition to the stored offset) {
  start_writer();
  start();
  database->throws_next = true;

  append(0, 10);

  CAF_REQUIRE_EQUAL(notes.failed.size(), 1u);
  CAF_CHECK(notes.failed[0].why.code == ec::broken);
  CAF_CHECK(database->rows.empty());
}

CAF_TEST(without a writer the partition waits for its successor) {
  start();
  append(0, 10);
  CAF_CHECK_EQUAL(metrics.of(3).paused.Value(), 1);

  start_writer();
  pass(100ms);

  CAF_CHECK_EQUAL(database->rows.size(), 10u);
}

CAF_TEST(partitions that would share a writer use an idle one) {
  start_writer();
  hold_writer(1); // in charge of partitions 3 and 5
  start();
  append(0, 10);

  consume_partition_5();

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
  start_writer();
  start(); // partition 3: of number 1, which does not run

  append(0, 10);

  CAF_CHECK_EQUAL(database->rows.size(), 10u);
  CAF_CHECK_EQUAL(metrics.of(3).paused.Value(), 0);
}

CAF_TEST(a writer whose database fails at once does not draw all batches) {
  start_writer();
  auto broken = std::make_shared<fake_database>();
  broken->failures.assign(1'000, {ec::unavailable, "53300", {}});
  start_writer(1, broken);
  start(); // partition 3: of number 1
  append(0, 10);
  CAF_CHECK_EQUAL(metrics.of(3).paused.Value(), 1);

  consume_partition_5();

  CAF_CHECK_EQUAL(database->offsets[5], 10); // of number 1 as well, which has one that waits
  CAF_CHECK_EQUAL(metrics.of(5).paused.Value(), 0);
  pass(100ms);
  CAF_CHECK_EQUAL(database->offsets[3], 10); // its retry went to the other
  CAF_CHECK_EQUAL(broken->failures.size(), 999u);
}

CAF_TEST(the retry of a batch goes to another writer though that one has work) {
  auto broken = std::make_shared<fake_database>();
  broken->failures.assign(1'000, {ec::unavailable, "53300", {}});
  start_writer(1, broken);
  hold_writer();
  const auto busy = setup.writers->begin_task(0);
  start(); // partition 3: of number 1
  append(0, 10);
  CAF_REQUIRE_EQUAL(broken->failures.size(), 999u);

  pass(100ms);

  bool asked = false;
  self->receive(
      [&](write_batch& what) {
        asked = true;
        CAF_CHECK_EQUAL(what.batch->partition, 3);
        return batch_written{{10, 0}};
      },
      caf::after(0s) >> [] {});
  CAF_CHECK(asked);
  settle();
  CAF_CHECK_EQUAL(notes.stored.size(), 1u);
}

CAF_TEST(a writer is free again once a partition has stored or is gone) {
  start_writer();
  setup.writers->address(1)->set(setup.writers->at(0));
  const auto is_free = [&] { return setup.writers->begin_task(1).index == 1; };
  start(); // partition 3: of number 1
  append(0, 10);
  CAF_REQUIRE_EQUAL(notes.stored.size(), 1u);
  CAF_CHECK(is_free());
  hold_writer(1); // takes batches and says nothing
  append(10, 10);
  CAF_CHECK(!is_free());

  hand_over(2, 20);
  CAF_CHECK(is_free());

  append(20, 10);
  CAF_CHECK(!is_free());
  caf::anon_send_exit(uut, caf::exit_reason::kill);
  settle();
  CAF_CHECK(is_free());
}

CAF_TEST(a partition that has failed leaves its writer to others) {
  start_writer();
  auto fencing = std::make_shared<fake_database>();
  fencing->failures = {{ec::fenced, "offset: expected another", {}}};
  start_writer(1, fencing);
  start(); // partition 3: of number 1
  append(0, 10);
  CAF_REQUIRE_EQUAL(notes.failed.size(), 1u);

  CAF_CHECK_EQUAL(setup.writers->begin_task(1).index, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()

#define CAF_SUITE group_consumer_views

#include "tests/fixtures/group_consumer_fixture.hpp"

#include <cmath>
#include <cstdint>

using namespace reviews;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(group_consumer_views_tests, group_consumer_fixture)

CAF_TEST(lag is shown in records) {
  database->offsets[0] = 3;
  group->log(0)->end = 10;
  assign({0});

  pass(1'000ms);

  CAF_CHECK_EQUAL(metrics.of(0).lag_records.Value(), 7);
}

CAF_TEST(lag counts from the beginning of the log where nothing is stored) {
  group->log(0)->begin = group->log(0)->end = 1'000; // all expired
  group->log(1)->begin = 1'000;
  group->log(1)->end = 1'004;
  assign({0, 1});

  pass(1'000ms);

  CAF_CHECK_EQUAL(metrics.of(0).lag_records.Value(), 0);
  CAF_CHECK_EQUAL(metrics.of(1).lag_records.Value(), 4);
}

CAF_TEST(lag is unknown and work assumed until the stored offset was read) {
  database->offset_failures.assign(100, {ec::unavailable, "08006", {}});
  group->log(0)->end = 10;
  assign({0});
  for (int i = 0; i < 5; ++i) // a look at the broker is due
    pass(1'000ms);
  CAF_CHECK(std::isnan(metrics.of(0).lag_records.Value()));
  auto seen = ask_now<partitions_seen>(uut, look_at_partitions{});
  CAF_CHECK(seen && *seen && (*seen)->partitions.at(0).has_work);

  database->offset_failures.clear();
  database->offsets[0] = 10;
  for (int i = 0; i < 2; ++i) // a retry, then a look
    pass(1'000ms);

  CAF_CHECK_EQUAL(metrics.of(0).lag_records.Value(), 0);
  seen = ask_now<partitions_seen>(uut, look_at_partitions{});
  CAF_CHECK(seen && *seen && !(*seen)->partitions.at(0).has_work);
}

CAF_TEST(a new group consumer shows nothing of the partitions of the one before) {
  database->offsets[0] = 3;
  group->log(0)->end = group->log(1)->end = 10;
  assign({0, 1});
  pass(1'000ms);
  self->send(uut, partition_failed{1, notes[1].begun.at(0).epoch, {ec::offset_gone, "out of range", {}}});
  settle();
  CAF_CHECK_EQUAL(metrics.of(0).lag_records.Value(), 7);
  CAF_CHECK_EQUAL(metrics.of(1).stopped.Value(), 1);

  group->tell(consumer_problem{{ec::broken, "client: fatal", {}}});
  settle();
  watch(sys.spawn(group_consumer, setup));
  settle();

  CAF_CHECK_EQUAL(metrics.of(0).lag_records.Value(), 0);
  CAF_CHECK_EQUAL(metrics.of(1).stopped.Value(), 0);
  CAF_CHECK_EQUAL(metrics.of(1).paused.Value(), 0);
}

CAF_TEST(a report tells each partition with its actor and how it fares) {
  database->offsets[1] = 42;
  assign({0, 1, 2});
  const auto epoch = [&](std::int32_t partition) {
    for (const auto& each : notes)
      for (const auto& begun : each.begun)
        if (begun.partition == partition)
          return begun.epoch;
    return std::uint64_t{0};
  };
  self->send(uut, partition_stored{0, epoch(0), 7});
  self->send(uut, partition_waiting{1, epoch(1), ec::unavailable});
  self->send(uut, partition_failed{2, epoch(2), {ec::refused, "42501", {}}});
  settle();

  const auto answer = ask_now<partitions_reported>(uut, report_partitions{});

  CAF_REQUIRE(answer && *answer);
  const auto& seen = **answer;
  CAF_CHECK_EQUAL(seen.rebalances, 1u);
  CAF_REQUIRE_EQUAL(seen.partitions.size(), 3u);
  CAF_CHECK(seen.partitions[0].state == partition_state::running);
  CAF_CHECK_EQUAL(seen.partitions[0].actor, "consumer-0");
  CAF_CHECK(seen.partitions[1].state == partition_state::paused);
  CAF_CHECK_EQUAL(seen.partitions[1].reason, "unavailable");
  CAF_CHECK_EQUAL(seen.partitions[1].actor, "consumer-1");
  CAF_CHECK(seen.partitions[2].state == partition_state::stopped);
  CAF_CHECK_EQUAL(seen.partitions[2].reason, "refused");
}

CAF_TEST(a partition that waits for its start is reported as paused and runs once it is started) {
  database->offset_failures = {{ec::unavailable, "08006", {}}};
  assign({0});
  const auto before = ask_now<partitions_reported>(uut, report_partitions{});
  pass(100ms);

  const auto after = ask_now<partitions_reported>(uut, report_partitions{});

  CAF_REQUIRE(before && *before && after && *after);
  CAF_CHECK((*before)->partitions.at(0).state == partition_state::paused);
  CAF_CHECK((*after)->partitions.at(0).state == partition_state::running);
  CAF_CHECK((*after)->partitions.at(0).reason.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()

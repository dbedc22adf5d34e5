#define CAF_SUITE group_consumer

#include "actors/group_consumer.hpp"

#include "actors/writer.hpp"
#include "tests/fakes/fake_consumer_client.hpp"
#include "tests/fakes/fake_review_store.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

#include <cmath>

using namespace reviews;
using namespace std::chrono_literals;

namespace {

/// Stands for a pool's consumers and keeps what they were told.
struct consumer_notes {
  std::vector<consume_partition> begun;
  std::vector<std::int32_t> released;
};

partition_consumer_actor::behavior_type fake_consumer(partition_consumer_actor::pointer,
                                                      consumer_notes* notes) {
  return {
      [notes](const consume_partition& what) { notes->begun.push_back(what); },
      [notes](const release_partitions& what) {
        notes->released.insert(notes->released.end(), what.partitions.begin(), what.partitions.end());
        return partitions_released{};
      },
      [](const set_limits&) {},
      [](describe) { return description{}; },
  };
}

struct fixture : actor_fixture {
  fixture() {
    setup.make_client = make_fake_consumer_factory(group);
    setup.retry = {100ms, 1'000ms, 5, 60s};
    setup.writers = make_pool<writer_actor>(1);
    setup.writers->address(0)->set(watch(sys.spawn(writer, make_fake_store_factory(database))));
    setup.consumers = make_pool<partition_consumer_actor>(notes.size());
    for (std::size_t i = 0; i < notes.size(); ++i)
      setup.consumers->address(i)->set(watch(sys.spawn(fake_consumer, &notes[i])));
    setup.metrics = &metrics;
    setup.on_joined = [this] { joined_count++; };
    setup.on_refused = [this](const failure& why) { refused = why; };
    uut = watch(sys.spawn(group_consumer, setup));
    settle();
  }

  void assign(std::vector<std::int32_t> partitions) {
    group->tell(partitions_assigned{std::move(partitions)});
    settle();
  }

  std::shared_ptr<fake_group> group = std::make_shared<fake_group>();
  std::shared_ptr<fake_database> database = std::make_shared<fake_database>();
  consumer_metrics metrics{registry};
  group_consumer_setup setup;
  std::array<consumer_notes, 2> notes;
  int joined_count = 0;
  std::optional<failure> refused;
  group_consumer_private_actor uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(group_consumer_tests, fixture)

CAF_TEST(an empty assignment joins the group) {
  assign({});

  CAF_CHECK_EQUAL(joined_count, 1);
  CAF_CHECK(group->started.empty());
}

CAF_TEST(partitions start at the stored offset or at the beginning and are shared out) {
  database->offsets[1] = 42;

  assign({0, 1, 2});

  CAF_REQUIRE_EQUAL(group->started.size(), 3u);
  CAF_CHECK(!group->started[0].second);
  CAF_CHECK(group->started[1].second == 42);
  CAF_REQUIRE_EQUAL(notes[0].begun.size(), 2u);
  CAF_REQUIRE_EQUAL(notes[1].begun.size(), 1u);
  CAF_CHECK_EQUAL(notes[1].begun[0].partition, 1);
  CAF_CHECK(notes[1].begun[0].stored_offset == 42);
}

CAF_TEST(a database that is away delays the start) {
  database->offset_failures = {{ec::unavailable, "08006", {}}};
  assign({0});
  CAF_CHECK(group->started.empty());
  CAF_CHECK_EQUAL(metrics.of(0).paused.Value(), 1);

  pass(100ms);

  CAF_CHECK_EQUAL(group->started.size(), 1u);
}

CAF_TEST(a writer that fails delays only the first try of a start) {
  auto broken = std::make_shared<fake_database>();
  broken->offset_failures.assign(100, {ec::unavailable, "53300", {}});
  setup.writers->address(1)->set(watch(sys.spawn(writer, make_fake_store_factory(broken))));
  setup.writers->resize(2);

  assign({1});
  pass(100ms);

  CAF_CHECK_EQUAL(group->started.size(), 1u);
  CAF_CHECK_EQUAL(setup.writers->begin_task(0).index, 0u);
  CAF_CHECK_EQUAL(setup.writers->begin_task(1).index, 1u);
}

CAF_TEST(a start goes by a writer that runs) {
  setup.writers->resize(2); // number 1 never runs

  assign({1});

  CAF_CHECK_EQUAL(group->started.size(), 1u);
}

CAF_TEST(a database that refuses stops the partition for good) {
  database->offset_failures = {{ec::refused, "42501", {}}};
  assign({0});

  pass(5'000ms);

  CAF_CHECK(group->started.empty());
  CAF_CHECK_EQUAL(metrics.of(0).paused.Value(), 1);
}

CAF_TEST(a fenced partition is taken up again at the stored offset with a newer epoch) {
  assign({0});
  auto first = notes[0].begun.at(0).epoch;
  database->offsets[0] = 7;

  self->send(uut, partition_failed{0, first, {ec::fenced, "offset: expected another", {}}});
  settle();
  pass(100ms);

  CAF_REQUIRE_EQUAL(notes[0].begun.size(), 2u);
  CAF_CHECK(notes[0].begun[1].stored_offset == 7);
  CAF_CHECK_LESS(first, notes[0].begun[1].epoch);
  CAF_CHECK_EQUAL(group->stopped.size(), 1u);
}

CAF_TEST(a partition whose offset is gone stops for good) {
  group->log(0)->begin = 50;
  group->log(0)->end = 60;
  assign({0});

  self->send(uut, partition_failed{0, notes[0].begun.at(0).epoch, {ec::offset_gone, "out of range", {}}});
  settle();
  pass(5'000ms);

  CAF_CHECK_EQUAL(notes[0].begun.size(), 1u);
  CAF_CHECK_EQUAL(group->stopped.size(), 1u);
  CAF_CHECK_EQUAL(metrics.of(0).paused.Value(), 1);
}

CAF_TEST(a new consumer is given its partitions again) {
  assign({0, 1, 2});

  self->send(uut, consumer_started{0});
  settle();

  CAF_CHECK_EQUAL(notes[0].begun.size(), 4u);
  CAF_CHECK_EQUAL(notes[1].begun.size(), 1u);
}

CAF_TEST(a revocation is confirmed after the consumers have released) {
  assign({0, 1});

  group->tell(partitions_revoked{{1}, false});
  settle();

  CAF_CHECK(notes[1].released == std::vector<std::int32_t>{1});
  CAF_CHECK(group->released == std::vector<std::int32_t>{1});
}

CAF_TEST(a revocation waits for a consumer at most the release timeout) {
  setup.consumers->address(1)->set(caf::actor_cast<partition_consumer_actor>(self)); // never answers
  assign({1});

  group->tell(partitions_revoked{{1}, false});
  settle();
  CAF_CHECK(group->released.empty());
  pass(setup.release_timeout);

  CAF_CHECK(group->released == std::vector<std::int32_t>{1});
}

CAF_TEST(lost partitions are given up at once) {
  setup.consumers->address(1)->set(caf::actor_cast<partition_consumer_actor>(self)); // never answers
  assign({1});

  group->tell(partitions_revoked{{1}, true});
  settle();

  CAF_CHECK(group->released == std::vector<std::int32_t>{1});
}

CAF_TEST(a partition waits for a consumer that is being restarted) {
  auto consumer = setup.consumers->address(0)->get();
  setup.consumers->address(0)->clear();
  assign({0});
  CAF_CHECK(notes[0].begun.empty());

  setup.consumers->address(0)->set(consumer);
  pass(100ms);

  CAF_CHECK_EQUAL(notes[0].begun.size(), 1u);
}

CAF_TEST(a partition that was stopped stays stopped) {
  assign({0});
  auto epoch = notes[0].begun.at(0).epoch;
  self->send(uut, partition_failed{0, epoch, {ec::offset_gone, "out of range", {}}});

  self->send(uut, partition_failed{0, epoch, {ec::fenced, "offset: expected another", {}}});
  settle();
  pass(5'000ms);

  CAF_CHECK_EQUAL(notes[0].begun.size(), 1u);
  CAF_CHECK(notes[0].released == std::vector<std::int32_t>{0});
}

CAF_TEST(kafka is told what is stored once a second) {
  assign({0});
  self->send(uut, partition_stored{0, notes[0].begun.at(0).epoch, 17});
  settle();
  CAF_CHECK(group->committed.empty());

  pass(1'000ms);

  CAF_CHECK_EQUAL(group->committed[0], 17);
}

CAF_TEST(what an earlier epoch stored is not told) {
  assign({0});
  auto first = notes[0].begun.at(0).epoch;
  self->send(uut, consumer_started{0});
  settle();

  self->send(uut, partition_stored{0, first, 17});
  pass(1'000ms);

  CAF_CHECK(group->committed.empty());
}

CAF_TEST(a refusal by the group ends the process) {
  group->tell(consumer_problem{{ec::refused, "group.instance.id: fenced", {}}});
  settle();

  CAF_REQUIRE(refused);
  CAF_CHECK(refused->code == ec::refused);
}

CAF_TEST(a fatal client ends the actor) {
  self->monitor(uut);

  group->tell(consumer_problem{{ec::broken, "client: fatal", {}}});
  settle();

  self->receive([](const caf::down_msg& down) { CAF_CHECK(to_failure(down.reason).code == ec::broken); });
}

CAF_TEST(a drain releases everything tells the offsets and leaves the group) {
  assign({0, 1});
  self->send(uut, partition_stored{1, notes[1].begun.at(0).epoch, 9});

  auto answer = ask_now<drained>(uut, drain{});

  CAF_CHECK(answer && *answer);
  CAF_CHECK_EQUAL(notes[0].released.size() + notes[1].released.size(), 2u);
  CAF_CHECK_EQUAL(group->committed[1], 9);
  CAF_CHECK(group->is_closed);
}

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

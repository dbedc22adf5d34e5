#define CAF_SUITE group_consumer

#include "tests/fixtures/group_consumer_fixture.hpp"

using namespace reviews;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(group_consumer_tests, group_consumer_fixture)

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

CAF_TEST(kafka is told again each minute) {
  assign({0});
  self->send(uut, partition_stored{0, notes[0].begun.at(0).epoch, 17});
  settle();
  pass(1'000ms);
  group->committed.clear(); // as if it had been refused

  for (int i = 0; i < 30; ++i)
    pass(1'000ms);
  CAF_CHECK(group->committed.empty());
  for (int i = 0; i < 30; ++i)
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

CAF_TEST_FIXTURE_SCOPE_END()

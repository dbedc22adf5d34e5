#define CAF_SUITE group_consumer_resize

#include "actors/group_consumer.hpp"

#include "actors/writer.hpp"
#include "tests/fakes/fake_consumer_client.hpp"
#include "tests/fakes/fake_review_store.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

#include <deque>

using namespace reviews;
using namespace std::chrono_literals;

namespace {

/// What one consumer was told; with `is_slow` its releases wait for the test.
struct consumer_notes {
  std::vector<consume_partition> begun;
  std::vector<std::int32_t> released;
  bool is_slow = false;
  std::deque<caf::response_promise> waiting;
};

using noting_actor = partition_consumer_actor::extend<caf::reacts_to<std::string>>;

noting_actor::behavior_type noting(noting_actor::pointer self, consumer_notes* notes) {
  return {
      [notes](const consume_partition& what) { notes->begun.push_back(what); },
      [self, notes](const release_partitions& what) -> caf::result<partitions_released> {
        notes->released.insert(notes->released.end(), what.partitions.begin(), what.partitions.end());
        if (!notes->is_slow)
          return partitions_released{};
        notes->waiting.push_back(self->make_response_promise());
        return caf::delegated<partitions_released>{};
      },
      [](const set_limits&) {},
      [](describe) { return description{}; },
      [notes](const std::string&) { // lets go
        notes->waiting.front().deliver(partitions_released{});
        notes->waiting.pop_front();
      },
  };
}

using late_writer_actor = writer_actor::extend<caf::reacts_to<std::string>>;

/// A writer that tells the stored offset only at a word.
late_writer_actor::behavior_type late_writer(late_writer_actor::pointer self, std::int64_t offset) {
  auto held = std::make_shared<caf::response_promise>();
  return {
      [](const write_batch&) { return batch_written{}; },
      [=](const read_offsets&) -> caf::result<offsets_read> {
        *held = self->make_response_promise();
        return caf::delegated<offsets_read>{};
      },
      [](const send_report&) { return report_sent{}; },
      [](drain) { return drained{}; },
      [](describe) { return description{}; },
      [=](const std::string&) { held->deliver(offsets_read{{offset}}); },
  };
}

struct fixture : actor_fixture {
  fixture() {
    setup.make_client = make_fake_consumer_factory(group);
    setup.retry = {100ms, 1'000ms, 5, 60s};
    setup.writers = make_pool<writer_actor>(1);
    setup.writers->address(0)->set(watch(sys.spawn(writer, make_fake_store_factory(database))));
    setup.consumers = make_pool<partition_consumer_actor>(2);
    for (std::size_t i = 0; i < notes.size(); ++i)
      setup.consumers->address(i)->set(consumers.emplace_back(watch(sys.spawn(noting, &notes[i]))));
    setup.metrics = &metrics;
    setup.on_joined = [] {};
    setup.on_refused = [](const failure&) {};
    uut = watch(sys.spawn(group_consumer, setup));
    settle();
    assign({0, 1, 2, 3});
  }

  void assign(std::vector<std::int32_t> partitions) {
    group->tell(partitions_assigned{std::move(partitions)});
    settle();
  }

  auto resize(std::size_t count) {
    auto pending = self->request(uut, caf::infinite, resize_consumers{count});
    settle();
    return pending;
  }

  /// The slow consumer has let go of one request's partitions.
  void let_go(std::size_t index) {
    CAF_REQUIRE(!notes[index].waiting.empty());
    self->send(consumers[index], std::string("let go"));
    settle();
  }

  std::shared_ptr<fake_group> group = std::make_shared<fake_group>();
  std::shared_ptr<fake_database> database = std::make_shared<fake_database>();
  consumer_metrics metrics{registry};
  group_consumer_setup setup;
  std::array<consumer_notes, 4> notes;
  std::vector<noting_actor> consumers;
  group_consumer_private_actor uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(group_consumer_resize_tests, fixture)

CAF_TEST(only partitions whose consumer changes are handed over and at the stored offset) {
  database->offsets[2] = 42;

  auto pending = resize(4);

  CAF_CHECK(read<consumers_resized>(pending).has_value());
  CAF_CHECK(notes[0].released == std::vector<std::int32_t>{2});
  CAF_CHECK(notes[1].released == std::vector<std::int32_t>{3});
  CAF_CHECK_EQUAL(notes[0].begun.size(), 2u);
  CAF_CHECK_EQUAL(notes[1].begun.size(), 2u);
  CAF_REQUIRE_EQUAL(notes[2].begun.size(), 1u);
  CAF_CHECK(notes[2].begun[0].stored_offset == 42);
  CAF_CHECK_LESS(notes[0].begun[1].epoch, notes[2].begun[0].epoch);
  CAF_CHECK_EQUAL(metrics.rebalances_total.Value(), 1);
  CAF_CHECK(group->released.empty());
}

CAF_TEST(a partition is not begun anew before its consumer has let it go) {
  notes[0].is_slow = true;
  auto pending = resize(4);
  CAF_CHECK(notes[2].begun.empty());
  CAF_CHECK(!read<consumers_resized>(pending));
  database->offsets[2] = 7;

  let_go(0);

  CAF_REQUIRE_EQUAL(notes[2].begun.size(), 1u);
  CAF_CHECK(notes[2].begun[0].stored_offset == 7);
  CAF_CHECK(read<consumers_resized>(pending).has_value());
}

CAF_TEST(fewer consumers hold everything before the answer) {
  auto grown = resize(4);
  CAF_CHECK(read<consumers_resized>(grown).has_value());
  notes[2].is_slow = true;

  auto pending = resize(1);
  CAF_CHECK(!read<consumers_resized>(pending));
  let_go(2);

  CAF_CHECK(read<consumers_resized>(pending).has_value());
  CAF_CHECK_EQUAL(notes[0].begun.size(), 5u);
}

CAF_TEST(a resize while another is under way moves a partition to where it belongs in the end) {
  notes[0].is_slow = true;
  auto first = resize(4);
  auto second = resize(3);
  CAF_CHECK(!read<consumers_resized>(second));

  while (!notes[0].waiting.empty())
    let_go(0);

  CAF_CHECK(notes[3].begun.size() == 1u);
  CAF_CHECK(notes[3].released == std::vector<std::int32_t>{3});
  CAF_CHECK_EQUAL(notes[2].begun.size(), 1u);
  CAF_CHECK_EQUAL(notes[0].begun.back().partition, 3);
  CAF_CHECK(read<consumers_resized>(first).has_value());
  CAF_CHECK(read<consumers_resized>(second).has_value());
}

CAF_TEST(a new consumer that reports while its partition is still held elsewhere waits) {
  notes[0].is_slow = true;
  resize(4);

  self->send(uut, consumer_started{2});
  settle();
  CAF_CHECK(notes[2].begun.empty());
  let_go(0);

  CAF_CHECK_EQUAL(notes[2].begun.size(), 1u);
}

CAF_TEST(a partition that fails while it is handed over is begun once) {
  notes[0].is_slow = true;
  auto epoch = notes[0].begun[1].epoch;
  resize(4);

  self->send(uut, partition_failed{2, epoch, {ec::fenced, "offset: expected another", {}}});
  settle();
  pass(200ms);
  CAF_CHECK(notes[2].begun.empty());
  let_go(0);
  pass(2'000ms);

  CAF_CHECK_EQUAL(notes[2].begun.size(), 1u);
}

CAF_TEST(a partition revoked while it is handed over is confirmed after its old consumer) {
  notes[0].is_slow = true;
  auto pending = resize(4);

  group->tell(partitions_revoked{{2}, false});
  settle();
  CAF_CHECK(group->released.empty());
  let_go(0);
  CAF_CHECK(group->released.empty());
  let_go(0);

  CAF_CHECK(group->released == std::vector<std::int32_t>{2});
  CAF_CHECK(read<consumers_resized>(pending).has_value());
}

CAF_TEST(a partition given back and got again is begun for the new assignment) {
  notes[0].is_slow = true;
  resize(4);
  group->tell(partitions_revoked{{2}, true});
  assign({2});
  CAF_REQUIRE_EQUAL(notes[2].begun.size(), 1u);

  while (!notes[0].waiting.empty())
    let_go(0);

  CAF_CHECK_EQUAL(notes[2].begun.size(), 1u);
}

CAF_TEST(a consumer that never lets go is waited for as long as a release may take) {
  notes[0].is_slow = true;
  auto pending = resize(4);

  pass(setup.release_timeout);

  CAF_CHECK_EQUAL(notes[2].begun.size(), 1u);
  CAF_CHECK(read<consumers_resized>(pending).has_value());
}

CAF_TEST(a consumer that has ended hands over at once) {
  setup.consumers->address(0)->clear();

  auto pending = resize(4);

  CAF_CHECK(read<consumers_resized>(pending).has_value());
  CAF_CHECK_EQUAL(notes[2].begun.size(), 1u);
}

CAF_TEST(a drain while partitions are handed over begins nothing) {
  notes[0].is_slow = true;
  auto pending = resize(4);
  auto left = self->request(uut, caf::infinite, drain{});
  settle();

  while (!notes[0].waiting.empty())
    let_go(0);

  CAF_CHECK(notes[2].begun.empty());
  CAF_CHECK(read<consumers_resized>(pending).has_value());
  CAF_CHECK(read<drained>(left).has_value());
  CAF_CHECK(group->is_closed);
}

CAF_TEST(the end of the actor answers a resize) {
  notes[0].is_slow = true;
  auto pending = resize(4);

  self->send_exit(uut, caf::exit_reason::kill);
  settle();

  auto answer = read<consumers_resized>(pending);
  CAF_REQUIRE(answer);
  CAF_CHECK(!*answer);
}

CAF_TEST(a restarted group consumer takes everything back from every consumer) {
  auto first = resize(4);
  CAF_CHECK(read<consumers_resized>(first).has_value());
  self->send_exit(uut, caf::exit_reason::kill);
  settle();
  for (auto& each : notes)
    each.is_slow = true;

  uut = watch(sys.spawn(group_consumer, setup));
  settle();
  auto pending = resize(4);

  for (auto& each : notes)
    CAF_CHECK_EQUAL(each.waiting.size(), 1u);
  CAF_CHECK(!read<consumers_resized>(pending));
}

CAF_TEST(a drain that waits for a consumer begins no partition whose offset is read meanwhile) {
  const auto late = watch(sys.spawn(late_writer, 7));
  setup.writers->address(0)->set(late);
  assign({4});
  const auto started_count = group->started.size();
  notes[0].is_slow = true;
  auto pending = self->request(uut, caf::infinite, drain{});
  settle();

  self->send(late, std::string("tell"));
  settle();
  let_go(0);

  CAF_CHECK_EQUAL(group->started.size(), started_count);
  const auto answer = read<drained>(pending);
  CAF_CHECK(answer && *answer);
}

CAF_TEST_FIXTURE_SCOPE_END()

#define CAF_SUITE watchdog

#include "actors/watchdog.hpp"

#include "actors/group_consumer.hpp"
#include "actors/partition_consumer.hpp"
#include "actors/supervisor.hpp"
#include "actors/writer.hpp"
#include "tests/fakes/fake_consumer_client.hpp"
#include "tests/fakes/fake_review_store.hpp"
#include "tests/fixtures/review_samples.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

using namespace reviews;
using namespace std::chrono_literals;

namespace {

/// A group consumer that hangs: it never says what is to be seen.
group_consumer_actor::behavior_type mute_group(group_consumer_actor::pointer self,
                                               std::vector<caf::response_promise>* unanswered) {
  return {
      [](const partition_stored&) {},
      [](const partition_failed&) {},
      [](const partition_waiting&) {},
      [self, unanswered](look_at_partitions) -> caf::result<partitions_seen> {
        unanswered->push_back(self->make_response_promise());
        return caf::delegated<partitions_seen>{};
      },
      [](report_partitions) { return partitions_reported{}; },
      [](const consumer_started&) {},
      [](const resize_consumers&) { return consumers_resized{}; },
      [](drain) { return drained{}; },
      [](describe) { return description{}; },
  };
}

/// The consumer's cast under a supervisor, as the program wires it, with two partition consumers.
struct fixture : actor_fixture {
  fixture() {
    std::vector<child_spec> children;
    children.push_back(
        make_child("writer", "writers", true, writers->address(0), [this](caf::actor_system& in) {
          return watch(in.spawn(writer, make_fake_store_factory(database)));
        }));
    for (std::size_t i = 0; i < consumers->size(); ++i)
      children.push_back(make_child("consumer-" + std::to_string(i), "consumers", false,
                                    consumers->address(i),
                                    [this, i](caf::actor_system& in) -> partition_consumer_actor {
                                      return watch(in.spawn(partition_consumer, setup_of_consumer(i)));
                                    }));
    children.push_back(
        make_child("group", "group", true, leader, [this](caf::actor_system& in) -> group_consumer_actor {
          return watch(in.spawn(group_consumer, setup_of_group()));
        }));
    watchdog_setup setup{10s, leader, consumers, &metrics};
    children.push_back(make_child(
        "watchdog", "watchdog", false, make_address<watchdog_actor>(),
        [this, setup](caf::actor_system& in) -> watchdog_actor { return watch(in.spawn(watchdog, setup)); }));
    boss = watch(sys.spawn(
        supervisor, supervisor_setup{{100ms, 1s, 0, 60s}, &restarts, [this] { has_given_up = true; }, 1}));
    self->send(boss, start_children{std::move(children)});
    settle();
    group->tell(partitions_assigned{{0, 1}});
    settle();
  }

  partition_consumer_setup setup_of_consumer(std::size_t index) {
    partition_consumer_setup result;
    result.index = index;
    result.by.topic = "reviews.v1";
    result.batch = {5, 1u << 20, 5ms};
    result.partition = {12, 1u << 20};
    result.retry = {100ms, 1s, 5, 60s};
    result.writers = writers;
    result.dead_letters = make_address<publisher_actor>();
    result.group = leader;
    result.metrics = &metrics;
    return result;
  }

  group_consumer_setup setup_of_group() {
    group_consumer_setup result;
    result.make_client = make_fake_consumer_factory(group);
    result.retry = {100ms, 1s, 5, 60s};
    result.writers = writers;
    result.consumers = consumers;
    result.metrics = &metrics;
    result.on_joined = [] {};
    result.on_refused = [](const failure&) {};
    return result;
  }

  /// Lets virtual time pass as it does for real: a tick at a time.
  void live(std::chrono::seconds time) {
    for (auto passed = 0s; passed < time; passed += 1s)
      pass(1s);
  }

  /// A new record whose wake-up is lost.
  void append_unnoticed(std::int32_t partition) {
    auto log = group->log(partition);
    log->wake = nullptr;
    log->append(make_sample_record(++records_count));
  }

  std::size_t restarts_of(std::size_t child) {
    auto answer = ask_now<tree_description>(boss, describe_tree{});
    CAF_REQUIRE(answer && *answer);
    return (*answer)->children[child].restarts;
  }

  double standing(std::int32_t partition) { return metrics.of(partition).standing_seconds.Value(); }

  static constexpr std::size_t first_consumer = 1; ///< Among the children.
  static constexpr std::size_t group_child = 3;
  std::shared_ptr<fake_group> group = std::make_shared<fake_group>();
  std::shared_ptr<fake_database> database = std::make_shared<fake_database>();
  consumer_metrics metrics{registry};
  supervisor_metrics restarts{registry};
  pool_ptr<writer_actor> writers = make_pool<writer_actor>(1);
  pool_ptr<partition_consumer_actor> consumers = make_pool<partition_consumer_actor>(2);
  address_ptr<group_consumer_actor> leader = make_address<group_consumer_actor>();
  supervisor_private_actor boss;
  bool has_given_up = false;
  int records_count = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(watchdog_tests, fixture)

CAF_TEST(partitions that move are left alone) {
  for (int i = 0; i < 30; ++i) {
    group->log(0)->append(make_sample_record(i));
    live(1s);
  }
  live(60s);

  CAF_CHECK_EQUAL(database->rows.size(), 30u);
  CAF_CHECK_EQUAL(standing(0), 0.0);
  CAF_CHECK_EQUAL(metrics.stuck_total.Value(), 0.0);
  CAF_CHECK_EQUAL(restarts_of(first_consumer), 0u);
}

CAF_TEST(a stuck partition restarts its actor alone and goes on) {
  append_unnoticed(0);
  live(8s);
  CAF_CHECK(database->rows.empty());
  CAF_CHECK(standing(0) >= 5.0);

  live(10s);

  CAF_CHECK_EQUAL(database->rows.size(), 1u);
  CAF_CHECK_EQUAL(restarts_of(first_consumer), 1u);
  CAF_CHECK_EQUAL(restarts_of(first_consumer + 1), 0u);
  CAF_CHECK_EQUAL(metrics.stuck_total.Value(), 1.0);
  CAF_CHECK_EQUAL(standing(0), 0.0);
  CAF_CHECK(!has_given_up); // though the budget of restarts is none at all
}

CAF_TEST(its siblings keep going meanwhile) {
  append_unnoticed(0);
  group->log(1)->append(make_sample_record(100));
  settle();
  live(3s);

  CAF_CHECK_EQUAL(database->rows.size(), 1u);
  CAF_CHECK_EQUAL(standing(1), 0.0);
}

CAF_TEST(a database that is away is not the actor to blame) {
  for (int i = 0; i < 1'000; ++i)
    database->failures.push_back({ec::unavailable, "database: out of reach", {}});
  group->log(0)->append(make_sample_record(1));

  live(60s);

  CAF_CHECK(standing(0) >= 50.0);
  CAF_CHECK_EQUAL(metrics.stuck_total.Value(), 0.0);
  CAF_CHECK_EQUAL(restarts_of(first_consumer), 0u);
  database->failures.clear();
  live(3s);
  CAF_CHECK_EQUAL(database->rows.size(), 1u);
  CAF_CHECK_EQUAL(standing(0), 0.0);
}

CAF_TEST(a partition stopped for good stands still and restarts nobody) {
  auto log = group->log(0);
  database->offsets[0] = 50;
  group->tell(partitions_revoked{{0}, false});
  settle();
  group->tell(partitions_assigned{{0}});
  settle();
  log->begin = 60;
  log->end = 90;

  live(60s);

  CAF_CHECK(standing(0) >= 40.0);
  CAF_CHECK_EQUAL(metrics.stuck_total.Value(), 0.0);
}

CAF_TEST(a partition given away stands nowhere) {
  append_unnoticed(0);
  live(5s);
  CAF_CHECK(standing(0) > 0.0);

  group->tell(partitions_revoked{{0}, false});
  live(2s);

  CAF_CHECK_EQUAL(standing(0), 0.0);
}

CAF_TEST(a group consumer that does not answer is ended after as long) {
  std::vector<caf::response_promise> unanswered;
  auto mute = sys.spawn(mute_group, &unanswered);
  std::optional<failure> end;
  mute->attach_functor([&end](const caf::error& why) { end = to_failure(why); });
  leader->set(watch(std::move(mute)));

  live(9s);
  CAF_CHECK(!end);
  live(3s);

  CAF_REQUIRE(end);
  CAF_CHECK(end->code == ec::stuck);
}

CAF_TEST_FIXTURE_SCOPE_END()

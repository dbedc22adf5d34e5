#define CAF_SUITE reporter

#include "actors/reporter.hpp"

#include "actors/group_consumer.hpp"
#include "actors/model/consumer_report.hpp"
#include "actors/writer.hpp"
#include "tests/fakes/fake_consumer_client.hpp"
#include "tests/fakes/fake_review_store.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

using namespace reviews;
using namespace std::chrono_literals;

namespace {

struct fixture : actor_fixture {
  fixture() {
    writers->address(0)->set(watch(sys.spawn(writer, make_fake_store_factory(database))));
    group_consumer_setup member;
    member.make_client = make_fake_consumer_factory(group);
    member.writers = writers;
    member.consumers = make_pool<partition_consumer_actor>(1);
    member.metrics = &metrics;
    member.on_joined = [] {};
    setup = {"reviews.v1", "reviews-writer", "host:7", make_address<group_consumer_actor>(), writers};
    setup.group->set(watch(sys.spawn(group_consumer, member)));
    uut = watch(sys.spawn(reporter, setup));
    settle();
  }

  std::shared_ptr<fake_database> database = std::make_shared<fake_database>();
  std::shared_ptr<fake_group> group = std::make_shared<fake_group>();
  consumer_metrics metrics{registry};
  pool_ptr<writer_actor> writers = make_pool<writer_actor>(1);
  reporter_setup setup;
  reporter_private_actor uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(reporter_tests, fixture)

CAF_TEST(a report is told every second) {
  group->tell(partitions_assigned{{4}});
  settle();

  pass(1s);
  pass(1s);

  CAF_REQUIRE_EQUAL(database->reports.size(), 2u);
  CAF_REQUIRE_EQUAL(database->reports[1].size(), 1u);
  const auto told = parse_consumer_report(database->reports[1][0]);
  CAF_REQUIRE(told);
  CAF_CHECK_EQUAL(told->topic, "reviews.v1");
  CAF_CHECK_EQUAL(told->group, "reviews-writer");
  CAF_CHECK_EQUAL(told->consumer, "host:7");
  CAF_CHECK_EQUAL(told->rebalances, 1u);
  CAF_REQUIRE_EQUAL(told->partitions.size(), 1u);
  CAF_CHECK_EQUAL(told->partitions[0].partition, 4);
}

CAF_TEST(a report that cannot be sent is followed by the next one) {
  database->report_failures = {{ec::unavailable, "08006", {}}};

  pass(1s);
  CAF_CHECK(database->reports.empty());
  pass(1s);

  CAF_CHECK_EQUAL(database->reports.size(), 1u);
}

CAF_TEST(only one report waits for a writer) {
  writers->address(0)->set(caf::actor_cast<writer_actor>(self)); // takes it and says nothing

  for (int i = 0; i < 5; ++i)
    pass(1s);

  CAF_CHECK_EQUAL(self->mailbox().size(), 1u);
}

CAF_TEST(a writer that waits for a lock hides no live consumer) {
  writers->address(1)->set(writers->at(0));
  writers->address(0)->set(caf::actor_cast<writer_actor>(self)); // takes it and says nothing
  writers->resize(2);

  for (int i = 0; i < 5; ++i)
    pass(1s);

  CAF_CHECK_EQUAL(self->mailbox().size(), 1u);
  CAF_CHECK_EQUAL(database->reports.size(), 4u);
}

CAF_TEST(reports go on when group consumer and writer are being restarted) {
  const auto member = setup.group->get();
  const auto first = writers->at(0);
  setup.group->clear();
  pass(1s);
  setup.group->set(member);
  writers->address(0)->clear();
  pass(1s);
  CAF_CHECK(database->reports.empty());
  writers->address(0)->set(first);

  pass(1s);

  CAF_CHECK_EQUAL(database->reports.size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()

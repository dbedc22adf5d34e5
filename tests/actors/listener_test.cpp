#define CAF_SUITE listener

#include "actors/listener.hpp"

#include "tests/fakes/fake_commit_listener.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

using namespace reviews;
using namespace std::chrono_literals;

namespace {

/// Stands for the feed and keeps what it was told.
struct feed_notes {
  std::vector<std::string> heard;
  std::vector<bool> listening;
};

feed_actor::behavior_type fake_feed(feed_actor::pointer, feed_notes* notes) {
  return {
      [notes](const notices_heard& what) {
        for (const auto& each : what.notices)
          notes->heard.push_back(each.payload);
      },
      [notes](const listening_changed& what) { notes->listening.push_back(what.is_listening); },
      [](listener_came) {},
      [](const await_commit&) { return commit_awaited{}; },
      [](drain) { return drained{}; },
      [](describe) { return description{}; },
  };
}

struct fixture : actor_fixture {
  fixture() {
    setup.make_source = make_fake_listener_factory(database);
    setup.feed = make_address<feed_actor>();
    setup.feed->set(watch(sys.spawn(fake_feed, &notes)));
    setup.retry = {100ms, 1'000ms, 5, 60s};
    setup.pause = 10ms;
  }

  void start() {
    uut = watch(sys.spawn(listener, setup));
    settle();
  }

  std::shared_ptr<fake_notices> database = std::make_shared<fake_notices>();
  feed_notes notes;
  listener_setup setup;
  listener_private_actor uut;
  const failure away{ec::unavailable, "08006", {}};
  using flags = std::vector<bool>;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(listener_tests, fixture)

CAF_TEST(what is heard is told in its order) {
  start();
  database->tell("one");
  database->tell("two", heard_notice::topic::consumer);
  pass(10ms);
  database->tell("three");

  pass(10ms);

  CAF_CHECK(notes.listening == flags{true});
  CAF_CHECK(notes.heard == (std::vector<std::string>{"one", "two", "three"}));
}

CAF_TEST(a lost connection is told and made anew after a pause) {
  start();
  database->wait_failures = {away};
  database->listen_failures = {away, away};
  pass(10ms);
  CAF_CHECK(notes.listening == (flags{true, false}));
  database->tell("meanwhile");

  for (int i = 0; i < 8; ++i)
    pass(100ms);
  pass(10ms);

  CAF_CHECK(notes.listening == (flags{true, false, true}));
  CAF_CHECK_EQUAL(database->listens, 4u);
  CAF_CHECK_EQUAL(notes.heard.size(), 1u);
}

CAF_TEST(pauses between attempts grow to their bound) {
  for (int i = 0; i < 100; ++i)
    database->listen_failures.push_back(away);
  start();

  for (int i = 0; i < 100; ++i)
    pass(100ms);

  CAF_CHECK_GREATER(database->listens, 9u);
  CAF_CHECK_LESS(database->listens, 25u);
  CAF_CHECK(notes.listening == flags{false});
}

CAF_TEST(a feed that was restarted is told as well) {
  start();
  feed_notes other;
  setup.feed->clear();
  pass(10ms);
  setup.feed->set(watch(sys.spawn(fake_feed, &other)));

  pass(10ms);
  pass(10ms);

  CAF_CHECK(other.listening == flags{true});
}

CAF_TEST(it describes itself between two waits) {
  start();

  const auto answer = ask_now<description>(uut, describe{});

  CAF_REQUIRE(answer && *answer);
  CAF_CHECK_EQUAL((*answer)->state, "listening");
}

CAF_TEST_FIXTURE_SCOPE_END()

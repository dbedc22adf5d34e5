#define CAF_SUITE feed

#include "tests/fixtures/feed_fixture.hpp" // last: its macros are lower case

using namespace reviews;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(feed_tests, feed_fixture)

CAF_TEST(a commit answers who waits for a record of it) {
  auto* waiting = wait(0, 3);
  auto* later = wait(0, 5);
  settle();
  CAF_CHECK(waiting->empty());

  commit(make_sample_batch(2, 3));

  CAF_REQUIRE_EQUAL(waiting->size(), 1u);
  const auto& story = waiting->front();
  CAF_CHECK(story.what == commit_story::fate::stored);
  CAF_REQUIRE(story.commit);
  CAF_CHECK_EQUAL(story.commit->what.from_offset, 2);
  CAF_CHECK_EQUAL(story.commit->what.next_offset, 5);
  CAF_CHECK_EQUAL(story.commit->what.by.actor, "consumer-1");
  CAF_CHECK(story.consumed_at == make_sample_review(3).created_at + 1ms);
  CAF_CHECK(later->empty());
  CAF_CHECK_EQUAL(stored->calls, 0u);
  CAF_CHECK(shows("reviews_commit_waits_total{outcome=\"stored\"} 1"));
  CAF_CHECK(shows("reviews_commit_waiters 1"));
}

CAF_TEST(another review at the place that somebody waits for is not taken for theirs) {
  auto* waiting = wait(0, 3);
  settle();
  auto batch = make_sample_batch(2, 3); // of a topic made anew
  auto other = batch.rows[1];
  other.what.id = make_sample_review(77).id;
  review_rows rows;
  rows.add(batch.rows[0]);
  rows.add(other);
  rows.add(batch.rows[2]);
  batch.rows = std::move(rows);

  commit(batch);

  CAF_REQUIRE_EQUAL(waiting->size(), 1u);
  CAF_CHECK(waiting->front().what == commit_story::fate::unknown);
  CAF_CHECK_EQUAL(stored->calls, 1u);
}

CAF_TEST(a commit that was heard before somebody waits for it answers at once) {
  commit(make_sample_batch(2, 3));

  auto* waiting = wait(0, 4);
  settle();

  CAF_REQUIRE_EQUAL(waiting->size(), 1u);
  CAF_CHECK(waiting->front().what == commit_story::fate::stored);
}

CAF_TEST(the time of a waiter ends with one answer) {
  auto* first = wait(0, 3, 1s);
  auto* second = wait(0, 4, 3s);
  settle();

  pass(999ms);
  CAF_CHECK(first->empty());
  pass(1ms);

  CAF_REQUIRE_EQUAL(first->size(), 1u);
  CAF_CHECK(first->front().what == commit_story::fate::unknown);
  commit(make_sample_batch(2, 3));
  pass(10s);
  CAF_CHECK_EQUAL(first->size(), 1u);
  CAF_REQUIRE_EQUAL(second->size(), 1u);
  CAF_CHECK(second->front().what == commit_story::fate::stored);
}

CAF_TEST(a waiter with an earlier deadline is answered in its time) {
  wait(0, 3, 30s);
  settle();
  auto* hasty = wait(0, 4, 1s);
  settle();

  pass(1s);

  CAF_CHECK_EQUAL(hasty->size(), 1u);
}

CAF_TEST(one waiter too many is answered at once) {
  for (int i = 0; i < 4; ++i)
    wait(0, i);
  settle();

  auto* surplus = wait(0, 9);
  settle();

  CAF_REQUIRE_EQUAL(surplus->size(), 1u);
  CAF_CHECK(surplus->front().what == commit_story::fate::unknown);
  CAF_CHECK(shows("reviews_commit_waits_total{outcome=\"overloaded\"} 1"));
  CAF_CHECK(shows("reviews_commit_waits_total{outcome=\"unknown\"} 0"));
  commit(make_sample_batch(0, 1));
  auto* next = wait(0, 9);
  settle();
  CAF_CHECK(next->empty());
}

CAF_TEST(a record that became a dead letter is not said to be stored) {
  auto* waiting = wait(0, 3);
  settle();
  auto batch = make_sample_batch(2, 3);
  review_rows others;
  others.add(batch.rows[0]);
  others.add(batch.rows[2]);
  batch.rows = std::move(others);

  commit(batch);

  CAF_REQUIRE_EQUAL(waiting->size(), 1u);
  CAF_CHECK(waiting->front().what == commit_story::fate::unknown);
  CAF_CHECK_EQUAL(stored->calls, 0u);
}

CAF_TEST(a review that was stored before is told with its row) {
  stored->add(make_sample_review(3), 5, 77);
  stored->add(make_sample_review(4), 0, 4);
  auto* duplicate = wait(0, 3);
  auto* fresh = wait(0, 4);
  settle();

  commit(make_sample_batch(2, 3), 2);

  CAF_REQUIRE_EQUAL(duplicate->size(), 1u);
  CAF_CHECK(duplicate->front().what == commit_story::fate::duplicate);
  CAF_REQUIRE(duplicate->front().row);
  CAF_CHECK_EQUAL(duplicate->front().row->partition, 5);
  CAF_CHECK_EQUAL(duplicate->front().row->offset, 77);
  CAF_REQUIRE_EQUAL(fresh->size(), 1u);
  CAF_CHECK(fresh->front().what == commit_story::fate::stored);
  CAF_CHECK(fresh->front().consumed_at == make_sample_review(4).created_at + 1ms);
  CAF_CHECK_EQUAL(stored->calls, 1u);
}

CAF_TEST(of a batch too large to list a row is read and its hour of consumption is not known) {
  stored->add(make_sample_review(3), 0, 3);
  auto* waiting = wait(0, 3);
  auto* buried = wait(0, 4);
  settle();

  commit(make_sample_batch(0, 300));

  CAF_REQUIRE_EQUAL(waiting->size(), 1u);
  CAF_CHECK(waiting->front().what == commit_story::fate::stored);
  CAF_CHECK(!waiting->front().consumed_at);
  CAF_REQUIRE_EQUAL(buried->size(), 1u);
  CAF_CHECK(buried->front().what == commit_story::fate::unknown);
}

CAF_TEST(a row that cannot be read leaves the answer unknown) {
  stored->failures = {{ec::unavailable, "08006", {}}};
  auto* waiting = wait(0, 3);
  settle();

  commit(make_sample_batch(0, 300));

  CAF_REQUIRE_EQUAL(waiting->size(), 1u);
  CAF_CHECK(waiting->front().what == commit_story::fate::unknown);
}

CAF_TEST(a reader that says nothing does not hold a waiter beyond its time) {
  setup.readers->address(0)->set(caf::actor_cast<reader_actor>(self));
  auto* waiting = wait(0, 3, 1s);
  settle();
  commit(make_sample_batch(0, 300));
  CAF_CHECK(waiting->empty());

  pass(1s);

  CAF_CHECK_EQUAL(waiting->size(), 1u);
}

CAF_TEST(a commit whose own notice was lost leaves the answer unknown) {
  auto* waiting = wait(0, 3);
  settle();

  commit(make_sample_batch(7, 3));

  CAF_REQUIRE_EQUAL(waiting->size(), 1u);
  CAF_CHECK(waiting->front().what == commit_story::fate::unknown);
}

CAF_TEST(when nothing is heard any more all who wait are answered and so is who comes) {
  commit(make_sample_batch(0, 1));
  auto* waiting = wait(0, 3);
  settle();

  self->send(uut, listening_changed{false});
  settle();
  auto* newcomer = wait(0, 0);
  settle();

  CAF_CHECK_EQUAL(waiting->size(), 1u);
  CAF_REQUIRE_EQUAL(newcomer->size(), 1u);
  CAF_CHECK(newcomer->front().what == commit_story::fate::unknown);
  self->send(uut, listening_changed{true});
  auto* again = wait(0, 3);
  settle();
  CAF_CHECK(again->empty());
}

CAF_TEST(a drain answers all and lets nobody wait or listen) {
  auto* waiting = wait(0, 3);
  auto listener = desk.listen({});
  CAF_REQUIRE(listener);
  settle();

  CAF_REQUIRE(ask_now<drained>(uut, drain{}));
  auto* newcomer = wait(0, 4);
  settle();

  CAF_CHECK_EQUAL(waiting->size(), 1u);
  CAF_CHECK_EQUAL(newcomer->size(), 1u);
  std::string out;
  CAF_CHECK(!(*listener)->take(out, [] {}));
  const auto late = desk.listen({});
  CAF_REQUIRE(!late);
  CAF_CHECK(late.error().code == ec::shutting_down);
}

CAF_TEST(the end of the feed answers all who wait) {
  auto* waiting = wait(0, 3);
  settle();

  self->send_exit(uut, caf::exit_reason::kill);
  settle();

  CAF_REQUIRE_EQUAL(waiting->size(), 1u);
  CAF_CHECK(waiting->front().what == commit_story::fate::unknown);
}

CAF_TEST(while the feed is restarted nobody waits) {
  setup_feed->clear();

  auto* waiting = wait(0, 3);

  CAF_REQUIRE_EQUAL(waiting->size(), 1u);
  CAF_CHECK(waiting->front().what == commit_story::fate::unknown);
}

CAF_TEST_FIXTURE_SCOPE_END()

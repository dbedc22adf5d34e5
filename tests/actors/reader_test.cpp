#define CAF_SUITE reader

#include "actors/reader.hpp"

#include "tests/fakes/fake_review_reader.hpp"
#include "tests/fixtures/review_samples.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

using namespace reviews;
using namespace std::chrono_literals;

namespace {

struct fixture : actor_fixture {
  fixture() : uut(watch(sys.spawn(reader, make_fake_reader_factory(stored), &metrics))) {
    for (int i = 0; i < 10; ++i)
      stored->add(make_sample_review(i), i % 3, i);
    stored->offsets = {{0, 4}, {1, 3}, {2, 3}};
  }

  std::optional<outcome<review_read>> ask_for(int number) {
    return ask_now<review_read>(uut, read_review{make_sample_review(number).id});
  }

  void check_failed(const std::optional<outcome<review_read>>& answer, ec code) {
    CAF_REQUIRE(answer && !*answer);
    CAF_CHECK(answer->error().code == code);
  }

  std::shared_ptr<fake_stored> stored = std::make_shared<fake_stored>();
  reader_metrics metrics{registry};
  reader_actor uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(reader_tests, fixture)

CAF_TEST(a stored review is answered with its place in the log) {
  auto answer = ask_for(4);

  CAF_REQUIRE(answer && *answer);
  CAF_REQUIRE((*answer)->found);
  CAF_CHECK_EQUAL((*answer)->found->what.author, "Ada 4");
  CAF_CHECK_EQUAL((*answer)->found->partition, 1);
  CAF_CHECK_EQUAL((*answer)->found->offset, 4);
}

CAF_TEST(a review that is not stored is answered with nothing) {
  auto answer = ask_for(77);

  CAF_REQUIRE(answer && *answer);
  CAF_CHECK(!(*answer)->found);
}

CAF_TEST(a page of a vendor and the place where the next one begins) {
  auto first = ask_now<vendor_reviews_read>(uut, read_vendor_reviews{"vendor-1", std::nullopt, 1});
  CAF_REQUIRE(first && *first);
  auto second = ask_now<vendor_reviews_read>(uut, read_vendor_reviews{"vendor-1", (*first)->page.next, 1});
  CAF_REQUIRE(second && *second);

  CAF_REQUIRE_EQUAL((*first)->page.reviews.size(), 1u);
  CAF_CHECK_EQUAL((*first)->page.reviews[0].what.author, "Ada 8");
  CAF_REQUIRE_EQUAL((*second)->page.reviews.size(), 1u);
  CAF_CHECK_EQUAL((*second)->page.reviews[0].what.author, "Ada 1");
  CAF_CHECK(!(*second)->page.next);
}

CAF_TEST(a rating several reviews and the stored offsets are answered) {
  auto rating = ask_now<rating_read>(uut, read_rating{"vendor-1"});
  auto several = ask_now<reviews_read>(
      uut, read_reviews{{make_sample_review(3).id, make_sample_review(77).id, make_sample_review(2).id}});
  auto offsets = ask_now<stored_offsets_read>(uut, read_stored_offsets{});

  CAF_REQUIRE(rating && *rating);
  CAF_CHECK(((*rating)->counts == rating_counts{2, 2 + 4, {0, 1, 0, 1, 0}}));
  CAF_REQUIRE(several && *several);
  CAF_REQUIRE_EQUAL((*several)->reviews.size(), 2u);
  CAF_CHECK_EQUAL((*several)->reviews[0].what.author, "Ada 3");
  CAF_CHECK_EQUAL((*several)->reviews[1].what.author, "Ada 2");
  CAF_REQUIRE(offsets && *offsets);
  CAF_CHECK_EQUAL((*offsets)->offsets.size(), 3u);
}

CAF_TEST(while the database is away reads fail at once without a try) {
  stored->failures = {{ec::unavailable, "08006", {}}};

  check_failed(ask_for(1), ec::unavailable);
  check_failed(ask_for(1), ec::unavailable);
  auto last = ask_now<rating_read>(uut, read_rating{"vendor-1"});

  CAF_REQUIRE(last && !*last);
  CAF_CHECK_EQUAL(last->error().detail, "08006");
  CAF_CHECK(last->error().retry_after == 1s);
  CAF_CHECK_EQUAL(stored->calls, 1u);
}

CAF_TEST(after the pause one read tries again and the rest follows) {
  stored->failures = {{ec::unavailable, "08006", {}}};
  check_failed(ask_for(1), ec::unavailable);

  pass(100ms);

  CAF_CHECK(ask_for(1)->has_value());
  CAF_CHECK(ask_for(2)->has_value());
  CAF_CHECK_EQUAL(stored->calls, 3u);
}

CAF_TEST(the pause grows to a second and is short again after a success) {
  stored->failures.assign(10, {ec::unavailable, "08006", {}});
  for (int i = 0; i < 9; ++i) {
    check_failed(ask_for(1), ec::unavailable);
    pass(1000ms);
  }
  check_failed(ask_for(1), ec::unavailable);
  CAF_CHECK_EQUAL(stored->calls, 10u);
  pass(499ms); // less than half of the longest pause
  check_failed(ask_for(1), ec::unavailable);
  CAF_CHECK_EQUAL(stored->calls, 10u);
  pass(501ms);
  CAF_CHECK(ask_for(1)->has_value());

  stored->failures = {{ec::unavailable, "08006", {}}};
  check_failed(ask_for(1), ec::unavailable);
  pass(100ms);

  CAF_CHECK(ask_for(1)->has_value());
}

CAF_TEST(a database that refuses is asked no more often than one that is away) {
  stored->failures = {{ec::refused, "28P01", {}}};

  check_failed(ask_for(1), ec::refused);
  check_failed(ask_for(1), ec::refused);

  CAF_CHECK_EQUAL(stored->calls, 1u);
}

CAF_TEST(a statement over its time lets the next read try at once) {
  stored->failures = {{ec::unavailable, "57014", {}, true}};

  check_failed(ask_for(1), ec::unavailable);

  CAF_CHECK(ask_for(1)->has_value());
  CAF_CHECK_EQUAL(stored->calls, 2u);
}

CAF_TEST(a statement over its time tells that the database is back) {
  stored->failures = {{ec::unavailable, "08006", {}}, {ec::unavailable, "57014", {}, true}};
  check_failed(ask_for(1), ec::unavailable);
  pass(100ms);

  check_failed(ask_for(1), ec::unavailable);

  CAF_CHECK(ask_for(1)->has_value());
}

CAF_TEST(a failure of ours neither pauses nor ends the actor) {
  stored->failures = {{ec::broken, "XX", {}}};

  check_failed(ask_for(1), ec::broken);

  CAF_CHECK(ask_for(1)->has_value());
}

CAF_TEST(an exception ends the actor and its asker is answered) {
  stored->throws_next = true;
  self->monitor(uut);

  auto pending = self->request(uut, caf::infinite, read_review{});
  settle();

  pending.receive([](review_read&) { CAF_FAIL("read"); },
                  [](caf::error& why) { CAF_CHECK(to_failure(why).code == ec::broken); });
  self->receive([](const caf::down_msg& down) { CAF_CHECK(to_failure(down.reason).code == ec::broken); });
}

CAF_TEST(a drain is answered after the reads asked for before and takes nothing new) {
  auto before = self->request(uut, caf::infinite, read_review{make_sample_review(1).id});
  auto drain_answer = self->request(uut, caf::infinite, drain{});
  auto late = self->request(uut, caf::infinite, read_review{make_sample_review(1).id});
  settle();

  CAF_CHECK(read<review_read>(before).has_value());
  CAF_CHECK(read<drained>(drain_answer).has_value());
  check_failed(read<review_read>(late), ec::shutting_down);
}

CAF_TEST(failures are counted by their reason) {
  stored->failures = {{ec::unavailable, "08006", {}}};
  ask_for(1);
  ask_for(1);

  CAF_CHECK_NOT_EQUAL(metrics_text(registry).find("reviews_read_failures_total{reason=\"unavailable\"} 2"),
                      std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()

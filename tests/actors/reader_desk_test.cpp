#define CAF_SUITE reader_desk

#include "actors/reader_desk.hpp"

#include "actors/reader.hpp"
#include "tests/fakes/fake_review_reader.hpp"
#include "tests/fixtures/review_samples.hpp"

#include "tests/fixtures/actor_fixture.hpp" // last: its macros are lower case

using namespace reviews;
using namespace std::chrono_literals;

namespace {

/// What a reader of the test's own was asked and has not answered yet.
struct held_reads {
  std::vector<caf::typed_response_promise<rating_read>> waiting;
  std::size_t asked = 0;

  void answer_first(std::int64_t count = 1) {
    waiting.front().deliver(rating_read{{count, count, {count, 0, 0, 0, 0}}});
    waiting.erase(waiting.begin());
  }

  void fail_first(ec code) { fail_first(failure{code, "no", {}}); }

  void fail_first(const failure& why) {
    waiting.front().deliver(to_error(why));
    waiting.erase(waiting.begin());
  }
};

reader_actor::behavior_type holding(reader_actor::pointer self, held_reads* reads) {
  return {
      [](const read_review&) { return review_read{}; },
      [](const read_vendor_reviews&) { return vendor_reviews_read{}; },
      [=](const read_rating& what) -> caf::result<rating_read> {
        if (what.vendor_id == "die") {
          self->quit(caf::sec::runtime_error);
          return to_error({ec::refused, "died", {}});
        }
        ++reads->asked;
        reads->waiting.push_back(self->make_response_promise<rating_read>());
        return reads->waiting.back();
      },
      [](const read_reviews&) { return reviews_read{}; },
      [](read_stored_offsets) { return stored_offsets_read{}; },
      [](drain) { return drained{}; },
      [](describe) { return description{}; },
  };
}

struct fixture : actor_fixture {
  fixture() : desk(make_front_desk(sys)), uut(make_reader_desk(desk, pool, {4}, metrics)) {
    for (std::size_t i = 0; i < 2; ++i) {
      held_by[i] = sys.spawn(holding, &reads[i]);
      pool->address(i)->set(watch(held_by[i]));
    }
  }

  ~fixture() override {
    for (auto& each : reads)
      each.waiting.clear();
  }

  /// Asks for a rating; its answer will be in `answers`, in the order they come.
  void ask_rating() {
    ask_unsettled("vendor");
    settle();
  }

  void ask_unsettled(const std::string& vendor_id) {
    uut->rating_of(vendor_id, [this](outcome<rating_counts> got) { answers.push_back(std::move(got)); });
  }

  void check_last(ec code) {
    CAF_REQUIRE(!answers.empty() && !answers.back());
    CAF_CHECK(answers.back().error().code == code);
  }

  /// The database of both readers is out of reach, as their last answers told.
  void lose_both() {
    ask_rating();
    ask_rating();
    for (auto& each : reads)
      each.fail_first(ec::unavailable);
    settle();
    answers.clear();
  }

  front_desk_ptr desk;
  pool_ptr<reader_actor> pool = make_pool<reader_actor>(2);
  reader_metrics metrics{registry};
  std::array<held_reads, 2> reads;
  std::array<reader_actor, 2> held_by;
  std::vector<outcome<rating_counts>> answers;
  std::unique_ptr<reader_desk> uut;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(reader_desk_tests, fixture)

CAF_TEST(each kind of question is answered by a reader) {
  auto stored = std::make_shared<fake_stored>();
  for (int i = 0; i < 10; ++i)
    stored->add(make_sample_review(i));
  pool->resize(1);
  pool->address(0)->set(watch(sys.spawn(reader, make_fake_reader_factory(stored), &metrics)));
  std::optional<outcome<std::optional<stored_review>>> review;
  std::optional<outcome<review_page>> page;
  std::optional<outcome<rating_counts>> rating;

  uut->review(make_sample_review(3).id, [&](auto got) { review = std::move(got); });
  uut->reviews_of("vendor-1", review_place{make_sample_review(8).created_at, make_sample_review(8).id}, 5,
                  [&](auto got) { page = std::move(got); });
  uut->rating_of("vendor-1", [&](auto got) { rating = std::move(got); });
  settle();

  CAF_REQUIRE(review && *review && **review);
  CAF_CHECK_EQUAL((**review)->what.author, "Ada 3");
  CAF_REQUIRE(page && *page);
  CAF_REQUIRE_EQUAL((*page)->reviews.size(), 1u);
  CAF_CHECK_EQUAL((*page)->reviews[0].what.author, "Ada 1");
  CAF_REQUIRE(rating && *rating);
  CAF_CHECK_EQUAL((*rating)->count, 2);
}

CAF_TEST(the least busy reader is asked) {
  for (int i = 0; i < 4; ++i)
    ask_rating();
  CAF_CHECK_EQUAL(reads[0].waiting.size(), 2u);
  CAF_CHECK_EQUAL(reads[1].waiting.size(), 2u);

  reads[1].answer_first();
  settle();
  ask_rating();

  CAF_CHECK_EQUAL(reads[0].waiting.size(), 2u);
  CAF_CHECK_EQUAL(reads[1].waiting.size(), 2u);
}

CAF_TEST(beyond the bound a read is overloaded at once until another is answered) {
  for (int i = 0; i < 4; ++i)
    ask_rating();
  CAF_CHECK(answers.empty());
  CAF_CHECK_EQUAL(metrics.in_flight.Value(), 4);

  ask_rating();

  check_last(ec::overloaded);
  CAF_CHECK(answers.back().error().retry_after == 1s);
  CAF_CHECK_EQUAL(reads[0].waiting.size() + reads[1].waiting.size(), 4u);
  reads[0].answer_first();
  settle();
  CAF_CHECK_EQUAL(metrics.in_flight.Value(), 3);
  ask_rating();
  CAF_CHECK_EQUAL(reads[0].waiting.size() + reads[1].waiting.size(), 4u);
}

CAF_TEST(another bound holds for what comes after it) {
  uut->bound_by({1});
  ask_rating();
  ask_rating();
  check_last(ec::overloaded);

  uut->bound_by({2});
  ask_rating();

  CAF_CHECK_EQUAL(answers.size(), 1u);
  CAF_CHECK_EQUAL(metrics.in_flight.Value(), 2);
}

CAF_TEST(a reader that ends before its answer is replaced by another one) {
  pool->resize(1);
  ask_unsettled("die");
  ask_unsettled("vendor"); // waits behind it
  pool->resize(2);

  settle();

  CAF_REQUIRE_EQUAL(answers.size(), 1u); // of the one it died of
  CAF_CHECK_EQUAL(reads[0].asked, 0u);
  CAF_CHECK_EQUAL(reads[1].asked, 1u);
}

CAF_TEST(the end of the only reader is told as unavailable) {
  pool->resize(1);
  ask_unsettled("die");
  ask_unsettled("vendor");

  settle();

  CAF_REQUIRE_EQUAL(answers.size(), 2u);
  check_last(ec::unavailable);
  CAF_CHECK_EQUAL(metrics.in_flight.Value(), 0);
}

CAF_TEST(a reader that leaves the pool passes its read on once) {
  ask_rating();
  const auto left = reads[0].waiting.empty() ? 1u : 0u;

  reads[left].fail_first(ec::shutting_down);
  settle();
  CAF_CHECK(answers.empty());
  CAF_REQUIRE_EQUAL(reads[0].waiting.size() + reads[1].waiting.size(), 1u);
  reads[reads[0].waiting.empty() ? 1 : 0].fail_first(ec::shutting_down);
  settle();

  check_last(ec::shutting_down);
  CAF_CHECK_EQUAL(reads[0].asked + reads[1].asked, 2u);
  CAF_CHECK_EQUAL(metrics.in_flight.Value(), 0);
}

CAF_TEST(a reader without a database is passed over while another one has it) {
  ask_rating();
  const auto away = reads[0].waiting.empty() ? 1u : 0u;
  reads[away].fail_first(ec::unavailable);
  settle();
  check_last(ec::unavailable);

  for (int i = 0; i < 4; ++i)
    ask_rating();

  CAF_CHECK_EQUAL(reads[away].waiting.size(), 0u);
  CAF_CHECK_EQUAL(reads[1 - away].waiting.size(), 4u);
}

CAF_TEST(without a database each reader is asked one read and the others fail at once) {
  lose_both();

  for (int i = 0; i < 10; ++i)
    ask_rating();

  CAF_CHECK_EQUAL(reads[0].waiting.size(), 1u);
  CAF_CHECK_EQUAL(reads[1].waiting.size(), 1u);
  CAF_CHECK_EQUAL(answers.size(), 8u);
  check_last(ec::unavailable);
  CAF_CHECK(answers.back().error().retry_after == 1s);
}

CAF_TEST(a reader that has its database again is asked as before) {
  lose_both();
  ask_rating();
  ask_rating();

  reads[0].answer_first(7);
  settle();
  CAF_REQUIRE(answers.back());
  CAF_CHECK_EQUAL(answers.back()->count, 7);
  for (int i = 0; i < 3; ++i)
    ask_rating();

  CAF_CHECK_EQUAL(reads[0].waiting.size(), 3u); // the other one has not answered yet
}

CAF_TEST(after an outage reads that come one by one find every reader again) {
  lose_both();
  pass(1s);

  for (int i = 0; i < 6; ++i) {
    ask_rating();
    for (auto& each : reads)
      while (!each.waiting.empty())
        each.answer_first();
    settle();
    CAF_REQUIRE(answers.back());
  }

  CAF_CHECK_EQUAL(reads[0].asked, 4u); // one of them when it was lost
  CAF_CHECK_EQUAL(reads[1].asked, 4u);
}

CAF_TEST(a reader without a database takes its turn again after a second and one read at a time) {
  ask_rating();
  const auto away = reads[0].waiting.empty() ? 1u : 0u;
  reads[away].fail_first(ec::unavailable);
  settle();

  pass(999ms);
  ask_rating();
  ask_rating();
  CAF_CHECK_EQUAL(reads[away].waiting.size(), 0u);
  pass(1ms);
  ask_rating();
  ask_rating();

  CAF_CHECK_EQUAL(reads[away].waiting.size(), 1u);
  CAF_CHECK_EQUAL(reads[1 - away].waiting.size(), 3u);
}

CAF_TEST(a reader that comes after one without a database is asked as any other) {
  ask_rating();
  const auto away = reads[0].waiting.empty() ? 1u : 0u;
  reads[away].fail_first(ec::unavailable);
  settle();

  pool->address(away)->set(watch(sys.spawn(holding, &reads[away])));
  for (int i = 0; i < 4; ++i)
    ask_rating();

  CAF_CHECK_EQUAL(reads[away].waiting.size(), 2u);
}

CAF_TEST(a slow read leaves its reader among those with a database) {
  ask_rating();
  const auto slow = reads[0].waiting.empty() ? 1u : 0u;
  reads[slow].fail_first({ec::unavailable, "57014", {}, true});
  settle();
  check_last(ec::unavailable);

  for (int i = 0; i < 4; ++i)
    ask_rating();

  CAF_CHECK_EQUAL(reads[slow].waiting.size(), 2u);
}

CAF_TEST(without a running reader the answer is unavailable at once) {
  pool->address(0)->clear();
  pool->address(1)->clear();

  ask_rating();

  check_last(ec::unavailable);
  CAF_CHECK_EQUAL(metrics.in_flight.Value(), 0);
}

CAF_TEST(a smaller pool asks its first readers only) {
  pool->resize(1);

  for (int i = 0; i < 3; ++i)
    ask_rating();

  CAF_CHECK_EQUAL(reads[0].waiting.size(), 3u);
  CAF_CHECK_EQUAL(reads[1].waiting.size(), 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()

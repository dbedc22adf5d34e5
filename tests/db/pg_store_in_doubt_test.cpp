#define CAF_SUITE pg_store_in_doubt

#include "db/pg_review_store.hpp"

#include "tests/db/review_rows.hpp"
#include "tests/fixtures/postgres.hpp"

#include "caf/test/unit_test.hpp"

#include <future>

using namespace reviews;
using namespace reviews::test;
using namespace std::chrono_literals;

namespace {

/// Commits wait for a standby that does not exist: a session that is ended
/// meanwhile has committed, and its client cannot know.
struct fixture {
  postgres_server& server = postgres_server::own();
  test_database database{server};
  review_store_factory make_store = make_review_store_factory(database.params(), "group", "topic");
  review_store_ptr uut = make_store();

  fixture() {
    const auto stored = uut->store(batch_of(std::nullopt, {row_of(1, 0)}));
    CAF_REQUIRE(stored);
  }
  ~fixture() { wait_for_standby(false); }

  void wait_for_standby(bool is_wanted) {
    const auto admin = server.url("postgres");
    run_sql(admin, is_wanted ? "alter system set synchronous_standby_names = 'nobody'"
                             : "alter system reset synchronous_standby_names");
    run_sql(admin, "select pg_reload_conf()");
  }

  /// Ends the session whose commit waits, once there is one or `is_over`.
  bool end_waiting_commit(const std::function<bool()>& is_over) {
    bool is_ended = false;
    CAF_REQUIRE(eventually([&] {
      is_ended = !run_sql(server.url("postgres"), "select pg_terminate_backend(pid) from pg_stat_activity "
                                                  "where wait_event = 'SyncRep'")
                      .empty();
      return is_ended || is_over();
    }));
    return is_ended;
  }

  /// The setting is in force somewhat after it is set: when a commit waits.
  void require_waiting_commits() {
    CAF_REQUIRE(eventually([&] {
      auto probe = std::async(std::launch::async, [&] {
        try {
          database.sql("create table probe (); drop table probe");
        } catch (const std::runtime_error&) { // ended while it waited
        }
      });
      return end_waiting_commit([&] { return probe.wait_for(0s) == std::future_status::ready; });
    }));
  }

  /// Stores `batch` so that it is committed and its answer lost.
  void lose_answer(const review_batch& batch) {
    wait_for_standby(true);
    require_waiting_commits();
    auto stored = std::async(std::launch::async, [&] { return uut->store(batch); });
    CAF_CHECK(end_waiting_commit([&] { return stored.wait_for(0s) == std::future_status::ready; }));
    auto lost = stored.get();
    CAF_REQUIRE(!lost);
    CAF_CHECK(lost.error().code == ec::unavailable);
    wait_for_standby(false);
    CAF_CHECK_EQUAL(database.value("select next_offset from consumer_offsets"),
                    std::to_string(batch.next_offset));
  }

  void check_fenced(const review_batch& batch) {
    auto stored = uut->store(batch);
    CAF_REQUIRE(!stored);
    CAF_CHECK(stored.error().code == ec::fenced);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(pg_store_in_doubt_tests, fixture)

CAF_TEST(the retry of a batch that was committed unseen reports its counts) {
  const auto batch = batch_of(1, {row_of(1, 0), row_of(2, 0), row_of(2, 0), row_of(3, 0)});
  lose_answer(batch);

  auto stored = uut->store(batch);

  CAF_REQUIRE(stored);
  CAF_CHECK_EQUAL(stored->inserted, 2u);
  CAF_CHECK_EQUAL(stored->duplicates, 2u);
  CAF_CHECK_EQUAL(database.value("select count(*) from reviews"), "3");
  CAF_CHECK_EQUAL(database.value("select sum(rating_count) from vendor_ratings"), "3");
  CAF_CHECK(uut->store(batch_of(5, {row_of(4, 0)})));
}

CAF_TEST(the retry by another store of the same process reports its counts) {
  const auto batch = batch_of(1, {row_of(2, 0), row_of(3, 0)});
  lose_answer(batch);
  auto other = make_store();

  auto stored = other->store(batch);

  CAF_REQUIRE(stored);
  CAF_CHECK_EQUAL(stored->inserted, 2u);
  CAF_CHECK_EQUAL(database.value("select count(*) from reviews"), "3");
  check_fenced(batch); // settled, and so over for every store
}

CAF_TEST(a batch of the past leaves the doubt of the next as it is) {
  const auto past = batch_of(std::nullopt, {row_of(1, 0)});
  const auto batch = batch_of(1, {row_of(2, 0)});
  lose_answer(batch);
  check_fenced(past);

  CAF_CHECK(uut->store(batch));
}

CAF_TEST(an empty batch that was committed unseen is settled as well) {
  auto batch = batch_of(1, {});
  batch.next_offset = 9;
  lose_answer(batch);

  auto stored = uut->store(batch);

  CAF_REQUIRE(stored);
  CAF_CHECK_EQUAL(stored->inserted + stored->duplicates, 0u);
}

CAF_TEST(another batch after a lost answer is fenced) {
  lose_answer(batch_of(1, {row_of(2, 0), row_of(3, 0)}));

  check_fenced(batch_of(1, {row_of(2, 0)}));
}

CAF_TEST(a batch that somebody else continued is fenced) {
  const auto batch = batch_of(1, {row_of(2, 0), row_of(3, 0)});
  lose_answer(batch);
  auto other = make_review_store_factory(database.params(), "group", "topic")();
  CAF_REQUIRE(other->store(batch_of(3, {row_of(4, 0)})));

  check_fenced(batch);
}

CAF_TEST(a process that lost no answer of its own is fenced) {
  const auto batch = batch_of(1, {row_of(2, 0)});
  lose_answer(batch);
  uut = make_review_store_factory(database.params(), "group", "topic")();

  check_fenced(batch);
}

CAF_TEST(a settled batch is not reported twice) {
  const auto batch = batch_of(1, {row_of(2, 0)});
  lose_answer(batch);
  CAF_REQUIRE(uut->store(batch));

  check_fenced(batch);
}

CAF_TEST_FIXTURE_SCOPE_END()
